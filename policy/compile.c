// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Policy -> ruleset bytes (linux/cordon.h). Sections are written in their order into one buffer
 * that is sized beforehand; every integer is put byte by byte, so the bytes do not depend on the
 * host. The kernel refuses what is not sorted and packed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/limits.h"
#include "policy/policy.h"
#include "policy/prefixes.h"

/* Bytes of one record, by section. */
static const size_t record_bytes[__CORDON_SECT_MAX] = {
	[CORDON_SECT_ZONES] = sizeof(struct cordon_blob_zone),
	[CORDON_SECT_PORTS] = sizeof(struct cordon_blob_port),
	[CORDON_SECT_VIDS] = 2,
	[CORDON_SECT_PAIRS] = sizeof(struct cordon_blob_pair),
	[CORDON_SECT_ENTRIES] = sizeof(struct cordon_blob_entry),
	[CORDON_SECT_DEVICES] = sizeof(struct cordon_blob_device),
	[CORDON_SECT_ADDRESSES] = 16,
	[CORDON_SECT_PREFIXES] = sizeof(struct cordon_blob_prefix),
	[CORDON_SECT_LIMITS] = sizeof(struct cordon_blob_limit),
	[CORDON_SECT_GROUPS] = sizeof(struct cordon_blob_prefix),
};

struct compile {
	const struct policy *policy;
	struct policy_pairs pairs;
	struct prefixes prefixes, groups;
	struct limits limits;
	const struct policy_device **devices; /* by (vlan, mac) */
	uint8_t *id;			      /* wire id by zone index */
	size_t count[__CORDON_SECT_MAX];
	uint8_t *blob, *at;
	size_t len;
};

static void put8(struct compile *compile, unsigned int value)
{
	*compile->at++ = (uint8_t)value;
}

static void put16(struct compile *compile, unsigned int value)
{
	put8(compile, value & 0xff);
	put8(compile, value >> 8 & 0xff);
}

static void put32(struct compile *compile, uint32_t value)
{
	put16(compile, value & 0xffff);
	put16(compile, value >> 16);
}

static void put64(struct compile *compile, uint64_t value)
{
	put32(compile, (uint32_t)value);
	put32(compile, (uint32_t)(value >> 32));
}

static void put_bytes(struct compile *compile, const void *bytes, size_t len)
{
	memcpy(compile->at, bytes, len);
	compile->at += len;
}

/* A name in a field of @size bytes; the buffer is zeroed, so padding needs no write. */
static void put_name(struct compile *compile, const char *name, size_t size)
{
	memcpy(compile->at, name, strnlen(name, size));
	compile->at += size;
}

static int id_old(const struct policy_zone_ids *ids, const char *name)
{
	for (size_t i = 0; i < ids->n; i++)
		if (!strncmp(ids->v[i].name, name, CORDON_ZONE_NAME_LEN))
			return ids->v[i].id;
	return CORDON_ZONE_NONE;
}

static bool id_declared(unsigned int id)
{
	return id >= CORDON_ZONE_FIRST && id <= CORDON_ZONE_LAST;
}

/*
 * Names that live keep their id; a new name gets the lowest one that no old name had, so that none
 * means two zones in a swap.
 */
static int ids_assign(const struct policy *policy, const struct policy_zone_ids *old, uint8_t *id)
{
	bool taken[256] = { false };
	unsigned int next = CORDON_ZONE_FIRST;

	for (size_t i = 0; i < old->n; i++)
		taken[old->v[i].id] = true;
	for (size_t i = 0; i < policy->n_zones; i++) {
		if (i < POLICY_ZONE_FIRST)
			id[i] = (uint8_t)(CORDON_ZONE_GATEWAY + i);
		else
			id[i] = (uint8_t)id_old(old, policy->zones[i].name);
	}
	for (size_t i = POLICY_ZONE_FIRST; i < policy->n_zones; i++) {
		if (id_declared(id[i]))
			continue;
		while (next <= CORDON_ZONE_LAST && taken[next])
			next++;
		if (next > CORDON_ZONE_LAST)
			return -ENOSPC;
		id[i] = (uint8_t)next++;
	}
	return 0;
}

