// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel holds: which generations stand, and whether the tables are still what cordon left. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "nft/kernel.h"

int nft_command(struct nft_backend *b, const char *command, unsigned int flags, const char **output,
		char *error, size_t error_len)
{
	int ret;

	nft_ctx_output_set_flags(b->ctx, flags);
	ret = nft_run_cmd_from_buffer(b->ctx, command);
	if (ret) {
		const char *said = nft_ctx_get_error_buffer(b->ctx);

		said = said && *said ? said : "nftables failed without a word";
		nft_say(error, error_len, "%.*s", (int)strcspn(said, "\n"), said);
		nft_ctx_get_output_buffer(b->ctx);
		return -EIO;
	}
	*output = nft_ctx_get_output_buffer(b->ctx);
	return 0;
}

/* --- listings --- */

static int load(struct nft_backend *b, const char *command, json_t **root, json_t **objects, char *error, size_t error_len)
{
	const char *output;
	json_error_t problem;
	int ret = nft_command(b, command, NFT_CTX_OUTPUT_JSON, &output, error, error_len);

	if (ret)
		return ret;
	*root = json_loads(output, 0, &problem);
	*objects = json_object_get(*root, "nftables");
	if (json_is_array(*objects))
		return 0;
	json_decref(*root);
	*root = NULL;
	nft_say(error, error_len, "cannot read the answer to '%s': %s", command, *output ? problem.text : "it is empty");
	return -EIO;
}

static bool is_ours(json_t *object, enum nft_family family)
{
	json_t *table = json_object_get(object, "table");
	const char *name = json_string_value(json_object_get(table, "name"));
	const char *its_family = json_string_value(json_object_get(table, "family"));

	return name && its_family && !strcmp(name, "cordon") && !strcmp(its_family, nft_family_name(family));
}

static int find_tables(struct nft_backend *b, bool present[NFT_FAMILIES], char *error, size_t error_len)
{
	json_t *root, *objects, *object;
	size_t i;
	int ret = load(b, "list tables", &root, &objects, error, error_len);

	if (ret)
		return ret;
	json_array_foreach(objects, i, object)
		for (enum nft_family family = 0; family < NFT_FAMILIES; family++)
			present[family] |= is_ours(object, family);
	json_decref(root);
	return 0;
}

int nft_tables_read(struct nft_backend *b, struct nft_tables *out, char *error, size_t error_len)
{
	static const char *const list[NFT_FAMILIES] = { "list table inet cordon", "list table bridge cordon" };
	bool present[NFT_FAMILIES] = { false };
	int ret;

	memset(out, 0, sizeof(*out));
	ret = find_tables(b, present, error, error_len);
	for (enum nft_family family = 0; !ret && family < NFT_FAMILIES; family++)
		if (present[family])
			ret = load(b, list[family], &out->root[family], &out->objects[family], error, error_len);
	if (ret)
		nft_tables_free(out);
	return ret;
}

void nft_tables_free(struct nft_tables *tables)
{
	for (enum nft_family family = 0; family < NFT_FAMILIES; family++)
		json_decref(tables->root[family]);
	memset(tables, 0, sizeof(*tables));
}

json_t *nft_next(const struct nft_tables *tables, enum nft_family family, const char *kind, size_t *i)
{
	json_t *found = NULL;

	while (!found && *i < json_array_size(tables->objects[family]))
		found = json_object_get(json_array_get(tables->objects[family], (*i)++), kind);
	return found;
}

const char *nft_name(const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "name"));

	return name ? name : "";
}

json_t *nft_find(const struct nft_tables *tables, enum nft_family family, const char *kind, const char *name)
{
	size_t i = 0;
	json_t *object;

	while ((object = nft_next(tables, family, kind, &i)))
		if (!strcmp(nft_name(object), name))
			return object;
	return NULL;
}

/* --- generations --- */

unsigned long long nft_generation_of(const char *name)
{
	unsigned long long generation;
	char *end;

	if (name[0] != 'g' || !isdigit((unsigned char)name[1]))
		return 0;
	generation = strtoull(name + 1, &end, 10);
	return *end == '_' || *end == '.' || !*end ? generation : 0;
}

static size_t insert(uint64_t *out, size_t n, size_t max, uint64_t generation)
{
	size_t i = 0;

	while (i < n && i < max && out[i] < generation)
		i++;
	if (i == max || (i < n && out[i] == generation))
		return i == max && n == max ? n + 1 : n;
	for (size_t j = n < max ? n : max - 1; j > i; j--)
		out[j] = out[j - 1];
	out[i] = generation;
	return n + 1;
}

