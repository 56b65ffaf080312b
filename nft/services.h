/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules for the services of a set. */
#ifndef CORDON_NFT_SERVICES_H
#define CORDON_NFT_SERVICES_H

#include "nft/numbers.h"

enum { NFT_START, NFT_REPLY };

/** struct nft_chain - where rules are written to */
struct nft_chain {
	struct nft_text *t;
	struct nft_numbers *numbers;
	enum nft_family family;
};

/** nft_put_services - what @set allows in one direction: by destination port as a start, by source port as a reply; @match stands first */
void nft_put_services(const struct nft_chain *chain, const char *match, const struct policy_entries *set, int direction);
/** nft_put_dhcp - DHCP as @there allows it to be started and as @back has it answered */
void nft_put_dhcp(const struct nft_chain *chain, bool there, bool back);

#endif /* CORDON_NFT_SERVICES_H */
