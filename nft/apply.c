// SPDX-License-Identifier: GPL-2.0-or-later
/* The transactions: add a generation, retire the others, remove everything. Each is one nftables batch: all of it, or nothing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nft/kernel.h"

static const char start_anew[] =
	"add table inet cordon\n"
	"delete table inet cordon\n"
	"add table bridge cordon\n"
	"delete table bridge cordon\n";

struct nft_backend *nft_backend_open(void)
{
	struct nft_backend *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->ctx = nft_ctx_new(NFT_CTX_DEFAULT);
	if (b->ctx && !nft_ctx_buffer_output(b->ctx) && !nft_ctx_buffer_error(b->ctx))
		return b;
	nft_backend_close(b);
	return NULL;
}

void nft_backend_close(struct nft_backend *b)
{
	if (!b)
		return;
	nft_forget(b);
	if (b->ctx)
		nft_ctx_free(b->ctx);
	free(b);
}

int nft_run(struct nft_backend *b, const char *text, char *error, size_t error_len)
{
	const char *output;
	int ret = nft_verify(text, error, error_len);

	return ret ? ret : nft_command(b, text, 0, &output, error, error_len);
}

static int run_text(struct nft_backend *b, struct nft_text *t, char *error, size_t error_len)
{
	char *text;
	int ret = nft_text_close(t, &text);

	if (ret)
		nft_say(error, error_len, "no memory for a transaction");
	else if (*text)
		ret = nft_run(b, text, error, error_len);
	free(text);
	return ret;
}

/* --- removing generations --- */

/** struct choice - which generations a removal means: those of @parity (0, 1; -1: any), and never @keep */
struct choice {
	int parity;
	unsigned long long keep;
};

static bool chosen(const struct choice *choice, const char *name)
{
	unsigned long long generation = nft_generation_of(name);

	if (!generation || generation == choice->keep)
		return false;
	return choice->parity < 0 || nft_parity(generation) == (unsigned int)choice->parity;
}

/* Of "0xc1418000 : goto g17_cameras.video, ...": the elements that lead to a chosen chain. */
static void put_elements_removal(struct nft_text *t, enum nft_family family, const struct nft_object *map,
				 const struct choice *choice)
{
	const char *element = map->elements;
	size_t n = 0;

	for (; element; element = strchr(element, ',')) {
		char verb[8], chain[128];
		unsigned int key;

		element += *element == ',';
		if (sscanf(element, " 0x%x : %7s %127[^, \n]", &key, verb, chain) != 3 || !chosen(choice, chain))
			continue;
		if (!n++)
			nft_put(t, "delete element %s cordon %s {\n", nft_family_name(family), map->name);
		nft_put(t, "\t0x%08x : %s %s,\n", key, verb, chain);
	}
	if (n)
		nft_put(t, "}\n");
}

/* The chosen objects of a kind: all of a map's elements, else the objects themselves. */
static void put_objects_removal(struct nft_text *t, enum nft_family family, const struct nft_listing *listing, int kind,
				const struct choice *choice)
{
	for (size_t i = 0; i < listing->n; i++) {
		const struct nft_object *object = &listing->v[i];

		if ((int)object->kind != kind)
			continue;
		if (kind == NFT_MAP)
			put_elements_removal(t, family, object, choice);
		else if (chosen(choice, object->name))
			nft_put(t, "delete %s %s cordon %s\n", kind == NFT_SET ? "set" : "chain", nft_family_name(family),
				object->name);
	}
}

/* Elements lead to chains and chains use sets: what is still referred to cannot go. */
static void put_removal(struct nft_text *t, const struct nft_tables *tables, const struct choice *choice)
{
	static const int order[] = { NFT_MAP, NFT_CHAIN, NFT_SET };

	for (enum nft_family family = 0; family < NFT_FAMILIES; family++)
		for (size_t i = 0; i < 3; i++)
			put_objects_removal(t, family, &tables->of[family], order[i], choice);
}

/* --- sets of interface names --- */

/* "add element F cordon TO { ... }" with the quoted names that the set @from holds. */
static void put_copy(struct nft_text *t, const struct nft_tables *tables, enum nft_family family, const char *from,
		     const char *to)
{
	const struct nft_object *set = nft_find(tables, family, NFT_SET, from);
	const char *name = set && set->elements ? strchr(set->elements, '"') : NULL;

	if (!name)
		return;
	nft_put(t, "add element %s cordon %s {", nft_family_name(family), to);
	while (name) {
		int len = strcspn(name + 1, "\"");

		nft_put(t, " \"%.*s\",", len, name + 1);
		name = name[len + 1] ? strchr(name + len + 2, '"') : NULL;
	}
	nft_put(t, " }\n");
}

int nft_set_unmanaged(struct nft_backend *b, const char *const *names, size_t n, char *error, size_t error_len)
{
	char *text;
	int ret = nft_render_unmanaged(names, n, &text);

	if (ret)
		nft_say(error, error_len, "%s", ret == -ENOMEM ? "no memory for a transaction" : "an interface name that nftables cannot quote");
	else
		ret = nft_run(b, text, error, error_len);
	free(text);
	return ret;
}

/* --- transaction 2 --- */

