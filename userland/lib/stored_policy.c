// SPDX-License-Identifier: GPL-2.0-or-later
/* Restoring: the source is compiled for the model, but what is enforced are the bytes that were committed. */
#include "userland/lib/stored_policy.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

int blob_zone_ids(const uint8_t *blob, size_t len, struct policy_zone_ids *ids)
{
	struct cordon_blob_header header;
	struct cordon_blob_zone zone;
	size_t offset, count;

	memset(ids, 0, sizeof(*ids));
	if (len < sizeof(header))
		return -EBADMSG;
	memcpy(&header, blob, sizeof(header));
	offset = le32toh(header.section[CORDON_SECT_ZONES].offset);
	count = le32toh(header.section[CORDON_SECT_ZONES].count);
	if (count > CORDON_ZONE_LAST || offset > len || (len - offset) / sizeof(zone) < count)
		return -EBADMSG;
	for (size_t i = 0; i < count; i++) {
		memcpy(&zone, blob + offset + i * sizeof(zone), sizeof(zone));
		ids->v[i].id = zone.id;
		memcpy(ids->v[i].name, zone.name, sizeof(zone.name));
		ids->v[i].name[sizeof(zone.name)] = '\0';
	}
	ids->n = count;
	return 0;
}

int stored_compile(const struct stored *s, const char *work, struct compiled *c, struct failure *f)
{
	struct policy_diags diags = { 0 };
	struct policy_zone_ids ids;
	struct bundle source;
	int err = bundle_unpack(s->source, s->source_len, &source, f);

	if (err)
		return err;
	err = blob_zone_ids(s->blob, s->blob_len, &ids);
	if (err)
		err = fail(f, CORDON_EXIT_FAILED, -err, "the state database: the ruleset bytes are damaged");
	else
		err = compiled_bundle(&source, work, &ids, &diags, c, f);
	if (err == -EINVAL && diags.errors)
		compiled_first_error(&diags, f->text, sizeof(f->text));
	if (!err && (c->len != s->blob_len || memcmp(c->blob, s->blob, c->len)))
		err = compiled_replace_blob(c, s->blob, s->blob_len, f);
	policy_diags_free(&diags);
	bundle_free(&source);
	return err;
}
