// SPDX-License-Identifier: GPL-2.0-or-later
/* File helpers; every descriptor is closed on exec. */
#include "userland/lib/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ssize_t read_full(int fd, char *at, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, at + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static int slurp(int fd, size_t max, char **text, size_t *len)
{
	size_t room = 16384, used = 0;
	char *data = NULL, *more;
	ssize_t n;

	for (;;) {
		more = realloc(data, room + 1);
		if (!more) {
			free(data);
			return -ENOMEM;
		}
		data = more;
		n = read_full(fd, data + used, room - used);
		used += n > 0 ? (size_t)n : 0;
		if (n < 0 || used > max) {
			free(data);
			return n < 0 ? (int)n : -EFBIG;
		}
		if (used < room)
			break;
		room *= 2;
	}
	data[used] = '\0';
	*text = data;
	*len = used;
	return 0;
}

int file_read(const char *path, size_t max, char **text, size_t *len, struct failure *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), err;

	if (fd < 0)
		return fail_sys(f, errno, "cannot read %s", path);
	err = slurp(fd, max, text, len);
	close(fd);
	return err ? fail_sys(f, -err, "cannot read %s", path) : 0;
}

static int write_full(int fd, const char *at, size_t len)
{
	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int fd, err;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
		return -ENAMETOOLONG;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return err;
}

static int write_temporary(const char *path, const void *bytes, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode), err;

	if (fd < 0)
		return -errno;
	err = write_full(fd, bytes, len);
	if (!err && fsync(fd) < 0)
		err = -errno;
	if (close(fd) < 0 && !err)
		err = -errno;
	return err;
}

int file_write(const char *path, const void *bytes, size_t len, mode_t mode, struct failure *f)
{
	char temporary[PATH_MAX];
	int err;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary))
		return fail_sys(f, ENAMETOOLONG, "cannot write %s", path);
	err = write_temporary(temporary, bytes, len, mode);
	if (!err && rename(temporary, path) < 0)
		err = -errno;
	if (!err)
		err = sync_directory(path);
	else
		unlink(temporary);
	return err ? fail_sys(f, -err, "cannot write %s", path) : 0;
}

int file_read_line(const char *path, char *out, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read_full(fd, out, room - 1);
	close(fd);
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return n < 0 ? (int)n : 0;
}

int file_path(char *out, size_t room, const char *dir, const char *name)
{
	return snprintf(out, room, "%s/%s", dir, name) < (int)room ? 0 : -ENAMETOOLONG;
}

static void remove_files(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d)) != NULL)
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d)
		closedir(d);
}

void file_remove_tree(const char *dir)
{
	char sub[PATH_MAX];

	if (!file_path(sub, sizeof(sub), dir, "policy.d")) {
		remove_files(sub);
		rmdir(sub);
	}
	remove_files(dir);
	rmdir(dir);
}
