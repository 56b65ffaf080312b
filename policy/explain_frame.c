// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A packet as an Ethernet frame, for the kernel's own parser. Checksums are left zero: no judge
 * looks at them.
 */
#include <string.h>

#include "policy/explain.h"

#define TTL	      64
#define PAYLOAD_BYTES 8

struct writer {
	uint8_t *bytes;
	size_t n;
};

static void put8(struct writer *writer, unsigned int value)
{
	writer->bytes[writer->n++] = (uint8_t)value;
}

static void put16(struct writer *writer, unsigned int value)
{
	put8(writer, value >> 8);
	put8(writer, value & 0xff);
}

static void put(struct writer *writer, const uint8_t *bytes, size_t len)
{
	memcpy(writer->bytes + writer->n, bytes, len);
	writer->n += len;
}

static void zeros(struct writer *writer, size_t len)
{
	memset(writer->bytes + writer->n, 0, len);
	writer->n += len;
}

static size_t transport_bytes(uint8_t proto)
{
	return proto == CORDON_PROTO_TCP ? 20 : 8;
}

static void transport(struct writer *writer, const struct explain_packet *packet)
{
	switch (packet->proto) {
	case CORDON_PROTO_TCP:
		put16(writer, packet->sport);
		put16(writer, packet->dport);
		zeros(writer, 8);
		put16(writer, 5 << 12 | 0x02);
		zeros(writer, 6);
		break;
	case CORDON_PROTO_UDP:
		put16(writer, packet->sport);
		put16(writer, packet->dport);
		put16(writer, 8 + PAYLOAD_BYTES);
		zeros(writer, 2);
		break;
	default:
		put8(writer, packet->type);
		zeros(writer, 7);
	}
	zeros(writer, PAYLOAD_BYTES);
}

static void header4(struct writer *writer, const struct explain_packet *packet)
{
	put16(writer, 0x4500);
	put16(writer, (unsigned int)(20 + transport_bytes(packet->proto) + PAYLOAD_BYTES));
	zeros(writer, 4);
	put8(writer, TTL);
	put8(writer, packet->proto);
	zeros(writer, 2);
	put(writer, packet->saddr + 12, 4);
	put(writer, packet->daddr + 12, 4);
}

static void header6(struct writer *writer, const struct explain_packet *packet)
{
	put16(writer, 0x6000);
	zeros(writer, 2);
	put16(writer, (unsigned int)(transport_bytes(packet->proto) + PAYLOAD_BYTES));
	put8(writer, packet->proto);
	put8(writer, TTL);
	put(writer, packet->saddr, 16);
	put(writer, packet->daddr, 16);
}

size_t explain_frame(const struct explain_packet *packet, uint8_t *bytes)
{
	struct writer writer = { .bytes = bytes };

	put(&writer, packet->dmac, 6);
	put(&writer, packet->smac, 6);
	if (packet->vid) {
		put16(&writer, CORDON_ETH_8021Q);
		put16(&writer, packet->vid);
	}
	if (packet->ethertype) {
		put16(&writer, packet->ethertype);
		zeros(&writer, PAYLOAD_BYTES);
		return writer.n;
	}
	put16(&writer, packet->ipv6 ? CORDON_ETH_IPV6 : CORDON_ETH_IPV4);
	if (packet->ipv6)
		header6(&writer, packet);
	else
		header4(&writer, packet);
	transport(&writer, packet);
	return writer.n;
}
