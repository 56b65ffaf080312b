/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One event of the module: parsed, as JSON, as a line. */
#ifndef CORDON_LIB_EVENT_H
#define CORDON_LIB_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <linux/cordon.h>

/** struct event - what is absent is 0; has_* say so where 0 means something */
struct event {
	uint8_t type, reason, hook, proto, src_zone, dst_zone;
	bool has_mac, has_dest_mac, has_address, has_dest_address, has_ports, carrier;
	uint32_t findings, hooks_missing;	/* bits of CORDON_FINDING_*; by enum cordon_place */
	uint8_t mac[6], dest_mac[6];
	uint8_t address[16], dest_address[16];
	uint16_t vlan, ethertype, source_port, dest_port;
	uint64_t generation, lost, time_ns;
	char port[CORDON_PORT_NAME_LEN];
};

/** event_parse - Return: 0, or -EBADMSG */
int event_parse(struct event *e, const void *attrs, size_t len);
/**
 * event_json - for `watch --json` and the daemon's subscribers
 * @zone: names a zone id, e.g. from the running ruleset; never NULL as an answer
 *
 * Return: a new object, or NULL (memory).
 */
json_t *event_json(const struct event *e, const char *(*zone)(uint8_t id, void *arg), void *arg);
#define EVENT_LINE_BYTES 512
/** event_line - one line for people, from the object that event_json() made; @name: the device's name or NULL */
void event_line(const json_t *event, char *out, size_t room);

#endif /* CORDON_LIB_EVENT_H */
