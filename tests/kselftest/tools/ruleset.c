// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A ruleset by hand, step by step, over a socket of its own: ruleset begin|data|stage|commit|abort|close, ruleset load (all of it),
 * file=BLOB [flip=OFFSET] [cut=BYTES] [txid=N].
 */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 60000

static struct link swap;
static uint64_t txid;
static uint8_t *blob;
static size_t blob_len;

static int take_txid(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CORDON_A_TXID)
			txid = mnl_attr_get_u64(attr);
		if (mnl_attr_get_type(attr) == CORDON_A_GENERATION)
			*(uint64_t *)arg = mnl_attr_get_u64(attr);
	}
	return MNL_CB_OK;
}

static bool read_blob(const struct words *w)
{
	FILE *file = word(w, "file") ? fopen(word(w, "file"), "re") : NULL;
	long at = word_num(w, "flip", -1);

	if (!file)
		return blob != NULL;
	blob = realloc(blob, 8 << 20);
	blob_len = blob ? fread(blob, 1, 8 << 20, file) : 0;
	fclose(file);
	if (word_has(w, "cut") && (size_t)word_num(w, "cut", 0) < blob_len)
		blob_len = (size_t)word_num(w, "cut", 0);
	if (at >= 0 && (size_t)at < blob_len)
		blob[at] ^= 0xff;
	return blob_len > 0;
}

static int send_data(void)
{
	static char buf[CHUNK + 512];

	for (size_t at = 0; at < blob_len; at += CHUNK) {
		size_t len = blob_len - at < CHUNK ? blob_len - at : CHUNK;
		struct nlmsghdr *nlh = link_message(&swap, buf, CORDON_CMD_RULESET_DATA, 0);
		int err;

		mnl_attr_put_u64(nlh, CORDON_A_TXID, txid);
		mnl_attr_put_u32(nlh, CORDON_A_OFFSET, (uint32_t)at);
		mnl_attr_put(nlh, CORDON_A_DATA, len, blob + at);
		err = link_talk(&swap, nlh, NULL, NULL);
		if (err)
			return err;
	}
	return 0;
}

static int step(const char *what, const struct words *w, uint64_t *generation)
{
	static const struct { const char *name; uint8_t cmd; } steps[] = {
		{ "begin", CORDON_CMD_RULESET_BEGIN }, { "stage", CORDON_CMD_RULESET_STAGE },
		{ "commit", CORDON_CMD_RULESET_COMMIT }, { "abort", CORDON_CMD_RULESET_ABORT },
	};
	char buf[256];

	if (!strcmp(what, "data"))
		return send_data();
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct nlmsghdr *nlh;

		if (strcmp(what, steps[i].name))
			continue;
		nlh = link_message(&swap, buf, steps[i].cmd, 0);
		if (i == 0) {
			mnl_attr_put_u32(nlh, CORDON_A_LENGTH, (uint32_t)blob_len);
			if (word_has(w, "generation"))
				mnl_attr_put_u64(nlh, CORDON_A_GENERATION, (uint64_t)word_num(w, "generation", 0));
		} else {
			mnl_attr_put_u64(nlh, CORDON_A_TXID, word_has(w, "txid") ? (uint64_t)word_num(w, "txid", 0) : txid);
		}
		return link_talk(&swap, nlh, take_txid, generation);
	}
	return -EINVAL;
}

void ruleset_forget(void)
{
	link_close(&swap);
}

/* One step, or those that make a whole. Return: 0, or what the kernel refused with. */
static int run(const char *what, const struct words *w, uint64_t *generation)
{
	static const char *const all[] = { "begin", "data", "stage", "commit" };
	const char *ns = word(w, "ns");
	int err = 0, n = !strcmp(what, "load") ? 4 : !strcmp(what, "staged") ? 3 : 1;

	if (!swap.nl)
		err = link_open(&swap, ns ? ns : "gw");
	for (int i = 0; !err && i < n; i++)
		err = step(n > 1 ? all[i] : what, w, generation);
	return err;
}

const char *ruleset_load(const char *file)
{
	struct words w = { .n = 1, .v = { { .key = (char *)"file", .value = (char *)file } } };
	uint64_t generation;
	int err;

	if (!read_blob(&w))
		return "no such ruleset";
	err = run("load", &w, &generation);
	link_close(&swap);	/* the module may be another one the next time */
	return err ? strerror(-err) : NULL;
}

void do_ruleset(const struct words *w)
{
	const char *what = w->n > 1 ? w->v[1].key : "";
	uint64_t generation = 0;
	int err;

	if (!strcmp(what, "close")) {
		link_close(&swap);
		answer("ok");
		return;
	}
	if ((!strcmp(what, "begin") || !strcmp(what, "load") || !strcmp(what, "staged")) && !read_blob(w)) {
		answer("bad no such ruleset");
		return;
	}
	err = run(what, w, &generation);
	if (err)
		answer("bad %s%s%s", strerror(-err), swap.why[0] ? ": " : "", swap.why);
	else
		answer("ok txid=%llu generation=%llu", (unsigned long long)txid, (unsigned long long)generation);
	if (!strcmp(what, "load"))
		link_close(&swap);
}
