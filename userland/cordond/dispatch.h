/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a permitted verb to its answer. */
#ifndef CORDON_CORDOND_DISPATCH_H
#define CORDON_CORDOND_DISPATCH_H

#include "userland/cordond/core.h"

/** dispatch - Return: the reply with "ok": true, or NULL with @f */
json_t *dispatch(struct core *core, const struct caller *caller, const struct verb *verb, const json_t *args,
		 const struct buf *source, struct failure *f);

#endif /* CORDON_CORDOND_DISPATCH_H */