/* Takes the chosen objects of @doomed away, and makes both managed sets those of @generation. */
static int retire(struct nft_backend *b, const struct nft_tables *doomed, uint64_t generation, char *error, size_t error_len)
{
	struct choice others = { .parity = -1, .keep = generation };
	static const char *const managed[2] = { NFT_SET_MANAGED "0", NFT_SET_MANAGED "1" };
	unsigned int parity = nft_parity(generation);
	struct nft_tables ports;
	struct nft_text t;
	int ret = nft_managed_read(b, parity, &ports, error, error_len);

	if (!ret) {
		nft_text_open(&t);
		put_removal(&t, doomed, &others);
		for (enum nft_family family = 0; family < NFT_FAMILIES; family++) {
			nft_put(&t, "flush set %s cordon %s\n", nft_family_name(family), managed[!parity]);
			put_copy(&t, &ports, family, managed[parity], managed[!parity]);
		}
		ret = run_text(b, &t, error, error_len);
	}
	nft_tables_free(&ports);
	return ret;
}

/* As the name of a set. */
int nft_seal(struct nft_backend *b, char *error, size_t error_len)
{
	const struct nft_tables *tables;
	struct nft_text t;
	int ret = nft_tables_read(b, &tables, error, error_len);

	if (ret)
		return ret;
	nft_text_open(&t);
	for (size_t i = 0; i < tables->of[NFT_INET].n; i++)
		if (!strncmp(tables->of[NFT_INET].v[i].name, NFT_SET_SEAL, strlen(NFT_SET_SEAL)))
			nft_put(&t, "delete set inet cordon %s\n", tables->of[NFT_INET].v[i].name);
	nft_put(&t, "table inet cordon {\n\tset " NFT_SET_SEAL "%s { type mark; }\n}\n", tables->digest);
	ret = run_text(b, &t, error, error_len);
	if (!ret && b->genid && nft_genid() == b->genid + 1) {
		b->tables.sealed = true;
		b->genid++;
	} else {
		nft_forget(b);
	}
	return ret;
}

int nft_retire_others(struct nft_backend *b, uint64_t generation, char *error, size_t error_len)
{
	const struct nft_tables *tables = &b->tables;
	int ret;

	if (b->beside == generation && nft_genid() == b->genid + 1)
		return retire(b, tables, generation, error, error_len);
	ret = nft_tables_read(b, &tables, error, error_len);
	if (ret)
		return ret;
	if (!nft_stands(tables, generation)) {
		nft_say(error, error_len, "generation %llu does not stand in nftables", (unsigned long long)generation);
		return -ENOENT;
	}
	return retire(b, tables, generation, error, error_len);
}

/* --- transaction 1 --- */

/* Return: how many generations stand, but not @generation; *@other: the only one */
static size_t count_others(const struct nft_tables *tables, uint64_t generation, uint64_t *other)
{
	uint64_t all[4];
	size_t n = nft_generations(tables, all, 4), others = 0;

	for (size_t i = 0; i < n && i < 4; i++) {
		if (all[i] == generation)
			continue;
		*other = all[i];
		others++;
	}
	return others;
}

static void put_transaction_1(struct nft_text *t, const struct nft_tables *tables, const char *text, uint64_t generation,
			      bool anew)
{
	struct choice in_the_way = { .parity = nft_parity(generation) };

	if (anew)
		nft_put(t, "%s", start_anew);
	else
		put_removal(t, tables, &in_the_way);
	nft_put(t, "%s", text);
	for (enum nft_family family = 0; anew && family < NFT_FAMILIES; family++)
		put_copy(t, tables, family, NFT_SET_UNMANAGED, NFT_SET_UNMANAGED);
}

/* Both tables are new, and hold nothing but @generation. */
static int complete(struct nft_backend *b, uint64_t generation, char *error, size_t error_len)
{
	static const struct nft_tables nothing;
	int ret;

	nft_forget(b);
	ret = retire(b, &nothing, generation, error, error_len);
	return ret ? ret : nft_seal(b, error, error_len);
}

/* What stands now is what was read, and @generation; unless another hand came between, or something was in the way. */
static void note_beside(struct nft_backend *b, uint64_t generation)
{
	uint64_t all[4];

	if (b->genid && nft_genid() == b->genid + 1 && nft_generations(&b->tables, all, 4) == 1)
		b->beside = generation;
	else
		nft_forget(b);
}

int nft_add_text(struct nft_backend *b, const char *text, uint64_t generation, char *error, size_t error_len)
{
	const struct nft_tables *tables;
	struct nft_text t;
	uint64_t other = 0;
	size_t others;
	int ret = nft_tables_read(b, &tables, error, error_len);

	if (ret)
		return ret;
	others = count_others(tables, generation, &other);
	if (others == 1 && nft_parity(other) == nft_parity(generation)) {
		nft_say(error, error_len, "generation %llu cannot stand beside %llu: both are %s", (unsigned long long)generation,
			(unsigned long long)other, nft_parity(other) ? "odd" : "even");
		return -EINVAL;
	}
	nft_text_open(&t);
	put_transaction_1(&t, tables, text, generation, !others);
	ret = run_text(b, &t, error, error_len);
	if (ret)
		return ret;
	if (!others)
		return complete(b, generation, error, error_len);
	note_beside(b, generation);
	return 0;
}

int nft_add_generation(struct nft_backend *b, const struct policy *p, const struct policy_pairs *pairs,
		       const struct policy_zone_ids *ids, uint64_t generation, char *error, size_t error_len)
{
	char *text;
	int ret = nft_render(p, pairs, ids, generation, &text);

	if (ret)
		nft_say(error, error_len, "%s", ret == -ENOMEM ? "no memory for the nftables text" : "the policy has a name that nftables cannot quote");
	else
		ret = nft_add_text(b, text, generation, error, error_len);
	free(text);
	return ret;
}

int nft_remove(struct nft_backend *b, char *error, size_t error_len)
{
	return nft_run(b, start_anew, error, error_len);
}