/* Zone indexes by id. */
static size_t zones_by_id(const struct compile *compile, int by_id[256])
{
	size_t n = 0, sorted = 0;
	int index[256];

	memset(index, 0xff, sizeof(index));
	for (size_t i = POLICY_ZONE_FIRST; i < compile->policy->n_zones; i++, n++)
		index[compile->id[i]] = (int)i;
	for (size_t id = 0; id < 256; id++)
		if (index[id] >= 0)
			by_id[sorted++] = index[id];
	return n;
}

static void write_zones(struct compile *compile)
{
	int by_id[256];
	size_t n = zones_by_id(compile, by_id);

	for (size_t i = 0; i < n; i++) {
		const struct policy_zone *zone = &compile->policy->zones[by_id[i]];

		put8(compile, compile->id[by_id[i]]);
		put_name(compile, zone->name, CORDON_ZONE_NAME_LEN - 1);
		put8(compile, zone->guards | (zone->groups_given ? CORDON_ZONE_F_GROUPS : 0));
		compile->at += 7;
	}
}

static void put_limit(struct compile *compile, const struct policy_limits *limits)
{
	put16(compile, limits_index(&compile->limits, limits));
	put16(compile, 0);
}

static void write_ports(struct compile *compile)
{
	static const uint8_t modes[] = { [POLICY_PORT_DEVICES] = CORDON_PORT_DEVICES,
					 [POLICY_PORT_ZONE] = CORDON_PORT_ZONE,
					 [POLICY_PORT_UPLINK] = CORDON_PORT_UPLINK };
	uint32_t vids = 0;

	for (size_t i = 0; i < compile->policy->n_ports; i++) {
		const struct policy_port *port = &compile->policy->ports[i];
		struct policy_limits limits = limits_of_port(compile->policy, port);
		bool devices = port->mode == POLICY_PORT_DEVICES;

		put_name(compile, port->name, CORDON_PORT_NAME_LEN);
		put8(compile, modes[port->mode]);
		put8(compile, devices ? 0 : compile->id[port->zone]);
		put8(compile, (port->masquerade4 ? CORDON_PORT_F_MASQ4 : 0U) |
				      (port->masquerade6 ? CORDON_PORT_F_MASQ6 : 0U));
		put8(compile, 0);
		put16(compile, port->untagged);
		put16(compile, (unsigned int)port->n_tagged);
		put32(compile, vids);
		put_limit(compile, &limits);
		vids += (uint32_t)port->n_tagged;
	}
}

static void write_vids(struct compile *compile)
{
	for (size_t i = 0; i < compile->policy->n_ports; i++)
		for (size_t j = 0; j < compile->policy->ports[i].n_tagged; j++)
			put16(compile, compile->policy->ports[i].tagged[j]);
}

static void write_pairs(struct compile *compile)
{
	uint32_t first = 0;

	for (size_t i = 0; i < compile->pairs.n; i++) {
		const struct policy_pair *pair = &compile->pairs.v[i];

		put8(compile, (unsigned int)pair->from);
		put8(compile, (unsigned int)pair->to);
		put8(compile, pair->log ? CORDON_PAIR_F_LOG : 0);
		put8(compile, 0);
		put32(compile, first);
		put32(compile, (uint32_t)pair->entries.n);
		first += (uint32_t)pair->entries.n;
	}
}

static void write_entries(struct compile *compile)
{
	for (size_t i = 0; i < compile->pairs.n; i++) {
		const struct policy_entries *entries = &compile->pairs.v[i].entries;

		for (size_t j = 0; j < entries->n; j++) {
			put8(compile, entries->v[j].kind);
			put8(compile, entries->v[j].proto);
			put16(compile, entries->v[j].low);
			put16(compile, entries->v[j].high);
			put16(compile, 0);
		}
	}
}

static uint64_t port_bits(const struct policy_device *device)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < device->n_ports; i++)
		bits |= (uint64_t)1 << device->ports[i];
	return bits;
}

static void write_devices(struct compile *compile)
{
	for (size_t i = 0; i < compile->policy->n_devices; i++) {
		const struct policy_device *device = compile->devices[i];
		struct policy_limits limits = limits_of_device(compile->policy, device);

		put_bytes(compile, device->mac, sizeof(device->mac));
		put16(compile, device->vlan);
		put64(compile, port_bits(device));
		put_limit(compile, &limits);
		put16(compile, (unsigned int)device->n_addresses);
		put8(compile, compile->id[device->zone]);
		put8(compile, device->roles);
	}
}

