// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * admit, move and forget: the new text of policy.d/90-devices.yaml, the one policy file that cordon
 * writes. It is made anew from the model each time, so it holds devices only; what people wrote by
 * hand, in other files, is refused with its place.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/diag.h"
#include "policy/source.h"
#include "policy/value.h"

struct job {
	const struct policy *policy;
	const struct policy_edit *edit;
	char *file;			 /* policy.d/90-devices.yaml, as positions name it */
	const struct policy_device *old; /* move, forget: the device as it is */
	struct policy_device new;	 /* admit, move: the device as it will be */
	char name[64];
	int port;
	struct policy_address address[POLICY_EDIT_ADDRESSES];
	char *error;
	size_t error_len;
};

static int refuse(const struct job *job, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(const struct job *job, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(job->error, job->error_len, fmt, args);
	va_end(args);
	return -EINVAL;
}

static bool in_file(const struct job *job, const struct policy_pos *pos)
{
	return pos->file && !strcmp(pos->file, job->file);
}

static int foreign(const struct job *job, const struct policy_pos *pos, const char *what)
{
	return refuse(
		job,
		"%s:%u: %s stands in the file that cordon rewrites; move it to another file of policy.d",
		job->file, pos->line, what);
}

/* Anything but devices in the file would be lost. */
static int check_file(const struct job *job)
{
	const struct policy *policy = job->policy;

	for (size_t i = 0; i < policy->n_ports; i++)
		if (in_file(job, &policy->ports[i].pos))
			return foreign(job, &policy->ports[i].pos, "'gateway'");
	for (size_t i = POLICY_ZONE_FIRST; i < policy->n_zones; i++)
		if (in_file(job, &policy->zones[i].pos))
			return foreign(job, &policy->zones[i].pos, "a zone");
	for (size_t i = 0; i < policy->n_services; i++)
		if (in_file(job, &policy->services[i].pos))
			return foreign(job, &policy->services[i].pos, "a service");
	for (size_t i = 0; i < policy->n_flows; i++)
		if (in_file(job, &policy->flows[i].pos))
			return foreign(job, &policy->flows[i].pos, "a flow");
	return 0;
}

static bool device_is(const struct policy_device *device, const char *text, const uint8_t *mac,
		      const uint8_t *addr)
{
	if (!strcmp(device->name, text) || (mac && !memcmp(device->mac, mac, 6)))
		return true;
	for (size_t i = 0; addr && i < device->n_addresses; i++)
		if (!memcmp(device->addresses[i].addr, addr, 16))
			return true;
	return false;
}

/* The device that move and forget speak of. */
static int find_old(struct job *job)
{
	const char *text = job->edit->device;
	uint8_t mac[6], addr[16];
	bool is_mac = !value_mac(text, mac), is_addr = !value_address(text, addr);

	for (size_t i = 0; i < job->policy->n_devices; i++) {
		const struct policy_device *device = &job->policy->devices[i];

		if (!device_is(device, text, is_mac ? mac : NULL, is_addr ? addr : NULL))
			continue;
		if (job->old)
			return refuse(job, "%s is '%s' and '%s'; name the device",
				      policy_quote(text), job->old->name, device->name);
		job->old = device;
	}
	if (!job->old)
		return refuse(job, "there is no device %s", policy_quote(text));
	if (!in_file(job, &job->old->pos))
		return refuse(job, "device '%s' stands in %s:%u; change it there", job->old->name,
			      job->old->pos.file, job->old->pos.line);
	return 0;
}

static const char *zone_word(const void *arg, size_t i)
{
	const struct policy *policy = arg;

	return i == POLICY_ZONE_QUARANTINE || i >= POLICY_ZONE_FIRST ? policy->zones[i].name : NULL;
}

static int find_zone(struct job *job)
{
	const char *text = job->edit->zone ? job->edit->zone : "", *near;

	for (size_t i = POLICY_ZONE_QUARANTINE; i < job->policy->n_zones; i++)
		if (!strcmp(job->policy->zones[i].name, text)) {
			job->new.zone = (int)i;
			return 0;
		}
	near = policy_nearest(text, job->policy->n_zones, zone_word, job->policy);
	if (near)
		return refuse(job, "there is no zone %s for a device; did you mean '%s'?",
			      policy_quote(text), near);
	return refuse(job, "there is no zone %s for a device", policy_quote(text));
}

static int find_port(struct job *job)
{
	const char *text = job->edit->port;

	job->new.vlan = job->edit->vlan ? job->edit->vlan : 1;
	job->new.vlan_given = job->edit->vlan != 0;
	if (job->edit->vlan > VALUE_VLAN_MAX)
		return refuse(job, "%u is no VLAN; VLAN ids are 1-%d", job->edit->vlan,
			      VALUE_VLAN_MAX);
	if (!text)
		return 0;
	for (size_t i = 0; i < job->policy->n_ports; i++) {
		const struct policy_port *port = &job->policy->ports[i];

		if (strcmp(port->name, text) != 0)
			continue;
		if (port->mode != POLICY_PORT_DEVICES)
			return refuse(job, "port %s takes no devices", policy_quote(text));
		if (!job->edit->vlan && !port->untagged)
			return refuse(job, "port %s has no untagged VLAN; give the VLAN",
				      policy_quote(text));
		if (!job->edit->vlan)
			job->new.vlan = port->untagged;
		job->port = (int)i;
		job->new.ports = &job->port;
		job->new.n_ports = 1;
		return 0;
	}
	return refuse(job, "there is no port %s", policy_quote(text));
}

static int find_addresses(struct job *job)
{
	const char *fault;

	if (job->edit->n_addresses > POLICY_EDIT_ADDRESSES)
		return refuse(job, "at most %d addresses can be given", POLICY_EDIT_ADDRESSES);
	job->new.addresses = job->address;
	for (size_t i = 0; i < job->edit->n_addresses; i++) {
		fault = value_address(job->edit->addresses[i], job->address[i].addr);
		if (fault)
			return refuse(job, "%s is no address of a device; %s",
				      policy_quote(job->edit->addresses[i]), fault);
		job->new.n_addresses++;
	}
	return 0;
}

static int choose_name(struct job *job)
{
	const uint8_t *mac = job->new.mac;

	if (job->edit->name)
		snprintf(job->name, sizeof(job->name), "%s", job->edit->name);
	else
		snprintf(job->name, sizeof(job->name), "dev-%02x%02x%02x%02x%02x%02x", mac[0],
			 mac[1], mac[2], mac[3], mac[4], mac[5]);
	job->new.name = job->name;
	if (!value_device_name(job->name) ||
	    (job->edit->name && strlen(job->edit->name) >= sizeof(job->name)))
		return refuse(
			job,
			"%s is no name of a device; 1-63 of a-z, 0-9, '.', '_' and '-', a letter or digit first",
			policy_quote(job->edit->name));
	for (size_t i = 0; i < job->policy->n_zones; i++)
		if (!strcmp(job->policy->zones[i].name, job->name))
			return refuse(job, "%s is the name of a zone; choose another",
				      policy_quote(job->name));
	for (size_t i = 0; i < job->policy->n_devices; i++)
		if (!strcmp(job->policy->devices[i].name, job->name))
			return refuse(job, "there is a device %s already, in %s:%u",
				      policy_quote(job->name), job->policy->devices[i].pos.file,
				      job->policy->devices[i].pos.line);
	return 0;
}

static int admit_prepare(struct job *job)
{
	const char *fault = value_mac(job->edit->device, job->new.mac);
	int ret;

	if (fault)
		return refuse(job, "%s cannot be admitted; %s", policy_quote(job->edit->device),
			      fault);
	ret = find_zone(job);
	if (!ret)
		ret = find_port(job);
	if (!ret)
		ret = find_addresses(job);
	if (!ret)
		ret = choose_name(job);
	for (size_t i = 0; !ret && i < job->policy->n_devices; i++) {
		const struct policy_device *device = &job->policy->devices[i];

		if (device->vlan == job->new.vlan && !memcmp(device->mac, job->new.mac, 6))
			ret = refuse(job, "%s in VLAN %u is device '%s' already, in %s:%u",
				     value_mac_text(device->mac).text, device->vlan, device->name,
				     device->pos.file, device->pos.line);
	}
	return ret;
}

static int move_prepare(struct job *job)
{
	int ret = find_old(job);

	if (ret)
		return ret;
	job->new = *job->old;
	ret = find_zone(job);
	if (!ret && job->new.zone == job->old->zone)
		ret = refuse(job, "device '%s' is in zone '%s' already", job->old->name,
			     job->policy->zones[job->old->zone].name);
	return ret;
}

/* Port names may hold what YAML reads as syntax; quoted they are always words. */
static void write_port(const struct job *job, FILE *out, int port)
{
	fprintf(out, "\"%s\"", job->policy->ports[port].name);
}

static void write_limits(FILE *out, const struct policy_limits *limits)
{
	const char *before = "    limits: {";

	for (int q = 0; q < __CORDON_QUANTITY_MAX; q++) {
		if (!limits->rate[q])
			continue;
		fprintf(out, "%s%s: %s", before, value_quantity_name((enum cordon_quantity)q),
			value_rate_text((enum cordon_quantity)q, limits->rate[q]).text);
		before = ", ";
	}
	if (*before == ',')
		fprintf(out, "}\n");
}

static void write_roles(FILE *out, uint8_t roles)
{
	const char *separator = "    roles: [";

	if (!roles)
		return;
	for (size_t i = 0; value_role_names[i]; i++) {
		if (!(roles >> i & 1))
			continue;
		fprintf(out, "%s%s", separator, value_role_names[i]);
		separator = ", ";
	}
	fprintf(out, "]\n");
}

static void write_device(const struct job *job, FILE *out, const struct policy_device *device)
{
	fprintf(out, "  %s:\n    mac: %s\n    zone: %s\n", device->name,
		value_mac_text(device->mac).text, job->policy->zones[device->zone].name);
	if (device->n_ports) {
		fprintf(out, "    port: [");
		for (size_t i = 0; i < device->n_ports; i++) {
			fprintf(out, "%s", i ? ", " : "");
			write_port(job, out, device->ports[i]);
		}
		fprintf(out, "]\n");
	}
	if (device->vlan_given)
		fprintf(out, "    vlan: %u\n", device->vlan);
	write_limits(out, &device->limits);
	write_roles(out, device->roles);
	if (!device->n_addresses)
		return;
	fprintf(out, "    addresses: [");
	for (size_t i = 0; i < device->n_addresses; i++)
		fprintf(out, "%s\"%s\"", i ? ", " : "",
			value_address_text(device->addresses[i].addr).text);
	fprintf(out, "]\n");
}

static void write_file(const struct job *job, FILE *out)
{
	size_t n = 0;

	fprintf(out,
		"# Written by cordon (admit, move, forget); comments here are not kept.\ncordon: 1\ndevices:");
	for (size_t i = 0; i < job->policy->n_devices; i++) {
		const struct policy_device *device = &job->policy->devices[i];

		if (!in_file(job, &device->pos) ||
		    (device == job->old && job->edit->verb == POLICY_FORGET))
			continue;
		fprintf(out, "%s", n++ ? "" : "\n");
		write_device(job, out, device == job->old ? &job->new : device);
	}
	if (job->edit->verb == POLICY_ADMIT) {
		fprintf(out, "%s", n++ ? "" : "\n");
		write_device(job, out, &job->new);
	}
	fprintf(out, "%s", n ? "" : " {}\n");
}

static void write_change(const struct job *job, FILE *out, char sign,
			 const struct policy_device *device)
{
	fprintf(out, "%c %s: %s in zone %s", sign, device->name, value_mac_text(device->mac).text,
		job->policy->zones[device->zone].name);
	for (size_t i = 0; i < device->n_ports; i++)
		fprintf(out, "%s%s", i ? ", " : ", port ",
			job->policy->ports[device->ports[i]].name);
	fprintf(out, ", VLAN %u", device->vlan);
	for (size_t i = 0; i < device->n_addresses; i++)
		fprintf(out, ", %s", value_address_text(device->addresses[i].addr).text);
	fprintf(out, "\n");
}

static void write_diff(const struct job *job, FILE *out)
{
	if (job->old)
		write_change(job, out, '-', job->old);
	if (job->edit->verb != POLICY_FORGET)
		write_change(job, out, '+', &job->new);
}

static char *written(const struct job *job, void (*write)(const struct job *job, FILE *out))
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	write(job, out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static int prepare(struct job *job)
{
	int ret = check_file(job);

	if (ret)
		return ret;
	switch (job->edit->verb) {
	case POLICY_ADMIT:
		return admit_prepare(job);
	case POLICY_MOVE:
		return move_prepare(job);
	case POLICY_FORGET:
		return find_old(job);
	}
	return -EINVAL;
}

int policy_edit_make(const char *path, const struct policy *policy, const struct policy_edit *edit,
		     char **text, char **diff, char *error, size_t error_len)
{
	struct job job = { .policy = policy, .edit = edit, .error = error, .error_len = error_len };
	int ret;

	job.file = source_beside(path, "policy.d/90-devices.yaml");
	if (!job.file)
		return -ENOMEM;
	ret = prepare(&job);
	if (!ret) {
		*text = written(&job, write_file);
		*diff = written(&job, write_diff);
		if (!*text || !*diff) {
			free(*text);
			free(*diff);
			ret = -ENOMEM;
		}
	}
	free(job.file);
	return ret;
}
