/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a record of the state database back to a compiled policy. */
#ifndef CORDON_LIB_STORED_POLICY_H
#define CORDON_LIB_STORED_POLICY_H

#include "userland/lib/compiled.h"
#include "userland/lib/store.h"

/** stored_compile - model from the stored source, bytes and zone ids as they were committed; @work as in compiled_bundle() */
int stored_compile(const struct stored *s, const char *work, struct compiled *c, struct failure *f);
/** blob_zone_ids - the zone ids that ruleset bytes use */
int blob_zone_ids(const uint8_t *blob, size_t len, struct policy_zone_ids *ids);

#endif /* CORDON_LIB_STORED_POLICY_H */
