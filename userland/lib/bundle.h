/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The source of a policy as a value: policy.yaml and the files of policy.d, read together, so that what was checked, what is applied
 * and what is kept in the state database are the same bytes.
 */
#ifndef CORDON_LIB_BUNDLE_H
#define CORDON_LIB_BUNDLE_H

#include <stddef.h>

#include "userland/lib/buf.h"
#include "userland/lib/failure.h"

#define BUNDLE_MAIN "policy.yaml"
#define BUNDLE_DIR "policy.d"
#define BUNDLE_DEVICES "policy.d/90-devices.yaml"
#define BUNDLE_MAX_BYTES ((size_t)64 << 20)
#define BUNDLE_MAX_FILES 1024

struct bundle_file {
	char *name;	/* BUNDLE_MAIN, or BUNDLE_DIR "/" a file name */
	char *text;
	size_t len;
};

struct bundle {
	struct bundle_file *v;
	size_t n;
};

void bundle_free(struct bundle *s);
/** bundle_read - the file at @path and the *.yaml of policy.d beside it, in name order */
int bundle_read(const char *path, struct bundle *s, struct failure *f);
/** bundle_set - replace or add one file; the order by name is kept */
int bundle_set(struct bundle *s, const char *name, const char *text, size_t len, struct failure *f);
/** bundle_pack, bundle_unpack - as bytes; unpacking checks every length and name */
void bundle_pack(const struct bundle *s, struct buf *out);
int bundle_unpack(const void *bytes, size_t len, struct bundle *s, struct failure *f);
/** bundle_write - write the files below an existing, empty directory */
int bundle_write(const struct bundle *s, const char *dir, struct failure *f);

#endif /* CORDON_LIB_BUNDLE_H */
