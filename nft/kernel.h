/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What apply.c and readback.c share: the libnftables handle and a listing of cordon's tables. */
#ifndef CORDON_NFT_KERNEL_H
#define CORDON_NFT_KERNEL_H

#include <jansson.h>
#include <nftables/libnftables.h>

#include "nft/layout.h"
#include "nft/nft.h"

struct nft_backend {
	struct nft_ctx *ctx;
};

/** struct nft_tables - the tables as they stand; a family's listing is NULL while its table is absent */
struct nft_tables {
	json_t *root[NFT_FAMILIES];
	json_t *objects[NFT_FAMILIES];	/* in root: array of {"chain": {...}}, {"set": {...}}, ... */
};

int nft_tables_read(struct nft_backend *b, struct nft_tables *out, char *error, size_t error_len);
void nft_tables_free(struct nft_tables *tables);

/** nft_next - the objects of a kind ("chain", "set", "map", "rule") one after the other; *@i starts at 0. NULL at the end. */
json_t *nft_next(const struct nft_tables *tables, enum nft_family family, const char *kind, size_t *i);
/** nft_name - the name of an object; "" when it has none */
const char *nft_name(const json_t *object);
/** nft_find - the object of this kind and name, or NULL */
json_t *nft_find(const struct nft_tables *tables, enum nft_family family, const char *kind, const char *name);
/** nft_generation_of - the generation that a chain or set belongs to by its name; 0: none */
unsigned long long nft_generation_of(const char *name);
/** nft_generations - which generations have a chain in either table, ascending. Return: how many; @max are written. */
size_t nft_generations(const struct nft_tables *tables, uint64_t *out, size_t max);
/** nft_stands - whether the generation's marker is in both tables */
bool nft_stands(const struct nft_tables *tables, unsigned long long generation);

/** nft_command - run one command with output @flags. Return: 0 with *@output valid until the next command; -EIO. */
int nft_command(struct nft_backend *b, const char *command, unsigned int flags, const char **output,
		char *error, size_t error_len);

#define NFT_SEAL_LEN 33
/** nft_digest - digest of what the tables hold, without counters, seals and the unmanaged set */
int nft_digest(struct nft_backend *b, char hex[NFT_SEAL_LEN], char *error, size_t error_len);

#endif /* CORDON_NFT_KERNEL_H */