static int address_compare(const void *left, const void *right)
{
	return memcmp(left, right, 16);
}

static void write_addresses(struct compile *compile)
{
	for (size_t i = 0; i < compile->policy->n_devices; i++) {
		const struct policy_device *device = compile->devices[i];
		uint8_t *start = compile->at;

		for (size_t j = 0; j < device->n_addresses; j++)
			put_bytes(compile, device->addresses[j].addr, 16);
		qsort(start, device->n_addresses, 16, address_compare);
	}
}

static void write_prefix_list(struct compile *compile, const struct prefixes *list)
{
	for (size_t i = 0; i < list->n; i++) {
		put_bytes(compile, list->v[i].prefix->addr, 16);
		put8(compile, list->v[i].prefix->len);
		put8(compile, compile->id[list->v[i].zone]);
		compile->at += 6;
	}
}

static void write_prefixes(struct compile *compile)
{
	write_prefix_list(compile, &compile->prefixes);
}

static void write_limits(struct compile *compile)
{
	for (size_t i = 0; i < compile->limits.n; i++)
		for (size_t q = 0; q < __CORDON_QUANTITY_MAX; q++)
			put64(compile, compile->limits.v[i].rate[q]);
}

static void write_groups(struct compile *compile)
{
	write_prefix_list(compile, &compile->groups);
}

static void (*const writers[__CORDON_SECT_MAX])(struct compile *compile) = {
	[CORDON_SECT_ZONES] = write_zones,	   [CORDON_SECT_PORTS] = write_ports,
	[CORDON_SECT_VIDS] = write_vids,	   [CORDON_SECT_PAIRS] = write_pairs,
	[CORDON_SECT_ENTRIES] = write_entries,	   [CORDON_SECT_DEVICES] = write_devices,
	[CORDON_SECT_ADDRESSES] = write_addresses, [CORDON_SECT_PREFIXES] = write_prefixes,
	[CORDON_SECT_LIMITS] = write_limits,
	[CORDON_SECT_GROUPS] = write_groups,
};

static int device_compare(const void *left, const void *right)
{
	const struct policy_device *a = *(const struct policy_device *const *)left;
	const struct policy_device *b = *(const struct policy_device *const *)right;

	if (a->vlan != b->vlan)
		return a->vlan < b->vlan ? -1 : 1;
	return memcmp(a->mac, b->mac, sizeof(a->mac));
}

static int pair_compare(const void *left, const void *right)
{
	const struct policy_pair *a = left, *b = right;

	return a->from != b->from ? a->from - b->from : a->to - b->to;
}

/* From here the pairs speak of wire ids and stand in their order. */
static void pairs_to_wire(struct compile *compile)
{
	for (size_t i = 0; i < compile->pairs.n; i++) {
		compile->pairs.v[i].from = compile->id[compile->pairs.v[i].from];
		compile->pairs.v[i].to = compile->id[compile->pairs.v[i].to];
	}
	if (compile->pairs.n)
		qsort(compile->pairs.v, compile->pairs.n, sizeof(*compile->pairs.v), pair_compare);
}

static int collect(struct compile *compile, const struct policy_zone_ids *ids)
{
	const struct policy *policy = compile->policy;
	int ret, by_id[256];

	compile->id = calloc(policy->n_zones, sizeof(*compile->id));
	compile->devices = calloc(policy->n_devices + 1, sizeof(const struct policy_device *));
	if (!compile->id || !compile->devices)
		return -ENOMEM;
	ret = ids_assign(policy, ids, compile->id);
	if (ret)
		return ret;
	ret = policy_pairs_make(policy, &compile->pairs);
	if (ret)
		return ret;
	pairs_to_wire(compile);
	ret = prefixes_make(policy, &compile->prefixes);
	if (ret)
		return ret;
	ret = limits_make(policy, &compile->limits);
	if (ret)
		return ret;
	prefixes_outermost(&compile->prefixes, NULL, NULL);
	ret = prefixes_groups(policy, by_id, zones_by_id(compile, by_id), &compile->groups);
	if (ret)
		return ret;
	for (size_t i = 0; i < policy->n_devices; i++)
		compile->devices[i] = &policy->devices[i];
	qsort(compile->devices, policy->n_devices, sizeof(*compile->devices), device_compare);
	return 0;
}

