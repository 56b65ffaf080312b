/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a policy: which they are, and their bytes. */
#ifndef CORDON_POLICY_SOURCE_H
#define CORDON_POLICY_SOURCE_H

#include <stddef.h>

/** source_beside - path of @name in the directory of @path, malloc'ed */
char *source_beside(const char *path, const char *name);

/**
 * source_list - @path and the *.yaml of policy.d beside it, in name order
 * @names: receives a policy_push() array of malloc'ed paths
 * @failed: receives the directory's path (malloc'ed) when it cannot be read
 *
 * Return: 0; -ENOMEM; the negative errno of the directory with @failed set (@path itself is in
 * @names then).
 */
int source_list(const char *path, char ***names, size_t *n, char **failed);

/**
 * source_read - the bytes of a regular file
 * @limit: largest size taken
 * @text: receives a malloc'ed buffer, @len its length
 *
 * Return: 0; -EFBIG above @limit; -EISDIR, -EINVAL (not a regular file), -ENOMEM or another
 * negative errno.
 */
int source_read(const char *path, size_t limit, char **text, size_t *len);

#endif /* CORDON_POLICY_SOURCE_H */
