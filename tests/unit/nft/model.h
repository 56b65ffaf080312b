/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy from text, ready to render. */
#ifndef CORDON_TESTS_NFT_MODEL_H
#define CORDON_TESTS_NFT_MODEL_H

#include <stdlib.h>
#include <string.h>

#include "nft/nft.h"

struct model {
	struct policy *policy;
	struct policy_pairs pairs;
	struct policy_zone_ids ids;
};

static inline bool model_make(struct model *m, const char *text)
{
	struct policy_diags diags = { 0 };
	uint8_t *blob = NULL;
	size_t len;
	bool good;

	memset(m, 0, sizeof(*m));
	m->policy = policy_load_memory("test", text, strlen(text), &diags);
	policy_diags_print(&diags, stderr, false);
	policy_diags_free(&diags);
	good = m->policy && !policy_pairs_make(m->policy, &m->pairs) && !policy_compile(m->policy, &m->ids, &blob, &len);
	free(blob);
	return good;
}

static inline char *model_render(const struct model *m, uint64_t generation)
{
	char *text = NULL;

	nft_render(m->policy, &m->pairs, &m->ids, generation, &text);
	return text;
}

static inline void model_free(struct model *m)
{
	policy_pairs_free(&m->pairs);
	policy_free(m->policy);
}

#endif /* CORDON_TESTS_NFT_MODEL_H */
