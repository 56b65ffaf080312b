// SPDX-License-Identifier: GPL-2.0-or-later
/* Ruleset bytes record by record, also wrong ones. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "core_test.h"

static void *add(struct blob *b, int s, const void *record, size_t size)
{
	u8 *p = realloc(b->part[s].p, b->part[s].n + size);

	if (!p)
		abort();
	b->part[s].p = p;
	p += b->part[s].n;
	memcpy(p, record, size);
	b->part[s].n += size;
	b->part[s].count++;
	return p;
}

static void *last(struct blob *b, int s, size_t size)
{
	return b->part[s].p + b->part[s].n - size;
}

static void text_address(const char *text, u8 out[16])
{
	u8 v4[4];

	memset(out, 0, 16);
	if (inet_pton(AF_INET, text, v4) == 1) {
		out[10] = out[11] = 0xff;
		memcpy(out + 12, v4, 4);
	} else if (inet_pton(AF_INET6, text, out) != 1) {
		abort();
	}
}

struct cordon_addr addr(const char *text)
{
	u8 raw[16];

	text_address(text, raw);
	return cordon_addr6(raw);
}

void blob_zone(struct blob *b, u8 id, const char *name)
{
	struct cordon_blob_zone r = { .id = id };

	memcpy(r.name, name, strlen(name));
	add(b, CORDON_SECT_ZONES, &r, sizeof(r));
}

void blob_zone_flags(struct blob *b, u8 id, u8 flags)
{
	struct cordon_blob_zone *zone = (struct cordon_blob_zone *)b->part[CORDON_SECT_ZONES].p;

	while (zone->id != id)
		zone++;
	zone->flags = flags;
}

void blob_port(struct blob *b, const char *name, u8 mode, u8 zone, u8 flags, u16 untagged, const u16 *vids)
{
	struct cordon_blob_port r = { .mode = mode, .zone = zone, .flags = flags, .untagged = htole16(untagged) };
	u16 n = 0;

	memcpy(r.name, name, strlen(name));
	r.vid_first = htole32((u32)b->part[CORDON_SECT_VIDS].count);
	for (; vids && vids[n]; n++) {
		__le16 vid = htole16(vids[n]);

		add(b, CORDON_SECT_VIDS, &vid, sizeof(vid));
	}
	r.vid_count = htole16(n);
	add(b, CORDON_SECT_PORTS, &r, sizeof(r));
}

void blob_pair(struct blob *b, u8 from, u8 to, u8 flags)
{
	struct cordon_blob_pair r = { .from = from, .to = to, .flags = flags };

	r.first = htole32((u32)b->part[CORDON_SECT_ENTRIES].count);
	add(b, CORDON_SECT_PAIRS, &r, sizeof(r));
}

void blob_entry(struct blob *b, u8 kind, u8 proto, u16 low, u16 high)
{
	struct cordon_blob_entry r = { .kind = kind, .proto = proto, .low = htole16(low), .high = htole16(high) };
	struct cordon_blob_pair *pair = last(b, CORDON_SECT_PAIRS, sizeof(*pair));

	add(b, CORDON_SECT_ENTRIES, &r, sizeof(r));
	pair->count = htole32(le32toh(pair->count) + 1);
}

void blob_device(struct blob *b, u64 mac, u16 vlan, u64 ports, u8 zone)
{
	struct cordon_blob_device r = { .vlan = htole16(vlan), .ports = htole64(ports), .zone = zone };

	for (int i = 0; i < 6; i++)
		r.mac[i] = (u8)(mac >> (40 - 8 * i));
	add(b, CORDON_SECT_DEVICES, &r, sizeof(r));
}

void blob_address(struct blob *b, const char *address)
{
	struct cordon_blob_device *device = last(b, CORDON_SECT_DEVICES, sizeof(*device));
	u8 raw[16];

	text_address(address, raw);
	add(b, CORDON_SECT_ADDRESSES, raw, sizeof(raw));
	device->count = htole16(le16toh(device->count) + 1);
}

static void prefix(struct blob *b, int section, const char *address, u8 len, u8 zone)
{
	struct cordon_blob_prefix r = { .len = len, .zone = zone };

	text_address(address, r.addr);
	add(b, section, &r, sizeof(r));
}

void blob_prefix(struct blob *b, const char *address, u8 len, u8 zone)
{
	prefix(b, CORDON_SECT_PREFIXES, address, len, zone);
}

void blob_group(struct blob *b, const char *address, u8 len, u8 zone)
{
	prefix(b, CORDON_SECT_GROUPS, address, len, zone);
}

void blob_limit(struct blob *b, const u64 *rate)
{
	struct cordon_blob_limit r;

	for (int q = 0; q < __CORDON_QUANTITY_MAX; q++)
		r.rate[q] = htole64(rate[q]);
	add(b, CORDON_SECT_LIMITS, &r, sizeof(r));
}

void blob_device_limit(struct blob *b, u16 limit)
{
	struct cordon_blob_device *device = last(b, CORDON_SECT_DEVICES, sizeof(*device));

	device->limit = htole16(limit);
}

void blob_device_roles(struct blob *b, u8 roles)
{
	struct cordon_blob_device *device = last(b, CORDON_SECT_DEVICES, sizeof(*device));

	device->roles = roles;
}

void blob_port_limit(struct blob *b, u16 limit)
{
	struct cordon_blob_port *port = last(b, CORDON_SECT_PORTS, sizeof(*port));

	port->limit = htole16(limit);
}

u8 *blob_finish(struct blob *b, size_t *len)
{
	struct cordon_blob_header h = { .version = htole32(CORDON_BLOB_VERSION),
					.unknown_rate = htole32(b->unknown_rate ? b->unknown_rate : 256) };
	size_t end = sizeof(h);
	u8 *bytes;

	memcpy(h.magic, CORDON_BLOB_MAGIC, sizeof(h.magic));
	for (int s = 0; s < __CORDON_SECT_MAX; s++) {
		end = (end + 7) & ~(size_t)7;
		h.section[s].offset = htole32((u32)end);
		h.section[s].count = htole32((u32)b->part[s].count);
		end += b->part[s].n;
	}
	h.length = htole32((u32)end);
	bytes = calloc(1, end);
	if (!bytes)
		abort();
	memcpy(bytes, &h, sizeof(h));
	for (int s = 0; s < __CORDON_SECT_MAX; s++) {
		if (b->part[s].n)
			memcpy(bytes + le32toh(h.section[s].offset), b->part[s].p, b->part[s].n);
		free(b->part[s].p);
	}
	memset(b, 0, sizeof(*b));
	*len = end;
	return bytes;
}

u8 *blob_record(u8 *bytes, int s, u32 i)
{
	static const size_t stride[__CORDON_SECT_MAX] = {
		sizeof(struct cordon_blob_zone), sizeof(struct cordon_blob_port), 2, sizeof(struct cordon_blob_pair),
		sizeof(struct cordon_blob_entry), sizeof(struct cordon_blob_device), 16, sizeof(struct cordon_blob_prefix),
		sizeof(struct cordon_blob_limit),
		sizeof(struct cordon_blob_prefix),
	};
	struct cordon_blob_header h;

	memcpy(&h, bytes, sizeof(h));
	return bytes + le32toh(h.section[s].offset) + i * stride[s];
}

struct cordon_ruleset *decode(const u8 *bytes, size_t len, struct cordon_decode_error *err)
{
	static const cordon_hash_key key = { { 1, 2 } };
	size_t need = cordon_ruleset_bytes(bytes, len, err);
	struct cordon_ruleset *rs = need ? calloc(1, need) : NULL;

	if (rs && cordon_ruleset_decode(rs, bytes, len, &key, err)) {
		free(rs);
		rs = NULL;
	}
	return rs;
}
