/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that cordon asks of the kernel, as one table of operations. Two implementations: direct.c (this process has CAP_NET_ADMIN:
 * `cordon load`, the privileged part of cordond) and cordond/broker.c (the core asks the privileged part). What is built on it
 * (pipeline, views, doctor) is the same code in both.
 */
#ifndef CORDON_LIB_KERNEL_H
#define CORDON_LIB_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nft/nft.h"
#include "userland/lib/api.h"
#include "userland/lib/failure.h"

/** struct ct_flow - one conntrack entry, fixed size: it is also the request to delete it */
struct ct_flow {
	uint8_t family;		/* AF_INET, AF_INET6 */
	uint8_t proto;
	uint16_t zone;
	uint32_t id;
	uint8_t src[16], dst[16];	/* ORIGINAL; IPv4 as v4-mapped */
	uint8_t reply_src[16];
	uint16_t sport, dport;		/* ORIGINAL, host order */
	uint16_t reply_sport;
	uint16_t icmp_id;
	uint8_t icmp_type, icmp_code;
	uint8_t has_id, has_zone;
};

typedef int (*kernel_attrs_cb)(const void *attrs, size_t len, void *arg);
typedef int (*kernel_flow_cb)(const struct ct_flow *flow, void *arg);

struct kernel;

/* Every operation returns 0 or a negative errno with @f filled. */
struct kernel_ops {
	/* INFO_GET, STATS_GET and the dumps; @cb per answer */
	int (*query)(struct kernel *k, uint8_t cmd, kernel_attrs_cb cb, void *arg, struct failure *f);
	int (*begin)(struct kernel *k, uint32_t length, uint64_t generation, struct failure *f);
	int (*data)(struct kernel *k, uint32_t offset, const void *bytes, size_t len, struct failure *f);
	int (*stage)(struct kernel *k, struct api_info *info, struct failure *f);
	int (*commit)(struct kernel *k, struct api_info *info, struct failure *f);
	int (*abort)(struct kernel *k, struct failure *f);
	int (*device_set)(struct kernel *k, const uint8_t mac[6], uint16_t vlan, bool quarantined, struct failure *f);
	int (*disarm)(struct kernel *k, struct failure *f);
	int (*nft_add)(struct kernel *k, const char *text, uint64_t generation, struct failure *f);
	int (*nft_retire)(struct kernel *k, uint64_t generation, struct failure *f);
	int (*nft_run)(struct kernel *k, const char *text, struct failure *f);
	int (*nft_state)(struct kernel *k, struct nft_state *out, struct failure *f);
	int (*nft_remove)(struct kernel *k, struct failure *f);
	int (*ct_dump)(struct kernel *k, kernel_flow_cb cb, void *arg, struct failure *f);
	int (*ct_delete)(struct kernel *k, const struct ct_flow *flow, struct failure *f);
	/* forwarding of both families off */
	int (*forwarding_off)(struct kernel *k, struct failure *f);
	/* take a managed port down */
	int (*port_down)(struct kernel *k, const char *name, struct failure *f);
};

struct kernel {
	const struct kernel_ops *ops;
};

/** KERNEL_DATA_BYTES - most bytes of one data() */
#define KERNEL_DATA_BYTES 61440

/** kernel_info - INFO_GET, with a check of the wire version */
int kernel_info(struct kernel *k, struct api_info *info, struct failure *f);
/** kernel_list - a dump into @list with one of api_add_*(); retried when it was interrupted by a change */
int kernel_list(struct kernel *k, uint8_t cmd, kernel_attrs_cb add, struct api_list *list, struct failure *f);

/** direct_open - the operations on this process's own sockets. Return: NULL with @f. */
struct kernel *direct_open(struct failure *f);
void direct_close(struct kernel *k);

#endif /* CORDON_LIB_KERNEL_H */
