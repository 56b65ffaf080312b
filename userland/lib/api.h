/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the module says, as C structures: parsers of the attributes of every answer, and growing lists for dumps. They take the bare
 * attribute bytes, so the same code reads a netlink socket (cordon, the privileged part) and the daemon's internal channel.
 */
#ifndef CORDON_LIB_API_H
#define CORDON_LIB_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/cordon.h>

/** struct api_info - answer of INFO_GET, BEGIN, STAGE and COMMIT; what is absent is 0 */
struct api_info {
	uint32_t wire;
	char version[64];
	bool armed;
	bool staged;
	uint64_t generation;
	uint64_t txid;
	uint32_t devices;
	uint32_t hooks_missing;	/* bits by enum cordon_place */
	bool has_digest;
	uint8_t digest[CORDON_DIGEST_BYTES];
};

/** struct api_device - a device or an unknown source */
struct api_device {
	uint8_t mac[6];
	uint16_t vlan;
	uint8_t zone;		/* effective */
	uint8_t policy_zone;	/* 0: not in the ruleset */
	bool quarantined;
	bool seen;		/* first_seen and last_seen are set */
	bool has_address;
	uint8_t address[16];
	uint32_t first_seen;
	uint32_t last_seen;
	uint32_t findings;
	uint64_t packets, bytes, drops;
	bool limited;		/* limits and limit_drops are set */
	uint64_t limits[__CORDON_QUANTITY_MAX];	/* per second; 0: none */
	uint64_t limit_drops[__CORDON_QUANTITY_MAX];
	char port[CORDON_PORT_NAME_LEN];
};

struct api_port {
	char name[CORDON_PORT_NAME_LEN];	/* current */
	char policy_name[CORDON_PORT_NAME_LEN];
	uint8_t mode;
	uint8_t zone;
	bool carrier;
	uint32_t ifindex;
	uint32_t findings;
	uint32_t devices;
};

struct api_zone {
	uint8_t id;
	char name[CORDON_ZONE_NAME_LEN];
};

struct api_stats {
	uint64_t count[__CORDON_HOOK_MAX][__CORDON_REASON_MAX];
	uint64_t lost;
};

/** struct api_list - a growing array of one of the above */
struct api_list {
	void *v;
	size_t n, room, size;
};

#define api_at(list, type, i) (&((type *)(list)->v)[i])

void api_list_init(struct api_list *list, size_t size);
void api_list_free(struct api_list *list);

/* Callbacks for a query; @arg as named. Return: 0, -EBADMSG, -ENOMEM. */
int api_parse_info(const void *attrs, size_t len, void *info);		/* struct api_info, zeroed by the caller */
int api_parse_stats(const void *attrs, size_t len, void *stats);	/* struct api_stats */
int api_add_device(const void *attrs, size_t len, void *list);		/* struct api_list of struct api_device */
int api_add_port(const void *attrs, size_t len, void *list);		/* of struct api_port */
int api_add_zone(const void *attrs, size_t len, void *list);		/* of struct api_zone */

#endif /* CORDON_LIB_API_H */
