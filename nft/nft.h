/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nftables layer: the tables "inet cordon" and "bridge cordon", made from the same policy as the ruleset of the module and
 * standing independently behind it. README.md describes the layout.
 *
 * Rendering is pure. Whatever takes a struct nft_backend talks to the kernel (CAP_NET_ADMIN) in the caller's network namespace, at once
 * and in whole transactions: it happens completely or not at all. One backend may be used by one thread at a time.
 * Functions return 0 or a negative errno; with @error they also write a sentence there.
 */
#ifndef CORDON_NFT_H
#define CORDON_NFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"

/* --- text: no kernel, no privileges --- */

/**
 * nft_render - the nftables text of a policy: base layout and one generation, for transaction 1 of a swap
 * @ids: the zone ids that policy_compile() gave for the same policy
 * @text: receives a malloc'ed string
 *
 * Return: 0; -ENOMEM; -EINVAL when an interface name cannot be written in nftables ('"', '\', '*' or a byte outside ASCII),
 * a zone has no id or @generation is 0.
 */
int nft_render(const struct policy *p, const struct policy_pairs *pairs, const struct policy_zone_ids *ids,
	       uint64_t generation, char **text);

/**
 * nft_render_unmanaged - the text that says which stackable devices stand on no managed port
 * @names: interface names; see nft_set_unmanaged(). Return: 0; -ENOMEM; -EINVAL for a name as above.
 */
int nft_render_unmanaged(const char *const *names, size_t n, char **text);

/** nft_verify - does @text consist of nothing but statements that cordon writes, about cordon's own tables? 0, or -EPERM. */
int nft_verify(const char *text, char *error, size_t error_len);

/* --- kernel --- */

struct nft_backend;

/** nft_backend_open - Return: a backend, or NULL when memory is short */
struct nft_backend *nft_backend_open(void);
void nft_backend_close(struct nft_backend *);

/** nft_run - run a text that nft_verify() accepts as one transaction. Return: 0; -EPERM (not verified); -EIO (the kernel refused). */
int nft_run(struct nft_backend *, const char *text, char *error, size_t error_len);

/**
 * nft_add_text - transaction 1 of a swap: put @text, that nft_render() made for @generation, beside the generation that stands
 *
 * A remainder of an aborted swap that is in the way is removed in the same transaction. When no other generation stands (first apply, repair
 * after a flush or a drift) both tables are replaced as a whole, nft_retire_others() and nft_seal() are done too, and the result is complete.
 *
 * Return: 0; -EPERM; -EIO; -EINVAL when the only generation that stands has the parity of @generation.
 */
int nft_add_text(struct nft_backend *, const char *text, uint64_t generation, char *error, size_t error_len);
/** nft_add_generation - nft_render() and nft_add_text() */
int nft_add_generation(struct nft_backend *, const struct policy *, const struct policy_pairs *,
		       const struct policy_zone_ids *, uint64_t generation, char *error, size_t error_len);

/**
 * nft_retire_others - transaction 2 of a swap, or the way back out of one: remove every generation but @generation
 *
 * May be repeated. nft_seal() completes it.
 *
 * Return: 0; -ENOENT when @generation does not stand (then nothing changes); -EIO.
 */
int nft_retire_others(struct nft_backend *, uint64_t generation, char *error, size_t error_len);
/** nft_seal - write down (in the tables) what they look like, for nft_read_back(); until then they count as drifted. 0, or -EIO. */
int nft_seal(struct nft_backend *, char *error, size_t error_len);

/** struct nft_state - what stands in the kernel */
struct nft_state {
	bool present;		/* both tables are there */
	uint64_t generations[4];	/* those that stand, ascending */
	size_t n;
	bool drift;		/* it is not what the last nft_seal() saw; always true while two stand or a table is missing */
	char drift_text[160];	/* why */
	char offload[256][16];	/* interfaces in flowtables, of whatever table, that hand flows to hardware */
	size_t n_offload;
};

/** nft_read_back - look at the kernel's tables. Costs a listing when the namespace's ruleset has changed since the last, else next to nothing. */
int nft_read_back(struct nft_backend *, struct nft_state *out, char *error, size_t error_len);

/**
 * nft_set_unmanaged - name the devices of stackable kinds (bridge, VLAN, bond, macvlan, ...) that stand on no managed port
 *
 * Without the module's mark such a device counts as managed and its traffic is dropped, unless it is named here; plain interfaces need
 * no entry. To be called after nft_add_text() of a first apply and whenever a link comes or goes. Survives swaps; no drift.
 */
int nft_set_unmanaged(struct nft_backend *, const char *const *names, size_t n, char *error, size_t error_len);

/** nft_remove - delete both tables; nothing else's. Nothing there is success. */
int nft_remove(struct nft_backend *, char *error, size_t error_len);

/** nft_feature - words for kernel feature number @i that the tables may need; NULL behind the last */
const char *nft_feature(size_t i);
/** nft_feature_try - let the kernel check a text that needs feature @i; nothing is changed. Return: 0; -EIO: it cannot. */
int nft_feature_try(struct nft_backend *, size_t i, char *error, size_t error_len);

#endif /* CORDON_NFT_H */
