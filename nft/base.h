/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORDON_NFT_BASE_H
#define CORDON_NFT_BASE_H

#include "nft/text.h"

/** nft_put_base - tables, base chains, sets and maps; replaces the rules of the base chains, keeps all generations */
void nft_put_base(struct nft_text *t);

#endif /* CORDON_NFT_BASE_H */
