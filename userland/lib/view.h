/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answers to everything that only reads, as JSON: the same for cordond and for `cordon` when no daemon runs. docs of the objects: cordon(8).
 */
#ifndef CORDON_LIB_VIEW_H
#define CORDON_LIB_VIEW_H

#include <jansson.h>

#include "userland/lib/compiled.h"
#include "userland/lib/kernel.h"
#include "userland/lib/store.h"

/** struct view - where answers come from; every member may be NULL (then what it would add is missing or refused) */
struct view {
	struct kernel *kernel;
	const struct policy *policy;		/* the running one, or a file's */
	const struct policy_pairs *pairs;	/* of @policy */
	struct store *store;
	struct name_index *names;		/* of @policy; see resolve.h */
};

/**
 * view_answer - answer a reading verb: status, devices, device, zones, stats, explain, services, placement
 * @args: the request object; its members are the verb's arguments
 *
 * Return: a new object, or NULL with @f.
 */
json_t *view_answer(const struct view *v, const char *verb, const json_t *args, struct failure *f);

/* The verbs one by one; view_policy.c has those that need only the policy. */
json_t *view_status(const struct view *v, struct failure *f);
json_t *view_devices(const struct view *v, bool unknown, struct failure *f);
json_t *view_device(const struct view *v, const char *who, struct failure *f);
json_t *view_stats(const struct view *v, struct failure *f);
json_t *view_zones(const struct view *v, struct failure *f);
json_t *view_services(const struct view *v, struct failure *f);
json_t *view_placement(const struct view *v, struct failure *f);
json_t *view_explain(const struct view *v, const char *src, const char *dst, const char *service, struct failure *f);

/** view_bits - the names of the bits that are set */
json_t *view_bits(uint32_t bits, const char *(*name)(unsigned int bit));
/** view_management - how the box is managed under @policy: {"from", "allow", "ports"} or {"console_only": true} */
json_t *view_management(const struct policy *policy);

/** view_limits - {"packets": "5000/s", "up": "20mbit/s"}: those of @rate, by enum cordon_quantity, that are not 0 */
json_t *view_limits(const uint64_t *rate);

/** view_zone_name - name of a zone id of the running ruleset; "?" when unknown */
const char *view_zone_name(const struct api_list *zones, uint8_t id);

#endif /* CORDON_LIB_VIEW_H */
