/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What apply.c and readback.c share: the libnftables handle and a listing of cordon's tables. */
#ifndef CORDON_NFT_KERNEL_H
#define CORDON_NFT_KERNEL_H

#include <nftables/libnftables.h>

#include "nft/layout.h"
#include "nft/nft.h"

/** struct nft_object - a set, map or chain of a listing */
struct nft_object {
	enum { NFT_SET, NFT_MAP, NFT_CHAIN } kind;
	const char *name;
	char *elements;		/* as listed, without the braces; NULL: none */
};

#define NFT_SEAL_LEN 33

/** struct nft_tables - the tables as they stand */
struct nft_tables {
	struct nft_listing {
		bool present;
		char *text;
		struct nft_object *v;
		size_t n;
	} of[NFT_FAMILIES];
	char digest[NFT_SEAL_LEN];	/* of both listings without counters, seals and the unmanaged set */
	bool sealed;			/* a seal says the same */
};

/** struct nft_backend - libnftables, and what is known without asking it again */
struct nft_backend {
	struct nft_ctx *ctx;
	struct nft_tables tables;	/* what was read last */
	uint32_t genid;			/* of the ruleset that it was read from; 0: nothing is known */
	uint64_t beside;		/* the generation that we put beside @tables, then at @genid + 1; 0: none */
};

/** nft_genid - the kernel's number of the namespace's ruleset, another after every change. Return: 0 when it cannot be had. */
uint32_t nft_genid(void);

/**
 * nft_tables_read - the tables as they stand; a listing is made only when the ruleset has changed since the last
 * @out: belongs to the backend, until its next call
 *
 * Return: 0; -EIO, -ENOMEM with @error.
 */
int nft_tables_read(struct nft_backend *b, const struct nft_tables **out, char *error, size_t error_len);
/** nft_managed_read - of both tables nothing but the set managed<@parity>. The caller frees @out; also on failure. */
int nft_managed_read(struct nft_backend *b, unsigned int parity, struct nft_tables *out, char *error, size_t error_len);
void nft_tables_free(struct nft_tables *tables);
/** nft_forget - the next nft_tables_read() asks the kernel */
void nft_forget(struct nft_backend *b);
/** nft_listing_parse - find the objects in listing->text, which is cut into pieces. Return: 0, or -ENOMEM. */
int nft_listing_parse(struct nft_listing *listing);

/** nft_find - the object of this kind and name, or NULL */
const struct nft_object *nft_find(const struct nft_tables *tables, enum nft_family family, int kind, const char *name);
/** nft_generation_of - the generation that a chain or set belongs to by its name; 0: none */
unsigned long long nft_generation_of(const char *name);
/** nft_generations - which generations have anything in either table, ascending. Return: how many; @max are written. */
size_t nft_generations(const struct nft_tables *tables, uint64_t *out, size_t max);
/** nft_stands - whether the generation's marker is in both tables */
bool nft_stands(const struct nft_tables *tables, unsigned long long generation);

/** nft_offloads_read - fill in @out->offload. Return: 0 or a negative errno; -E2BIG: more interfaces than fit */
int nft_offloads_read(struct nft_state *out);

/** nft_command - run one command with output @flags. Return: 0 with *@output valid until the next command; -EIO. */
int nft_command(struct nft_backend *b, const char *command, unsigned int flags, const char **output,
		char *error, size_t error_len);

#endif /* CORDON_NFT_KERNEL_H */
