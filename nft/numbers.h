/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The named sets of port and protocol numbers of one generation in one table. Pairs with the same services share a set: the kernel's cost of a
 * table grows with the square of its sets, anonymous ones too.
 */
#ifndef CORDON_NFT_NUMBERS_H
#define CORDON_NFT_NUMBERS_H

#include "nft/layout.h"

struct nft_numbers {
	unsigned long long generation;
	unsigned int n;
	void *tree;		/* of struct nft_numbers_set, by type and elements */
	struct nft_text text;	/* their definitions, for the table's block */
};

int nft_numbers_open(struct nft_numbers *numbers, unsigned long long generation);
/** nft_numbers_close - append the definitions to @t and free everything */
void nft_numbers_close(struct nft_numbers *numbers, struct nft_text *t);
/** nft_numbers_name - the set of @type ("inet_service", "inet_proto") with these @elements; NULL without memory */
const char *nft_numbers_name(struct nft_numbers *numbers, const char *type, const char *elements);

#endif /* CORDON_NFT_NUMBERS_H */