size_t nft_generations(const struct nft_tables *tables, uint64_t *out, size_t max)
{
	size_t n = 0;

	for (enum nft_family family = 0; family < NFT_FAMILIES; family++) {
		size_t i = 0;
		json_t *chain;

		while ((chain = nft_next(tables, family, "chain", &i))) {
			unsigned long long generation = nft_generation_of(nft_name(chain));

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
	return nft_find(tables, NFT_INET, "chain", name) && nft_find(tables, NFT_BRIDGE, "chain", name);
}

/* --- the seal --- */

static bool begins(const char *line, const char *text)
{
	return !strncmp(line, text, strlen(text));
}

/* What changes without being a drift: the seal itself, and the set that follows the links. */
static bool unsealed_block(const char *line)
{
	return begins(line, "\tset " NFT_SET_UNMANAGED " {") || begins(line, "\tset " NFT_SET_SEAL);
}

static void digest_listing(EVP_MD_CTX *md, const char *text)
{
	bool skip = false;

	while (*text) {
		size_t len = strcspn(text, "\n") + (strchr(text, '\n') != NULL);

		skip = skip || unsealed_block(text);
		if (!skip && *text != '\n')
			EVP_DigestUpdate(md, text, len);
		if (begins(text, "\t}"))
			skip = false;
		text += len;
	}
}

static int digest_tables(struct nft_backend *b, EVP_MD_CTX *md, char *error, size_t error_len)
{
	static const char *const list[NFT_FAMILIES] = { "list table inet cordon", "list table bridge cordon" };
	const char *output;
	int ret = 0;

	for (enum nft_family family = 0; !ret && family < NFT_FAMILIES; family++) {
		ret = nft_command(b, list[family], NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_ALL, &output,
				  error, error_len);
		if (!ret)
			digest_listing(md, output);
	}
	return ret;
}

int nft_digest(struct nft_backend *b, char hex[NFT_SEAL_LEN], char *error, size_t error_len)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	int ret = -ENOMEM;

	if (md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1) {
		ret = digest_tables(b, md, error, error_len);
		if (!ret && EVP_DigestFinal_ex(md, digest, NULL) != 1)
			ret = -ENOMEM;
	}
	EVP_MD_CTX_free(md);
	if (ret == -ENOMEM)
		nft_say(error, error_len, "no memory for a digest");
	for (size_t i = 0; !ret && i < (NFT_SEAL_LEN - 1) / 2; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return ret;
}

/* --- the state --- */

static void drift(struct nft_state *out, const char *why)
{
	if (!out->drift)
		nft_say(out->drift_text, sizeof(out->drift_text), "%s", why);
	out->drift = true;
}

static void check_presence(const struct nft_tables *tables, struct nft_state *out)
{
	size_t n = nft_generations(tables, out->generations, 4);

	out->n = n < 4 ? n : 4;
	out->present = tables->root[NFT_INET] && tables->root[NFT_BRIDGE];
	if (!tables->root[NFT_INET])
		drift(out, "table inet cordon is missing");
	if (!tables->root[NFT_BRIDGE])
		drift(out, "table bridge cordon is missing");
	if (n == 0)
		drift(out, "no generation stands");
	if (n > 1)
		drift(out, "more than one generation stands");
	for (size_t i = 0; i < out->n; i++)
		if (!nft_stands(tables, out->generations[i]))
			drift(out, "a generation stands in one table only");
}

static int check_seal(struct nft_backend *b, const struct nft_tables *tables, struct nft_state *out,
		      char *error, size_t error_len)
{
	char hex[NFT_SEAL_LEN], name[sizeof(NFT_SET_SEAL) + NFT_SEAL_LEN];
	int ret = nft_digest(b, hex, error, error_len);

	if (ret)
		return ret;
	snprintf(name, sizeof(name), NFT_SET_SEAL "%s", hex);
	if (!nft_find(tables, NFT_INET, "set", name))
		drift(out, "the tables hold something else than what was applied");
	return 0;
}

int nft_read_back(struct nft_backend *b, struct nft_state *out, char *error, size_t error_len)
{
	struct nft_tables tables;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = nft_tables_read(b, &tables, error, error_len);
	if (ret)
		return ret;
	check_presence(&tables, out);
	if (!out->drift)
		ret = check_seal(b, &tables, out, error, error_len);
	nft_tables_free(&tables);
	return ret;
}
