// SPDX-License-Identifier: GPL-2.0-or-later
/* See numbers.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "nft/numbers.h"

struct nft_numbers_set {
	char name[48];
	const char *type;
	char elements[];
};

static int compare(const void *left, const void *right)
{
	const struct nft_numbers_set *a = left, *b = right;
	int order = strcmp(a->type, b->type);

	return order ? order : strcmp(a->elements, b->elements);
}

int nft_numbers_open(struct nft_numbers *numbers, unsigned long long generation)
{
	memset(numbers, 0, sizeof(*numbers));
	numbers->generation = generation;
	return nft_text_open(&numbers->text);
}

void nft_numbers_close(struct nft_numbers *numbers, struct nft_text *t)
{
	char *text;
	int ret = nft_text_close(&numbers->text, &text);

	tdestroy(numbers->tree, free);
	if (ret && !t->error)
		t->error = ret;
	if (text)
		nft_put(t, "%s", text);
	free(text);
}

const char *nft_numbers_name(struct nft_numbers *numbers, const char *type, const char *elements)
{
	struct nft_numbers_set *set = malloc(sizeof(*set) + strlen(elements) + 1), **found;

	if (!set)
		return NULL;
	set->type = type;
	memcpy(set->elements, elements, strlen(elements) + 1);
	found = tsearch(set, &numbers->tree, compare);
	if (!found || *found != set) {
		free(set);
		return found ? (*found)->name : NULL;
	}
	snprintf(set->name, sizeof(set->name), "g%llu.numbers%u", numbers->generation, ++numbers->n);
	nft_put(&numbers->text, "\tset %s { type %s; flags interval; elements = { %s } }\n", set->name, type, elements);
	return set->name;
}
