// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel holds: which generations stand, and whether the tables are still what cordon left. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "nft/kernel.h"

int nft_command(struct nft_backend *b, const char *command, unsigned int flags, const char **output,
		char *error, size_t error_len)
{
	const char *said;

	nft_ctx_output_set_flags(b->ctx, flags);
	if (!nft_run_cmd_from_buffer(b->ctx, command)) {
		*output = nft_ctx_get_output_buffer(b->ctx);
		return 0;
	}
	said = nft_ctx_get_error_buffer(b->ctx);
	said = said && *said ? said : "nftables failed without a word";
	nft_say(error, error_len, "%.*s", (int)strcspn(said, "\n"), said);
	/* Empties it for the next command. */
	nft_ctx_get_output_buffer(b->ctx);
	return -EIO;
}

/* --- the digest --- */

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
		size_t len = strcspn(text, "\n");

		len += text[len] == '\n';
		skip = skip || unsealed_block(text);
		if (!skip && *text != '\n')
			EVP_DigestUpdate(md, text, len);
		if (begins(text, "\t}"))
			skip = false;
		text += len;
	}
}

static int digest_tables(struct nft_tables *tables)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool good = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;

	for (enum nft_family family = 0; good && family < NFT_FAMILIES; family++)
		if (tables->of[family].text)
			digest_listing(md, tables->of[family].text);
	good = good && EVP_DigestFinal_ex(md, digest, NULL) == 1;
	EVP_MD_CTX_free(md);
	for (size_t i = 0; good && i < (NFT_SEAL_LEN - 1) / 2; i++)
		snprintf(tables->digest + 2 * i, 3, "%02x", digest[i]);
	return good ? 0 : -ENOMEM;
}

/* --- the tables --- */

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (!strncmp(text, line, len) && (text[len] == '\n' || !text[len]))
			return true;
	}
	return false;
}

static int list(struct nft_backend *b, const char *command, struct nft_listing *listing, char *error, size_t error_len)
{
	const char *output;
	int ret = nft_command(b, command, NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_ALL, &output, error, error_len);

	if (ret)
		return ret;
	listing->text = strdup(output);
	return listing->text ? 0 : -ENOMEM;
}

static int read_tables(struct nft_backend *b, struct nft_tables *out, char *error, size_t error_len)
{
	static const char *const lines[NFT_FAMILIES] = { "table inet cordon", "table bridge cordon" };
	static const char *const lists[NFT_FAMILIES] = { "list table inet cordon", "list table bridge cordon" };
	const char *output;
	int ret = nft_command(b, "list tables", 0, &output, error, error_len);

	for (enum nft_family family = 0; !ret && family < NFT_FAMILIES; family++)
		out->of[family].present = has_line(output, lines[family]);
	for (enum nft_family family = 0; !ret && family < NFT_FAMILIES; family++)
		if (out->of[family].present)
			ret = list(b, lists[family], &out->of[family], error, error_len);
	if (!ret)
		ret = digest_tables(out);
	for (enum nft_family family = 0; !ret && family < NFT_FAMILIES; family++)
		ret = nft_listing_parse(&out->of[family]);
	return ret;
}

static bool has_seal(const struct nft_tables *tables)
{
	char name[sizeof(NFT_SET_SEAL) + NFT_SEAL_LEN];

	snprintf(name, sizeof(name), NFT_SET_SEAL "%s", tables->digest);
	return nft_find(tables, NFT_INET, NFT_SET, name);
}

void nft_forget(struct nft_backend *b)
{
	nft_tables_free(&b->tables);
	b->genid = 0;
	b->beside = 0;
}

int nft_tables_read(struct nft_backend *b, const struct nft_tables **out, char *error, size_t error_len)
{
	uint32_t genid = nft_genid();
	int ret;

	*out = &b->tables;
	if (genid && genid == b->genid && !b->beside)
		return 0;
	nft_forget(b);
	ret = read_tables(b, &b->tables, error, error_len);
	if (ret == -ENOMEM)
		nft_say(error, error_len, "no memory for a listing");
	if (ret) {
		nft_forget(b);
		return ret;
	}
	b->tables.sealed = has_seal(&b->tables);
	/* A listing takes several requests: it is of one ruleset only when that stood before and after. */
	if (nft_genid() == genid)
		b->genid = genid;
	return 0;
}

int nft_managed_read(struct nft_backend *b, unsigned int parity, struct nft_tables *out, char *error, size_t error_len)
{
	char command[64];
	int ret = 0;

	memset(out, 0, sizeof(*out));
	for (enum nft_family family = 0; !ret && family < NFT_FAMILIES; family++) {
		snprintf(command, sizeof(command), "list set %s cordon " NFT_SET_MANAGED "%u", nft_family_name(family), parity);
		ret = list(b, command, &out->of[family], error, error_len);
		if (!ret)
			ret = nft_listing_parse(&out->of[family]);
	}
	if (ret == -ENOMEM)
		nft_say(error, error_len, "no memory for a listing");
	return ret;
}

void nft_tables_free(struct nft_tables *tables)
{
	for (enum nft_family family = 0; family < NFT_FAMILIES; family++) {
		free(tables->of[family].text);
		free(tables->of[family].v);
	}
	memset(tables, 0, sizeof(*tables));
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
	out->n = nft_generations(tables, out->generations, 4);
	out->present = tables->of[NFT_INET].present && tables->of[NFT_BRIDGE].present;
	if (!tables->of[NFT_INET].present)
		drift(out, "table inet cordon is missing");
	if (!tables->of[NFT_BRIDGE].present)
		drift(out, "table bridge cordon is missing");
	if (out->n == 0)
		drift(out, "no generation stands");
	if (out->n > 1)
		drift(out, "more than one generation stands");
	for (size_t i = 0; i < out->n; i++)
		if (!nft_stands(tables, out->generations[i]))
			drift(out, "a generation stands in one table only");
}

int nft_read_back(struct nft_backend *b, struct nft_state *out, char *error, size_t error_len)
{
	const struct nft_tables *tables;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = nft_tables_read(b, &tables, error, error_len);
	if (ret)
		return ret;
	ret = nft_offloads_read(out);
	if (ret) {
		nft_say(error, error_len, "the flowtables cannot be listed: %s", strerror(-ret));
		return ret;
	}
	check_presence(tables, out);
	if (!tables->sealed)
		drift(out, "the tables hold something else than what was applied");
	return 0;
}
