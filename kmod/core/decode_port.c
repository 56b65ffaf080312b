// SPDX-License-Identifier: GPL-2.0-only
/* Decoding ports and the VLANs they carry. */
#include "decode.h"

static int fail(const struct cordon_blob *b, u32 i, struct cordon_decode_error *err,
		const char *what)
{
	return cordon_blob_fail(b, CORDON_SECT_PORTS, i, err, what);
}

static int check_zone_port(const struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i,
			   const struct cordon_blob_port *raw, struct cordon_decode_error *err)
{
	if (raw->untagged || raw->vid_count)
		return fail(b, i, err, "a zone port has no VLANs");
	if (raw->mode == CORDON_PORT_UPLINK) {
		if (raw->zone != CORDON_ZONE_WAN ||
		    raw->flags & ~(CORDON_PORT_F_MASQ4 | CORDON_PORT_F_MASQ6))
			return fail(b, i, err,
				    "an uplink has zone wan and no flags but masquerade");
		return 0;
	}
	if (raw->zone < CORDON_ZONE_FIRST || !cordon_zone_in(rs->present, raw->zone) || raw->flags)
		return fail(b, i, err, "a zone port has a declared zone and no flags");
	return 0;
}

static int decode_vids(struct cordon_port *port, const struct cordon_blob *b, u32 i, u32 first,
		       u32 count,
		       struct cordon_decode_error *err)
{
	u16 last = 0;
	u32 j;

	for (j = first; j < first + count; j++) {
		__le16 raw;
		u16 vid;

		cordon_blob_read(b, CORDON_SECT_VIDS, j, &raw);
		vid = le16_to_cpu(raw);
		if (vid <= last || vid >= CORDON_VIDS - 1 || vid == port->untagged)
			return fail(b, i, err,
				    "tagged VLANs must ascend from 1 to at most 4094, without the untagged one");
		port->tagged[vid >> 6] |= 1ULL << (vid & 63);
		last = vid;
	}
	return 0;
}

static int check_port(const struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i,
		      const struct cordon_blob_port *raw, struct cordon_decode_error *err)
{
	u32 j;

	if (!cordon_decode_name_ok(raw->name, sizeof(raw->name)))
		return fail(b, i, err, "port name must be 1-15 bytes, padded with NUL");
	for (j = 0; j < i; j++)
		if (!memcmp(rs->port[j].name, raw->name, sizeof(raw->name)))
			return fail(b, i, err, "two ports have one name");
	if (raw->reserved || raw->reserved2)
		return fail(b, i, err, "reserved bytes of a port must be zero");
	if (raw->mode == CORDON_PORT_ZONE || raw->mode == CORDON_PORT_UPLINK)
		return check_zone_port(rs, b, i, raw, err);
	if (raw->mode != CORDON_PORT_DEVICES || raw->zone || raw->flags)
		return fail(b, i, err,
			    "port mode must be 1-3, a devices port has no zone and no flags");
	if (le16_to_cpu(raw->untagged) >= CORDON_VIDS - 1)
		return fail(b, i, err, "untagged VLAN must be 0-4094");
	return 0;
}

static int decode_port(struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i, u32 *vids,
		       struct cordon_decode_error *err)
{
	struct cordon_port *port = &rs->port[i];
	struct cordon_blob_port raw;
	u32 count;
	int ret;

	cordon_blob_read(b, CORDON_SECT_PORTS, i, &raw);
	ret = check_port(rs, b, i, &raw, err);
	if (ret)
		return ret;
	memcpy(port->name, raw.name, sizeof(port->name));
	port->mode = raw.mode;
	port->zone = raw.zone;
	port->flags = raw.flags;
	port->untagged = le16_to_cpu(raw.untagged);
	port->limit = le16_to_cpu(raw.limit);
	if ((port->limit && raw.mode != CORDON_PORT_ZONE) ||
	    !cordon_decode_limit_of(rs, port->limit, &port->meter))
		return fail(b, i, err, "only a zone port has a limit, one of LIMITS");
	count = le16_to_cpu(raw.vid_count);
	if (le32_to_cpu(raw.vid_first) != *vids || b->count[CORDON_SECT_VIDS] - *vids < count)
		return fail(b, i, err, "VLAN ranges of ports must follow each other");
	ret = decode_vids(port, b, i, *vids, count, err);
	*vids += count;
	return ret;
}

static void add_presence(struct cordon_ruleset *rs, u8 port)
{
	u16 vid;

	for (vid = 1; vid < CORDON_VIDS - 1; vid++) {
		if (!cordon_port_carries(&rs->port[port], vid))
			continue;
		rs->presence[rs->n_presence].port = port;
		rs->presence[rs->n_presence].vlan = vid;
		rs->n_presence++;
	}
}

int cordon_decode_ports(struct cordon_ruleset *rs, const struct cordon_blob *b,
			struct cordon_decode_error *err)
{
	u32 i, vids = 0;
	int ret;

	for (i = 0; i < b->count[CORDON_SECT_PORTS]; i++) {
		ret = decode_port(rs, b, i, &vids, err);
		if (ret)
			return ret;
		rs->n_ports++;
		if (rs->port[i].mode == CORDON_PORT_DEVICES)
			add_presence(rs, (u8)i);
	}
	if (vids != b->count[CORDON_SECT_VIDS])
		return cordon_blob_fail(b, CORDON_SECT_VIDS, vids, err,
					"a VLAN belongs to no port");
	return 0;
}
