// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading nft's listing of our own two tables. As text: the JSON of nft 1.0.6 has garbage where a table has flags, our own or any other's.
 * The layout of a listing is that of the tables (README.md): objects at one tab, what they hold at two.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nft/kernel.h"

#define ELEMENTS "\t\telements = {"

static char *next_line(char *line)
{
	char *end = strchr(line, '\n');

	return end ? end + 1 : NULL;
}

static bool begins(const char *line, const char *text)
{
	return !strncmp(line, text, strlen(text));
}

static int kind_of(const char *line, size_t *skip)
{
	static const char *const heads[] = { [NFT_SET] = "\tset ", [NFT_MAP] = "\tmap ", [NFT_CHAIN] = "\tchain " };

	for (int kind = NFT_SET; kind <= NFT_CHAIN; kind++) {
		*skip = strlen(heads[kind]);
		if (begins(line, heads[kind]))
			return kind;
	}
	return -1;
}

static struct nft_object *append(struct nft_listing *listing)
{
	struct nft_object *v = listing->v;

	/* Doubles at every power of two. */
	if (!(listing->n & (listing->n - 1)))
		v = realloc(v, (listing->n ? 2 * listing->n : 1) * sizeof(*v));
	if (!v)
		return NULL;
	listing->v = v;
	return &v[listing->n++];
}

/* The elements from @line on, over any number of lines. Return: the line behind them. */
static char *take_elements(struct nft_object *object, char *line)
{
	char *end = strchr(line, '}');

	object->elements = line + strlen(ELEMENTS);
	if (!end)
		return NULL;
	*end = '\0';
	return next_line(end + 1);
}

int nft_listing_parse(struct nft_listing *listing)
{
	struct nft_object *object = NULL;
	char *line = listing->text;

	while (line && *line) {
		size_t skip;
		int kind = kind_of(line, &skip);

		if (object && object->kind != NFT_CHAIN && begins(line, ELEMENTS)) {
			line = take_elements(object, line);
			continue;
		}
		if (kind >= 0) {
			object = append(listing);
			if (!object)
				return -ENOMEM;
			*object = (struct nft_object){ .kind = kind, .name = line + skip };
		}
		line = next_line(line);
		if (kind >= 0)
			((char *)object->name)[strcspn(object->name, " \n")] = '\0';
	}
	return 0;
}

const struct nft_object *nft_find(const struct nft_tables *tables, enum nft_family family, int kind, const char *name)
{
	const struct nft_listing *listing = &tables->of[family];

	for (size_t i = 0; i < listing->n; i++)
		if ((int)listing->v[i].kind == kind && !strcmp(listing->v[i].name, name))
			return &listing->v[i];
	return NULL;
}

unsigned long long nft_generation_of(const char *name)
{
	unsigned long long generation;
	char *end;

	if (name[0] != 'g' || !isdigit((unsigned char)name[1]))
		return 0;
	generation = strtoull(name + 1, &end, 10);
	return *end == '_' || *end == '.' || !*end ? generation : 0;
}

/* Return: the new count; only the first @max are kept. */
static size_t insert(uint64_t *out, size_t n, size_t max, uint64_t generation)
{
	size_t i = 0;

	while (i < n && i < max && out[i] < generation)
		i++;
	if (i < n && i < max && out[i] == generation)
		return n;
	for (size_t j = n < max ? n : max - 1; j > i && i < max; j--)
		out[j] = out[j - 1];
	if (i < max)
		out[i] = generation;
	return n < max ? n + 1 : n;
}

size_t nft_generations(const struct nft_tables *tables, uint64_t *out, size_t max)
{
	size_t n = 0;

	for (enum nft_family family = 0; family < NFT_FAMILIES; family++) {
		const struct nft_listing *listing = &tables->of[family];

		for (size_t i = 0; i < listing->n; i++) {
			unsigned long long generation = nft_generation_of(listing->v[i].name);

			if (generation)
				n = insert(out, n, max, generation);
		}
	}
	return n;
}

bool nft_stands(const struct nft_tables *tables, unsigned long long generation)
{
	char name[32];

	snprintf(name, sizeof(name), NFT_CHAIN_GEN, generation);
	return nft_find(tables, NFT_INET, NFT_CHAIN, name) && nft_find(tables, NFT_BRIDGE, NFT_CHAIN, name);
}
