// SPDX-License-Identifier: GPL-2.0-or-later
/* Compiling: policy library -> bytes -> digest -> decoded ruleset. */
#include "userland/lib/compiled.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "userland/lib/file.h"

void compiled_free(struct compiled *c)
{
	free(c->ruleset);
	free(c->blob);
	if (c->policy) {
		policy_pairs_free(&c->pairs);
		policy_free(c->policy);
	}
	memset(c, 0, sizeof(*c));
}

int digest_sha256(const struct digest_part *parts, size_t n, uint8_t out[32])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);

	for (size_t i = 0; i < n && ok; i++)
		ok = EVP_DigestUpdate(ctx, parts[i].bytes, parts[i].len);
	ok = ok && EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
	return ok ? 0 : -EIO;
}

/* Digest and decoded form of the bytes in @c. */
static int decode(struct compiled *c, struct failure *f)
{
	static const cordon_hash_key key;
	struct cordon_decode_error error = { 0 };
	struct digest_part part = { c->blob, c->len };
	size_t need = cordon_ruleset_bytes(c->blob, c->len, &error);

	free(c->ruleset);
	c->ruleset = need ? calloc(1, need) : NULL;
	if (need && !c->ruleset)
		return fail_sys(f, ENOMEM, "cannot decode the ruleset");
	if (!need || cordon_ruleset_decode(c->ruleset, c->blob, c->len, &key, &error))
		return fail(f, CORDON_EXIT_FAILED, EBADMSG, "the ruleset bytes are damaged at offset %u: %s",
			    error.offset, error.what ? error.what : "header");
	if (digest_sha256(&part, 1, c->digest))
		return fail(f, CORDON_EXIT_FAILED, EIO, "cannot make a SHA-256 digest");
	return 0;
}

static int compile(struct compiled *c, const struct policy_zone_ids *running, struct failure *f)
{
	int err;

	if (policy_pairs_make(c->policy, &c->pairs))
		return fail_sys(f, ENOMEM, "cannot compile the policy");
	if (running)
		c->ids = *running;
	err = policy_compile(c->policy, &c->ids, &c->blob, &c->len);
	if (err == -ENOSPC)
		return fail(f, CORDON_EXIT_USAGE, ENOSPC,
			    "old and new zones together need more than 248 ids: apply in two steps, removing zones first");
	return err ? fail_sys(f, -err, "cannot compile the policy") : decode(c, f);
}

int compiled_load(const char *path, const struct policy_zone_ids *running, struct policy_diags *diags,
		  struct compiled *c, struct failure *f)
{
	int err;

	memset(c, 0, sizeof(*c));
	c->policy = policy_load(path, diags);
	if (!c->policy)
		return fail(f, CORDON_EXIT_USAGE, EINVAL, "the policy %s has %zu error%s", path, diags->errors,
			    diags->errors == 1 ? "" : "s");
	err = compile(c, running, f);
	if (err)
		compiled_free(c);
	return err;
}

int compiled_bundle(const struct bundle *s, const char *work, const struct policy_zone_ids *running,
		    struct policy_diags *diags, struct compiled *c, struct failure *f)
{
	char dir[PATH_MAX - 64], path[PATH_MAX];
	int err;

	if (snprintf(dir, sizeof(dir), "%s/policy-XXXXXX", work) >= (int)sizeof(dir) || !mkdtemp(dir))
		return fail_sys(f, errno ? errno : ENAMETOOLONG, "cannot make a directory in %s", work);
	err = bundle_write(s, dir, f);
	snprintf(path, sizeof(path), "%s/%s", dir, BUNDLE_MAIN);
	if (!err)
		err = compiled_load(path, running, diags, c, f);
	file_remove_tree(dir);
	return err;
}

int compiled_replace_blob(struct compiled *c, const void *blob, size_t len, struct failure *f)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		return fail_sys(f, ENOMEM, "cannot copy the ruleset");
	memcpy(copy, blob, len);
	free(c->blob);
	c->blob = copy;
	c->len = len;
	return decode(c, f);
}

/* The part of a path that the user knows: policy.yaml or policy.d/NAME, whatever directory it was compiled in. */
static const char *short_name(const char *path)
{
	const char *at = strstr(path, "/policy-");

	at = at ? strchr(at + 1, '/') : NULL;
	return at ? at + 1 : path;
}

void compiled_where(const struct policy_pos *pos, char *out, size_t room)
{
	snprintf(out, room, "%s:%u:%u", pos->file ? short_name(pos->file) : BUNDLE_MAIN, pos->line, pos->column);
}

void compiled_first_error(const struct policy_diags *diags, char *out, size_t room)
{
	char where[128];

	for (size_t i = 0; i < diags->n; i++) {
		const struct policy_diag *d = &diags->v[i];

		if (d->level != POLICY_ERROR)
			continue;
		compiled_where(&d->pos, where, sizeof(where));
		snprintf(out, room, "%s: error: %s", where, d->text);
		return;
	}
	snprintf(out, room, "no error");
}
