// SPDX-License-Identifier: GPL-2.0-or-later
/* Policy sources: reading, packing, writing out. Names never leave the directory: one level, no dots in front. */
#include "userland/lib/bundle.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "userland/lib/file.h"

void bundle_free(struct bundle *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].name);
		free(s->v[i].text);
	}
	free(s->v);
	memset(s, 0, sizeof(*s));
}

static bool is_yaml(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && name[0] != '.' && !strchr(name, '/') && !strcmp(name + len - 5, ".yaml");
}

static bool name_ok(const char *name)
{
	size_t dir = strlen(BUNDLE_DIR "/");

	return !strcmp(name, BUNDLE_MAIN) || (!strncmp(name, BUNDLE_DIR "/", dir) && is_yaml(name + dir));
}

/* The main file stands first, then by name. */
static int order(const char *a, const char *b)
{
	bool main_a = !strcmp(a, BUNDLE_MAIN), main_b = !strcmp(b, BUNDLE_MAIN);

	return main_a || main_b ? (int)main_b - (int)main_a : strcmp(a, b);
}

static struct bundle_file *slot(struct bundle *s, const char *name)
{
	struct bundle_file *v;
	size_t at = 0;
	char *copy;

	while (at < s->n && order(s->v[at].name, name) < 0)
		at++;
	if (at < s->n && !strcmp(s->v[at].name, name))
		return &s->v[at];
	copy = strdup(name);
	v = s->n < BUNDLE_MAX_FILES && copy ? reallocarray(s->v, s->n + 1, sizeof(*v)) : NULL;
	if (!v) {
		free(copy);
		return NULL;
	}
	s->v = v;
	memmove(&v[at + 1], &v[at], (s->n - at) * sizeof(*v));
	s->n++;
	v[at] = (struct bundle_file){ .name = copy };
	return &v[at];
}

int bundle_set(struct bundle *s, const char *name, const char *text, size_t len, struct failure *f)
{
	struct bundle_file *file;
	char *copy;

	if (!name_ok(name))
		return fail(f, CORDON_EXIT_USAGE, EINVAL, "\"%s\" is no name of a policy file", name);
	copy = malloc(len + 1);
	file = copy ? slot(s, name) : NULL;
	if (!file) {
		free(copy);
		return fail(f, CORDON_EXIT_FAILED, ENOMEM, "no room for the policy file %s (at most %d files)", name,
			    BUNDLE_MAX_FILES);
	}
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	free(file->text);
	file->text = copy;
	file->len = len;
	return 0;
}

static size_t total(const struct bundle *s)
{
	size_t sum = 0;

	for (size_t i = 0; i < s->n; i++)
		sum += s->v[i].len;
	return sum;
}

static int add_file(struct bundle *s, const char *path, const char *name, struct failure *f)
{
	size_t left = BUNDLE_MAX_BYTES - total(s), len;
	char *text;
	int err = file_read(path, left, &text, &len, f);

	if (err == -EFBIG)
		return fail(f, CORDON_EXIT_USAGE, EFBIG, "%s: the policy is larger than 64 MiB", path);
	if (err) {
		f->exit = err == -EACCES ? CORDON_EXIT_DENIED : CORDON_EXIT_USAGE;
		return err;
	}
	err = bundle_set(s, name, text, len, f);
	free(text);
	return err;
}

static int add_directory(struct bundle *s, const char *dir, struct failure *f)
{
	struct dirent *entry;
	char path[PATH_MAX], name[NAME_MAX + sizeof(BUNDLE_DIR) + 1];
	DIR *d = opendir(dir);
	int err = 0;

	if (!d)
		return errno == ENOENT ? 0 : fail_sys(f, errno, "cannot read %s", dir);
	while (!err && (entry = readdir(d)) != NULL) {
		if (!is_yaml(entry->d_name))
			continue;
		snprintf(name, sizeof(name), "%s/%s", BUNDLE_DIR, entry->d_name);
		err = file_path(path, sizeof(path), dir, entry->d_name);
		err = err ? fail_sys(f, -err, "cannot read %s", dir) : add_file(s, path, name, f);
	}
	closedir(d);
	return err;
}

int bundle_read(const char *path, struct bundle *s, struct failure *f)
{
	char copy[PATH_MAX], dir[PATH_MAX];
	int err;

	memset(s, 0, sizeof(*s));
	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy) ||
	    file_path(dir, sizeof(dir), dirname(copy), BUNDLE_DIR))
		return fail_sys(f, ENAMETOOLONG, "cannot read %s", path);
	err = add_file(s, path, BUNDLE_MAIN, f);
	if (!err)
		err = add_directory(s, dir, f);
	if (err)
		bundle_free(s);
	return err;
}

void bundle_pack(const struct bundle *s, struct buf *out)
{
	buf_put_u32(out, (uint32_t)s->n);
	for (size_t i = 0; i < s->n; i++) {
		buf_put_block(out, s->v[i].name, strlen(s->v[i].name));
		buf_put_block(out, s->v[i].text, s->v[i].len);
	}
}

static int unpack_file(struct reader *r, struct bundle *s, struct failure *f)
{
	char name[NAME_MAX + sizeof(BUNDLE_DIR) + 1];
	size_t name_len, len;
	const void *at = reader_block(r, &name_len), *text;

	if (r->failed || name_len >= sizeof(name) || memchr(at, '\0', name_len))
		return fail(f, CORDON_EXIT_USAGE, EBADMSG, "the policy source is damaged (file name)");
	memcpy(name, at, name_len);
	name[name_len] = '\0';
	text = reader_block(r, &len);
	if (r->failed || len > BUNDLE_MAX_BYTES - total(s))
		return fail(f, CORDON_EXIT_USAGE, EBADMSG, "the policy source is damaged or larger than 64 MiB");
	return bundle_set(s, name, text, len, f);
}

int bundle_unpack(const void *bytes, size_t len, struct bundle *s, struct failure *f)
{
	struct reader r;
	uint32_t n;
	int err = 0;

	memset(s, 0, sizeof(*s));
	reader_init(&r, bytes, len);
	n = reader_u32(&r);
	for (uint32_t i = 0; i < n && !err; i++)
		err = unpack_file(&r, s, f);
	if (!err && (r.failed || r.pos != r.end || !s->n || strcmp(s->v[0].name, BUNDLE_MAIN)))
		err = fail(f, CORDON_EXIT_USAGE, EBADMSG, "the policy source is damaged");
	if (err)
		bundle_free(s);
	return err;
}

int bundle_write(const struct bundle *s, const char *dir, struct failure *f)
{
	char path[PATH_MAX];
	int err = 0;

	if (file_path(path, sizeof(path), dir, BUNDLE_DIR))
		return fail_sys(f, ENAMETOOLONG, "cannot write %s", dir);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail_sys(f, errno, "cannot make %s", path);
	for (size_t i = 0; i < s->n && !err; i++) {
		if (file_path(path, sizeof(path), dir, s->v[i].name))
			return fail_sys(f, ENAMETOOLONG, "cannot write %s", dir);
		err = file_write(path, s->v[i].text, s->v[i].len, 0600, f);
	}
	return err;
}
