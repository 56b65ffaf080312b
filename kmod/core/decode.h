/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decoder's parts; used by decode.c alone. Each checks its sections of @b and fills its part
 * of @rs, or fills @err.
 */
#ifndef CORDON_CORE_DECODE_H
#define CORDON_CORE_DECODE_H

#include "blob.h"
#include "table.h"

int cordon_decode_limits(struct cordon_ruleset *rs, const struct cordon_blob *b,
			 struct cordon_decode_error *err);
/*
 * Gives whoever has limit @limit (index + 1) a meter; 0 is no limit, and @meter stays. Return:
 * false when there is no such limit.
 */
bool cordon_decode_limit_of(struct cordon_ruleset *rs, u16 limit, u32 *meter);
/* After all that may have limits. */
int cordon_decode_limits_used(const struct cordon_ruleset *rs, const struct cordon_blob *b,
			      struct cordon_decode_error *err);
int cordon_decode_ports(struct cordon_ruleset *rs, const struct cordon_blob *b,
			struct cordon_decode_error *err);
int cordon_decode_pairs(struct cordon_ruleset *rs, const struct cordon_blob *b,
			struct cordon_decode_error *err);
int cordon_decode_prefixes(struct cordon_ruleset *rs, const struct cordon_blob *b,
			   struct cordon_decode_error *err);
/* After the zones. */
int cordon_decode_groups(struct cordon_ruleset *rs, const struct cordon_blob *b,
			 struct cordon_decode_error *err);
int cordon_decode_devices(struct cordon_ruleset *rs, const struct cordon_blob *b,
			  struct cordon_decode_error *err);

/* NUL-terminated, not empty, and zero behind the NUL. */
bool cordon_decode_name_ok(const char *name, size_t size);

static inline bool cordon_port_carries(const struct cordon_port *port, u16 vlan)
{
	return port->untagged == vlan || (port->tagged[vlan >> 6] >> (vlan & 63) & 1);
}

#endif /* CORDON_CORE_DECODE_H */
