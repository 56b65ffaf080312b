// SPDX-License-Identifier: GPL-2.0-or-later
/* See text.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "nft/text.h"

int nft_text_open(struct nft_text *t)
{
	memset(t, 0, sizeof(*t));
	t->f = open_memstream(&t->buf, &t->len);
	if (!t->f)
		t->error = -ENOMEM;
	return t->error;
}

int nft_text_close(struct nft_text *t, char **out)
{
	*out = NULL;
	if (t->f && (ferror(t->f) | fclose(t->f)) && !t->error)
		t->error = -ENOMEM;
	t->f = NULL;
	if (t->error) {
		free(t->buf);
		t->buf = NULL;
		return t->error;
	}
	*out = t->buf;
	return 0;
}

void nft_put(struct nft_text *t, const char *format, ...)
{
	va_list args;

	if (!t->f)
		return;
	va_start(args, format);
	if (vfprintf(t->f, format, args) < 0 && !t->error)
		t->error = -ENOMEM;
	va_end(args);
}

/* A quote would end the string, a backslash escape, and a '*' stand for other names. */
static bool quotable(const char *name)
{
	if (!*name || strlen(name) > 15)
		return false;
	for (; *name; name++)
		if (*name <= ' ' || *name > '~' || strchr("\"\\*", *name))
			return false;
	return true;
}

void nft_put_name(struct nft_text *t, const char *name)
{
	if (!quotable(name)) {
		if (!t->error)
			t->error = -EINVAL;
		return;
	}
	nft_put(t, "\"%s\"", name);
}

void nft_say(char *error, size_t error_len, const char *format, ...)
{
	va_list args;

	if (!error || !error_len)
		return;
	va_start(args, format);
	vsnprintf(error, error_len, format, args);
	va_end(args);
}
