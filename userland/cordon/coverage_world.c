// SPDX-License-Identifier: GPL-2.0-or-later
/* Gathering. What cannot be known leaves `complete` false; nothing is guessed in its place. */
#include "userland/cordon/coverage_world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The policy ------------------------------------------------------------------------------------------------------ */

static void take_port(struct coverage_port *port, const json_t *o)
{
	const char *mode = cli_text(o, "mode");
	const json_t *vlan;
	size_t i;

	port->name = cli_text(o, "name");
	port->mode = !strcmp(mode, "devices") ? CORDON_PORT_DEVICES :
		     !strcmp(mode, "zone") ? CORDON_PORT_ZONE : CORDON_PORT_UPLINK;
	port->chip = -1;
	json_array_foreach(json_object_get(o, "vlans"), i, vlan)
		coverage_add_vlan(&port->vlans, (uint16_t)json_integer_value(vlan));
}

static void take_device(struct coverage_end *end, const json_t *o)
{
	const json_t *ports = json_object_get(o, "ports"), *port;
	size_t i;

	end->name = cli_text(o, "name");
	end->vlan = (uint16_t)cli_number(o, "vlan");
	end->anywhere = !json_array_size(ports);
	json_array_foreach(ports, i, port)
		end->ports |= UINT64_C(1) << (json_integer_value(port) & 63);
}

static void take_segments(struct coverage_world *world)
{
	for (size_t p = 0; p < world->n_ports; p++) {
		if (world->ports[p].mode != CORDON_PORT_DEVICES)
			world->ends[world->n_ends++] = (struct coverage_end){
				.name = world->ports[p].name, .segment = true, .ports = UINT64_C(1) << p,
			};
	}
}

static int take_placement(struct known_world *known, struct failure *f)
{
	const json_t *ports = json_object_get(known->placement, "ports"), *o;
	const json_t *devices = json_object_get(known->placement, "devices");
	struct coverage_world *world = &known->world;
	size_t i;

	if (json_array_size(ports) > CORDON_MAX_PORTS)
		return fail(f, CORDON_EXIT_FAILED, EBADMSG, "the daemon names more than %d ports", CORDON_MAX_PORTS);
	world->ports = calloc(json_array_size(ports) + 1, sizeof(*world->ports));
	world->ends = calloc(json_array_size(devices) + json_array_size(ports) + 1, sizeof(*world->ends));
	if (!world->ports || !world->ends)
		return fail_sys(f, ENOMEM, "cannot list the devices");
	json_array_foreach(ports, i, o)
		take_port(&world->ports[world->n_ports++], o);
	json_array_foreach(devices, i, o)
		take_device(&world->ends[world->n_ends++], o);
	take_segments(world);
	return 0;
}

/* The kernel ------------------------------------------------------------------------------------------------------ */

static const json_t *status_of(const struct known_world *known, const char *policy_name)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(known->status, "ports"), i, o) {
		if (!strcmp(cli_text(o, "policy_name"), policy_name))
			return o;
	}
	return NULL;
}

static bool found(const json_t *port, const char *finding)
{
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(port, "findings"), i, name) {
		if (!strcmp(json_string_value(name), finding))
			return true;
	}
	return false;
}

static void take_findings(struct known_world *known)
{
	for (size_t p = 0; p < known->world.n_ports; p++) {
		struct coverage_port *port = &known->world.ports[p];
		const json_t *o = status_of(known, port->name);

		known->complete &= o != NULL;
		port->offload = found(o, "hw-tc");
		port->taken = found(o, "xdp") || found(o, "tc") || found(o, "diverted") || found(o, "foreign-hook");
		/* A chip that does not say which: the same one as all others of that kind. */
		if (found(o, "hw-forward") && !*known->chip[p])
			memcpy(known->chip[p], "?", 2);
	}
}

/* Chips get the number of their first port. */
static void number_chips(struct known_world *known)
{
	for (size_t p = 0; p < known->world.n_ports; p++) {
		for (size_t first = 0; first <= p && known->world.ports[p].chip < 0; first++) {
			if (*known->chip[p] && !strcmp(known->chip[first], known->chip[p]))
				known->world.ports[p].chip = (int)first;
		}
	}
}

/* As they are called now. */
static size_t interface_names(const struct known_world *known, const char **names)
{
	for (size_t p = 0; p < known->world.n_ports; p++) {
		const char *now = cli_text(status_of(known, known->world.ports[p].name), "name");

		names[p] = *now ? now : known->world.ports[p].name;
	}
	return known->world.n_ports;
}

static int take_links(struct known_world *known, const char *const *names, struct failure *f)
{
	struct coverage_world *world = &known->world;
	int err = switching_chips(names, world->n_ports, known->chip, f);

	if (!err)
		err = links_mixed_bridges(names, world->n_ports, &known->outside, f);
	if (err)
		return err;
	world->members = calloc(known->outside.n + 1, sizeof(*world->members));
	if (!world->members)
		return fail_sys(f, ENOMEM, "cannot list the links");
	for (size_t i = 0; i < known->outside.n; i++)
		world->members[world->n_members++].name = known->outside.v[i];
	return switching_vlans(world->members, world->n_members, f);
}

/* Flowtables that offload; "offload" is not there when nftables could not be read. */
static void take_offload(struct known_world *known, const char *const *names)
{
	const json_t *list = json_object_get(json_object_get(known->status, "nft"), "offload"), *device;
	size_t i;

	known->complete &= list != NULL;
	json_array_foreach(list, i, device) {
		for (size_t p = 0; p < known->world.n_ports; p++)
			known->world.ports[p].offload |= !strcmp(names[p], json_string_value(device));
	}
}

int known_world_make(struct known_world *known, const struct cli *cli, struct failure *f)
{
	const char *names[CORDON_MAX_PORTS];
	struct cli asking = *cli;
	int err;

	memset(known, 0, sizeof(*known));
	known->placement = cli_view(cli, json_pack("{s:s}", "verb", "placement"), f);
	if (!known->placement)
		return f->sys ? -f->sys : -EIO;
	/* The ports are what they are, whichever policy is asked about. */
	asking.policy_given = false;
	known->status = cli_view(&asking, json_pack("{s:s}", "verb", "status"), &(struct failure){ 0 });
	known->complete = known->status != NULL;
	err = take_placement(known, f);
	if (!err) {
		interface_names(known, names);
		err = take_links(known, names, f);
	}
	if (err)
		return err;
	take_findings(known);
	number_chips(known);
	take_offload(known, names);
	return 0;
}

void known_world_free(struct known_world *known)
{
	free(known->world.ports);
	free(known->world.ends);
	free(known->world.members);
	link_names_free(&known->outside);
	json_decref(known->placement);
	json_decref(known->status);
	memset(known, 0, sizeof(*known));
}
