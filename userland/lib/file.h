/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files: whole reads with a limit, atomic durable writes. */
#ifndef CORDON_LIB_FILE_H
#define CORDON_LIB_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "userland/lib/failure.h"

/** file_read - read a whole file of at most @max bytes; @text is malloc'ed and has a NUL behind its @len bytes */
int file_read(const char *path, size_t max, char **text, size_t *len, struct failure *f);
/** file_write - replace @path: temporary file beside it, fsync, rename, fsync of the directory */
int file_write(const char *path, const void *bytes, size_t len, mode_t mode, struct failure *f);
/** file_read_line - first line of a small file such as a sysctl into @out. Return: 0 or a negative errno */
int file_read_line(const char *path, char *out, size_t room);
/** file_path - join; -ENAMETOOLONG when it does not fit */
int file_path(char *out, size_t room, const char *dir, const char *name);
/** file_remove_tree - remove a directory of files and one level of directories, as bundle_write() makes it */
void file_remove_tree(const char *dir);

#endif /* CORDON_LIB_FILE_H */
