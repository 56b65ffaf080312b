// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib_blob.h"

#include <endian.h>
#include <linux/cordon.h>
#include <string.h>

static void section(struct blob *blob, int which, const void *records, unsigned int count, size_t size)
{
	struct cordon_blob_header *h = (struct cordon_blob_header *)blob->bytes;

	blob->len = (blob->len + 7) & ~(size_t)7;
	h->section[which].offset = htole32((uint32_t)blob->len);
	h->section[which].count = htole32(count);
	if (count)
		memcpy(blob->bytes + blob->len, records, count * size);
	blob->len += count * size;
}

void blob_make(struct blob *blob, const char *port, unsigned int devices)
{
	struct cordon_blob_header *h = (struct cordon_blob_header *)blob->bytes;
	struct cordon_blob_zone zone[2] = { { .id = 5, .name = "a" }, { .id = 6, .name = "b" } };
	struct cordon_blob_port ports = { .mode = CORDON_PORT_DEVICES, .untagged = htole16(1) };
	struct cordon_blob_pair pair = { .from = 5, .to = 6, .count = htole32(1) };
	struct cordon_blob_entry entry = { .kind = CORDON_ENTRY_ALL };
	struct cordon_blob_device device[50] = { { { 0 } } };
	unsigned int i;

	memset(blob, 0, sizeof(*blob));
	memcpy(h->magic, CORDON_BLOB_MAGIC, sizeof(h->magic));
	h->version = htole32(CORDON_BLOB_VERSION);
	h->unknown_rate = htole32(256);
	strncpy(ports.name, port, sizeof(ports.name) - 1);
	for (i = 0; i < devices; i++) {
		device[i].mac[0] = 2;
		device[i].mac[5] = (uint8_t)(i + 1);
		device[i].vlan = htole16(1);
		device[i].zone = 5;
	}
	blob->len = sizeof(*h);
	section(blob, CORDON_SECT_ZONES, zone, 2, sizeof(zone[0]));
	section(blob, CORDON_SECT_PORTS, &ports, 1, sizeof(ports));
	section(blob, CORDON_SECT_VIDS, NULL, 0, 2);
	section(blob, CORDON_SECT_PAIRS, &pair, 1, sizeof(pair));
	section(blob, CORDON_SECT_ENTRIES, &entry, 1, sizeof(entry));
	section(blob, CORDON_SECT_DEVICES, device, devices, sizeof(device[0]));
	section(blob, CORDON_SECT_ADDRESSES, NULL, 0, 16);
	section(blob, CORDON_SECT_PREFIXES, NULL, 0, sizeof(struct cordon_blob_prefix));
	section(blob, CORDON_SECT_LIMITS, NULL, 0, sizeof(struct cordon_blob_limit));
	section(blob, CORDON_SECT_GROUPS, NULL, 0, sizeof(struct cordon_blob_prefix));
	h->length = htole32((uint32_t)blob->len);
}
