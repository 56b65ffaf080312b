/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy ready to be enforced: model, pairs, zone ids, ruleset bytes, their digest, and the ruleset as decide() reads it. */
#ifndef CORDON_LIB_COMPILED_H
#define CORDON_LIB_COMPILED_H

#include <stddef.h>
#include <stdint.h>

#include "kmod/core/ruleset.h"
#include "policy/policy.h"
#include "userland/lib/failure.h"
#include "userland/lib/bundle.h"

struct compiled {
	struct policy *policy;
	struct policy_pairs pairs;
	struct policy_zone_ids ids;
	uint8_t *blob;
	size_t len;
	uint8_t digest[CORDON_DIGEST_BYTES];
	struct cordon_ruleset *ruleset;
};

void compiled_free(struct compiled *c);
/**
 * compiled_load - load, check and compile a policy file
 * @running: zone ids to keep; may be NULL
 * @diags: receives errors and warnings; freed by the caller
 *
 * Return: 0; -EINVAL with the errors in @diags; another errno in @f
 */
int compiled_load(const char *path, const struct policy_zone_ids *running, struct policy_diags *diags,
		  struct compiled *c, struct failure *f);
/**
 * compiled_bundle - the same from a source in memory
 * @work: an existing directory in which a directory is made and removed again
 */
int compiled_bundle(const struct bundle *s, const char *work, const struct policy_zone_ids *running,
		    struct policy_diags *diags, struct compiled *c, struct failure *f);
/** compiled_replace_blob - take stored ruleset bytes instead of those just compiled (they are what was committed) */
int compiled_replace_blob(struct compiled *c, const void *blob, size_t len, struct failure *f);
/** compiled_where - "file:line:column", the path shortened to the part behind @work */
void compiled_where(const struct policy_pos *pos, char *out, size_t room);
/** compiled_first_error - "file:line:column: error: text" of the first error, paths shortened to the part behind @work */
void compiled_first_error(const struct policy_diags *diags, char *out, size_t room);

/** digest_sha256 - SHA-256 of several parts; -EIO when the library has none */
struct digest_part { const void *bytes; size_t len; };
int digest_sha256(const struct digest_part *parts, size_t n, uint8_t out[32]);

#endif /* CORDON_LIB_COMPILED_H */
