/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other side of the comparison: the same policy and case through load, compile, decode, parse and decide. */
#ifndef CORDON_TESTS_CORE_SIDE_H
#define CORDON_TESTS_CORE_SIDE_H

#include "kmod/core/decide.h"
#include "policy/policy.h"

#include "oracle.h"

/** struct core_side - a decoded ruleset, and what its numbers are in the oracle's model */
struct core_side {
	struct cordon_ruleset *rs;
	uint8_t *blob;
	size_t blob_len;
	int zone[256];				/* oracle's zone by id, O_NOBODY: none */
	int port[O_MAX_PORTS];			/* bit by oracle's port */
	uint32_t device[O_MAX_DEVICES];		/* index by oracle's device */
	int device_back[O_MAX_DEVICES];		/* the reverse */
};

/**
 * core_side_make - load, compile and decode a text
 * @ids_taken: how many zone ids are those of an earlier ruleset's zones, so that ids are high
 * @diags: has the loader's messages then
 *
 * Return: NULL, or what went wrong.
 */
const char *core_side_make(struct core_side *side, const struct o_policy *p, const char *text, size_t len, int ids_taken,
			   struct policy_diags *diags);
void core_side_free(struct core_side *side);
void core_side_judge(const struct core_side *side, bool no_ruleset, const struct o_packet *k, const struct o_live *live,
		     struct cordon_verdict *v);
/** core_frame - the packet as the core reads it */
void core_frame(struct cordon_frame *frame, const struct o_packet *k);

#endif /* CORDON_TESTS_CORE_SIDE_H */
