// SPDX-License-Identifier: GPL-2.0-only
/* Decoding devices and their addresses into the two hash tables. */
#include "decode.h"

#define YIELD_EVERY 4096

static int fail(const struct cordon_blob *b, u32 i, struct cordon_decode_error *err,
		const char *what)
{
	return cordon_blob_fail(b, CORDON_SECT_DEVICES, i, err, what);
}

static void insert_device(struct cordon_ruleset *rs, u32 index)
{
	u64 key = cordon_device_key(rs->device[index].vlan, rs->device[index].mac);
	u32 at = cordon_device_hash(rs, key);

	for (;;) {
		struct cordon_bucket *b = &rs->device_bucket[at];
		int i;

		for (i = 0; i < CORDON_BUCKET_SLOTS; i++) {
			if (b->key[i])
				continue;
			b->key[i] = key;
			b->index[i] = index;
			return;
		}
		b->overflow = 1;
		at = (at + 1) & rs->device_mask;
	}
}

/* Return: false when another device has the address. */
static bool insert_address(struct cordon_ruleset *rs, const struct cordon_addr *addr, u32 device)
{
	u32 at = cordon_address_hash(rs, addr);

	for (; rs->address_slot[at].device; at = (at + 1) & rs->address_mask)
		if (cordon_addr_eq(&rs->address_slot[at].addr, addr))
			return false;
	rs->address_slot[at].addr = *addr;
	rs->address_slot[at].device = device + 1;
	return true;
}

static bool ports_ok(const struct cordon_ruleset *rs, const struct cordon_device *d)
{
	u32 i;

	if (rs->n_ports < CORDON_MAX_PORTS && d->ports >> rs->n_ports)
		return false;
	for (i = 0; i < rs->n_ports; i++)
		if (d->ports >> i & 1 && (rs->port[i].mode != CORDON_PORT_DEVICES ||
					  !cordon_port_carries(&rs->port[i], d->vlan)))
			return false;
	return true;
}

static int decode_addresses(struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i,
			    struct cordon_decode_error *err)
{
	const struct cordon_device *d = &rs->device[i];
	u32 j;

	for (j = d->addr_first; j < d->addr_first + d->addr_count; j++) {
		struct cordon_addr *a = &rs->address[j];
		u8 raw[16];

		cordon_blob_read(b, CORDON_SECT_ADDRESSES, j, raw);
		*a = cordon_addr6(raw);
		if (cordon_addr_unspecified(a) || cordon_addr_group(a) || cordon_addr_link_local(a))
			return cordon_blob_fail(b, CORDON_SECT_ADDRESSES, j, err,
						"a bound address must be unicast and not link-local");
		if (j > d->addr_first && cordon_addr_cmp(a, a - 1) <= 0)
			return cordon_blob_fail(b, CORDON_SECT_ADDRESSES, j, err,
						"addresses of a device must ascend");
		if (!insert_address(rs, a, i))
			return cordon_blob_fail(b, CORDON_SECT_ADDRESSES, j, err,
						"two devices have one address");
	}
	return 0;
}

static int check_device(const struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i,
			struct cordon_decode_error *err)
{
	const struct cordon_device *d = &rs->device[i], *before = d - 1;

	if (!d->mac || d->mac >> 40 & 1)
		return fail(b, i, err, "device MAC must be unicast and not zero");
	if (!d->vlan || d->vlan >= CORDON_VIDS - 1)
		return fail(b, i, err, "device VLAN must be 1-4094");
	if (i && (before->vlan > d->vlan || (before->vlan == d->vlan && before->mac >= d->mac)))
		return fail(b, i, err, "devices must ascend by VLAN and MAC");
	if (d->zone < CORDON_ZONE_QUARANTINE || !cordon_zone_in(rs->present, d->zone))
		return fail(b, i, err, "device zone must be declared or quarantine");
	if (d->roles & ~(CORDON_ROLE_DHCP_SERVER | CORDON_ROLE_ROUTER | CORDON_ROLE_QUERIER) ||
	    (d->roles && !d->ports))
		return fail(b, i, err, "device roles must be known ones, of a device with ports");
	if (!ports_ok(rs, d))
		return fail(b, i, err, "device ports must be devices ports that carry its VLAN");
	return 0;
}

static void add_presence(struct cordon_ruleset *rs, const struct cordon_device *d)
{
	u32 i;

	for (i = 0; i < rs->n_ports; i++) {
		struct cordon_presence *p;

		if (d->ports && !(d->ports >> i & 1))
			continue;
		p = (struct cordon_presence *)cordon_presence_find(rs, (u8)i, d->vlan);
		if (p)
			p->zones[d->zone >> 6] |= 1ULL << (d->zone & 63);
	}
}

static int decode_device(struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i,
			 u32 *addresses,
			 struct cordon_decode_error *err)
{
	struct cordon_device *d = &rs->device[i];
	struct cordon_blob_device raw;
	int ret;

	cordon_blob_read(b, CORDON_SECT_DEVICES, i, &raw);
	d->mac = cordon_be48(raw.mac);
	d->vlan = le16_to_cpu(raw.vlan);
	d->ports = le64_to_cpu(raw.ports);
	d->zone = raw.zone;
	d->roles = raw.roles;
	d->addr_first = *addresses;
	d->addr_count = le16_to_cpu(raw.count);
	ret = check_device(rs, b, i, err);
	if (ret)
		return ret;
	if (raw.reserved)
		return fail(b, i, err, "reserved bytes of a device must be zero");
	if (b->count[CORDON_SECT_ADDRESSES] - *addresses < d->addr_count)
		return fail(b, i, err, "a device has more addresses than are left");
	d->limit = le16_to_cpu(raw.limit);
	if (!cordon_decode_limit_of(rs, d->limit, &d->meter))
		return fail(b, i, err, "a device's limit must be one of LIMITS");
	*addresses += d->addr_count;
	insert_device(rs, i);
	add_presence(rs, d);
	return decode_addresses(rs, b, i, err);
}

int cordon_decode_devices(struct cordon_ruleset *rs, const struct cordon_blob *b,
			  struct cordon_decode_error *err)
{
	u32 i, addresses = 0;
	int ret;

	rs->n_devices = b->count[CORDON_SECT_DEVICES];
	rs->n_addresses = b->count[CORDON_SECT_ADDRESSES];
	for (i = 0; i < rs->n_devices; i++) {
		ret = decode_device(rs, b, i, &addresses, err);
		if (ret)
			return ret;
		if (i % YIELD_EVERY == 0)
			cordon_yield();
	}
	if (addresses != rs->n_addresses)
		return cordon_blob_fail(b, CORDON_SECT_ADDRESSES, addresses, err,
					"an address belongs to no device");
	return 0;
}
