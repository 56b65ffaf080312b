/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What render.c, apply.c and readback.c have to agree on: names in the tables, and the mark. README.md explains them. */
#ifndef CORDON_NFT_LAYOUT_H
#define CORDON_NFT_LAYOUT_H

#include <stdint.h>

#include "nft/text.h"
#include "policy/policy.h"

enum nft_family { NFT_INET, NFT_BRIDGE, NFT_FAMILIES };

/** nft_family_name - "inet" or "bridge" */
const char *nft_family_name(enum nft_family family);

#define NFT_SET_MANAGED	  "managed"	/* + generation parity: interface names of that generation's ports */
#define NFT_SET_UNMANAGED "unmanaged"
#define NFT_SET_SEAL	  "seal."	/* + digest of the listing */
#define NFT_CHAIN_GEN	  "g%llu"	/* a generation's empty marker chain and the prefix of all its chains */

/** struct nft_source - what one rendering reads */
struct nft_source {
	const struct policy *policy;
	const struct policy_pairs *pairs;
	const struct policy_zone_ids *ids;
	unsigned long long generation;
};

static inline unsigned int nft_parity(unsigned long long generation)
{
	return generation & 1;
}

/* The entries of Set(from, to); an empty list when there are none. */
struct policy_entries nft_set(const struct nft_source *s, int from, int to);
/* The pair itself, or NULL. */
const struct policy_pair *nft_pair(const struct nft_source *s, int from, int to);
/* Whether Set(from, to) contains DHCP. */
bool nft_has_dhcp(const struct policy_entries *entries);

/* pair.c: all chains that packets between zones, or to groups, are judged in. */
void nft_put_pairs(struct nft_text *t, const struct nft_source *s, enum nft_family family);

#endif /* CORDON_NFT_LAYOUT_H */
