// SPDX-License-Identifier: GPL-2.0-or-later
/* See source.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/mem.h"
#include "policy/source.h"

#define DIRECTORY "policy.d"

static char *path_join(const char *directory, size_t directory_len, const char *name)
{
	size_t name_len = strlen(name);
	char *path = malloc(directory_len + name_len + 2);

	if (!path)
		return NULL;
	memcpy(path, directory, directory_len);
	if (directory_len && directory[directory_len - 1] != '/')
		path[directory_len++] = '/';
	memcpy(path + directory_len, name, name_len + 1);
	return path;
}

static int name_take(char ***names, size_t *n, char *name)
{
	char **slot = name ? policy_push(names, n, sizeof(*slot)) : NULL;

	if (!slot) {
		free(name);
		return -ENOMEM;
	}
	*slot = name;
	return 0;
}

static int name_compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static int is_source(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && !strcmp(name + len - 5, ".yaml");
}

static int directory_read(const char *path, char ***names, size_t *n)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int ret = 0;

	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	for (errno = 0; !ret && (entry = readdir(directory)); errno = 0)
		if (is_source(entry->d_name))
			ret = name_take(names, n, path_join(path, strlen(path), entry->d_name));
	if (!ret && errno)
		ret = -errno;
	closedir(directory);
	return ret;
}

char *source_beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return path_join(path, slash ? (size_t)(slash - path) + 1 : 0, name);
}

int source_list(const char *path, char ***names, size_t *n, char **failed)
{
	char *directory;
	int ret;

	*failed = NULL;
	ret = name_take(names, n, strdup(path));
	if (ret)
		return ret;
	directory = source_beside(path, DIRECTORY);
	if (!directory)
		return -ENOMEM;
	ret = directory_read(directory, names, n);
	qsort(*names + 1, *n - 1, sizeof(**names), name_compare);
	if (ret && ret != -ENOMEM)
		*failed = directory;
	else
		free(directory);
	return ret;
}

static int descriptor_read(int fd, size_t limit, char **text, size_t *len)
{
	size_t size, used = 0;
	struct stat st;
	char *buffer;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (st.st_size < 0 || (size_t)st.st_size > limit)
		return -EFBIG;
	/* One byte more than it says, so that a file that grows meanwhile is noticed. */
	size = (size_t)st.st_size + 1;
	buffer = malloc(size);
	if (!buffer)
		return -ENOMEM;
	while (used < size) {
		ssize_t got = read(fd, buffer + used, size - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(buffer);
			return -errno;
		}
		if (!got)
			break;
		used += (size_t)got;
	}
	if (used == size) {
		free(buffer);
		return -EAGAIN;
	}
	*text = buffer;
	*len = used;
	return 0;
}

int source_read(const char *path, size_t limit, char **text, size_t *len)
{
	/* Not blocking: a FIFO in the place of a policy must not hold the reader. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int ret;

	if (fd < 0)
		return -errno;
	ret = descriptor_read(fd, limit, text, len);
	close(fd);
	return ret;
}