static void count_records(struct compile *compile)
{
	const struct policy *policy = compile->policy;
	size_t *count = compile->count;

	count[CORDON_SECT_ZONES] = policy->n_zones - POLICY_ZONE_FIRST;
	count[CORDON_SECT_PORTS] = policy->n_ports;
	for (size_t i = 0; i < policy->n_ports; i++)
		count[CORDON_SECT_VIDS] += policy->ports[i].n_tagged;
	count[CORDON_SECT_PAIRS] = compile->pairs.n;
	for (size_t i = 0; i < compile->pairs.n; i++)
		count[CORDON_SECT_ENTRIES] += compile->pairs.v[i].entries.n;
	count[CORDON_SECT_DEVICES] = policy->n_devices;
	for (size_t i = 0; i < policy->n_devices; i++)
		count[CORDON_SECT_ADDRESSES] += policy->devices[i].n_addresses;
	count[CORDON_SECT_PREFIXES] = compile->prefixes.n;
	count[CORDON_SECT_LIMITS] = compile->limits.n;
	count[CORDON_SECT_GROUPS] = compile->groups.n;
}

static size_t align8(size_t bytes)
{
	return (bytes + 7) & ~(size_t)7;
}

static void write_header(struct compile *compile)
{
	size_t offset = sizeof(struct cordon_blob_header);

	put_bytes(compile, CORDON_BLOB_MAGIC, 8);
	put32(compile, CORDON_BLOB_VERSION);
	put32(compile, (uint32_t)compile->len);
	put32(compile, compile->policy->unknown_packets);
	put32(compile, 0);
	for (size_t i = 0; i < __CORDON_SECT_MAX; i++) {
		put32(compile, (uint32_t)offset);
		put32(compile, (uint32_t)compile->count[i]);
		offset += align8(compile->count[i] * record_bytes[i]);
	}
}

static int encode(struct compile *compile)
{
	for (size_t i = 0; i < compile->pairs.n; i++)
		if (compile->pairs.v[i].entries.n > UINT16_MAX)
			return -EFBIG;
	count_records(compile);
	compile->len = sizeof(struct cordon_blob_header);
	for (size_t i = 0; i < __CORDON_SECT_MAX; i++)
		compile->len += align8(compile->count[i] * record_bytes[i]);
	if (compile->len > CORDON_MAX_BLOB_BYTES)
		return -EFBIG;
	compile->blob = calloc(1, compile->len);
	if (!compile->blob)
		return -ENOMEM;
	compile->at = compile->blob;
	write_header(compile);
	for (size_t i = 0; i < __CORDON_SECT_MAX; i++) {
		writers[i](compile);
		compile->at = compile->blob + align8((size_t)(compile->at - compile->blob));
	}
	return 0;
}

/* The ids used, by id. */
static void ids_return(const struct compile *compile, struct policy_zone_ids *ids)
{
	int by_id[256];
	size_t n = zones_by_id(compile, by_id);

	memset(ids, 0, sizeof(*ids));
	for (size_t i = 0; i < n; i++) {
		const char *name = compile->policy->zones[by_id[i]].name;

		memcpy(ids->v[i].name, name, strnlen(name, CORDON_ZONE_NAME_LEN - 1));
		ids->v[i].id = compile->id[by_id[i]];
	}
	ids->n = n;
}

int policy_compile(const struct policy *policy, struct policy_zone_ids *ids, uint8_t **blob,
		   size_t *len)
{
	struct compile compile = { .policy = policy };
	int ret = collect(&compile, ids);

	if (!ret)
		ret = encode(&compile);
	if (!ret) {
		ids_return(&compile, ids);
		*blob = compile.blob;
		*len = compile.len;
	}
	free(compile.id);
	free(compile.devices);
	policy_pairs_free(&compile.pairs);
	prefixes_free(&compile.prefixes);
	limits_free(&compile.limits);
	prefixes_free(&compile.groups);
	return ret;
}
