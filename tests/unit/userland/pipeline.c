// SPDX-License-Identifier: GPL-2.0-or-later
/* The pipeline over a kernel of memory that fails at the Nth call: what stands afterwards is old or new, never both. */
#include "userland/lib/pipeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "tests/unit/userland/tap.h"

/** struct fake - a kernel: committed and staged generation, generations in nftables */
struct fake {
	struct kernel base;
	const uint8_t *digest;
	uint64_t committed, staged;
	bool nft[16];
	size_t received;
	int calls, fail_at;
	uint32_t wire;		/* 0: ours */
};

static bool fails(struct kernel *k, struct failure *f)
{
	struct fake *fake = (struct fake *)k;

	if (++fake->calls != fake->fail_at)
		return false;
	fail(f, CORDON_EXIT_FAILED, EIO, "planted");
	return true;
}

static int fake_query(struct kernel *k, uint8_t cmd, kernel_attrs_cb cb, void *arg, struct failure *f)
{
	struct fake *fake = (struct fake *)k;
	char buffer[512];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	if (fails(k, f))
		return -EIO;
	if (cmd != CORDON_CMD_INFO_GET)
		return 0;
	mnl_attr_put_u32(nlh, CORDON_A_WIRE_VERSION, fake->wire ? fake->wire : CORDON_WIRE_VERSION);
	mnl_attr_put_strz(nlh, CORDON_A_MODULE_VERSION, "9.9");
	mnl_attr_put_u8(nlh, CORDON_A_ARMED, 1);
	mnl_attr_put_u64(nlh, CORDON_A_GENERATION, fake->committed);
	mnl_attr_put(nlh, CORDON_A_DIGEST, CORDON_DIGEST_BYTES, fake->digest);
	return cb(mnl_nlmsg_get_payload(nlh), mnl_nlmsg_get_payload_len(nlh), arg);
}

static int fake_begin(struct kernel *k, uint32_t length, uint64_t generation, struct failure *f)
{
	struct fake *fake = (struct fake *)k;

	(void)length;
	fake->received = 0;
	fake->staged = generation;
	return fails(k, f) ? -EIO : 0;
}

static int fake_data(struct kernel *k, uint32_t offset, const void *bytes, size_t len, struct failure *f)
{
	struct fake *fake = (struct fake *)k;

	(void)bytes;
	if (offset != fake->received || fails(k, f))
		return -EIO;
	fake->received += len;
	return 0;
}

static int answer(struct fake *fake, struct api_info *info)
{
	memset(info, 0, sizeof(*info));
	info->has_digest = true;
	memcpy(info->digest, fake->digest, CORDON_DIGEST_BYTES);
	return 0;
}

static int fake_stage(struct kernel *k, struct api_info *info, struct failure *f)
{
	return fails(k, f) ? -EIO : answer((struct fake *)k, info);
}

static int fake_commit(struct kernel *k, struct api_info *info, struct failure *f)
{
	struct fake *fake = (struct fake *)k;

	if (fails(k, f))
		return -EIO;
	fake->committed = fake->staged;
	return answer(fake, info);
}

static int fake_abort(struct kernel *k, struct failure *f)
{
	(void)f;
	((struct fake *)k)->staged = 0;
	return 0;
}

static int fake_nft_add(struct kernel *k, const char *text, uint64_t generation, struct failure *f)
{
	(void)text;
	if (fails(k, f))
		return -EIO;
	((struct fake *)k)->nft[generation] = true;
	return 0;
}

static int fake_nft_retire(struct kernel *k, uint64_t generation, struct failure *f)
{
	struct fake *fake = (struct fake *)k;

	if (fails(k, f))
		return -EIO;
	for (size_t i = 0; i < 16; i++)
		fake->nft[i] = fake->nft[i] && i == generation;
	return 0;
}

static int fake_nft_run(struct kernel *k, const char *text, struct failure *f)
{
	(void)text;
	return fails(k, f) ? -EIO : 0;
}

static int fake_nft_remove(struct kernel *k, struct failure *f)
{
	(void)f;
	memset(((struct fake *)k)->nft, 0, sizeof(((struct fake *)k)->nft));
	return 0;
}

static int fake_ct_dump(struct kernel *k, kernel_flow_cb cb, void *arg, struct failure *f)
{
	(void)cb;
	(void)arg;
	return fails(k, f) ? -EIO : 0;
}

static const struct kernel_ops fake_ops = {
	.query = fake_query, .begin = fake_begin, .data = fake_data, .stage = fake_stage, .commit = fake_commit,
	.abort = fake_abort, .nft_add = fake_nft_add, .nft_retire = fake_nft_retire, .nft_run = fake_nft_run,
	.nft_remove = fake_nft_remove, .ct_dump = fake_ct_dump,
};

static struct compiled compile(void)
{
	static const char text[] = "cordon: 1\ngateway: {uplinks: [wan], management: console-only}\nflows:\n"
				   "  - {from: gateway, to: wan, allow: [dns]}\n";
	struct policy_diags diags = { 0 };
	struct bundle b = { 0 };
	struct compiled c = { 0 };
	struct failure f = { 0 };

	bundle_set(&b, BUNDLE_MAIN, text, strlen(text), NULL);
	if (compiled_bundle(&b, "/tmp", NULL, &diags, &c, &f))
		printf("# %s\n", f.text);
	policy_diags_free(&diags);
	bundle_free(&b);
	return c;
}

/* Return: whether a failure was met; false when all calls went through. */
static bool attempt(const struct compiled *c, int fail_at)
{
	struct fake fake = { .base = { &fake_ops }, .digest = c->digest, .committed = 4, .fail_at = fail_at,
			     .nft = { [4] = true } };
	struct failure warning = { 0 }, f = { 0 };
	int err = pipeline_install(&fake.base, c, 5, NULL, 4, &warning, &f);
	bool met = fake.calls >= fail_at;

	if (err)
		ok(fake.committed == 4 && fake.nft[4] && !fake.nft[5] && *f.text, "failure %d: the old one stands", fail_at);
	else if (met)
		ok(fake.committed == 5 && fake.nft[5] && *warning.text, "failure %d: the new one stands, with a warning",
		   fail_at);
	else
		ok(fake.committed == 5 && fake.nft[5] && !fake.nft[4] && !*warning.text && fake.received == c->len,
		   "no failure: the new one stands alone");
	return met;
}

static void wire_version(const struct compiled *c)
{
	struct fake fake = { .base = { &fake_ops }, .digest = c->digest, .wire = CORDON_WIRE_VERSION + 1 };
	struct failure f = { 0 };
	struct api_info info;

	ok(kernel_info(&fake.base, &info, &f) == -EPROTO && strstr(f.text, "module 9.9 speaks wire version 3"),
	   "a module of another wire version: %s", f.text);
}

int main(void)
{
	struct compiled c = compile();
	int n = 1;

	if (!ok(c.policy != NULL, "a policy to install"))
		return 1;
	while (attempt(&c, n))
		n++;
	ok(n > 8, "every call was failed in turn");
	wire_version(&c);
	compiled_free(&c);
	ok(pipeline_next_generation(0, 0) == 1 && pipeline_next_generation(7, 0) == 8, "generations without a running one");
	ok(pipeline_next_generation(4, 4) == 5 && pipeline_next_generation(5, 4) == 7 && pipeline_next_generation(3, 9) == 10,
	   "the next generation has the other parity");
	return tap_end();
}
