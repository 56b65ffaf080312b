// SPDX-License-Identifier: GPL-2.0-or-later
/* Failures as values; nothing here prints. */
#include "userland/lib/failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 4, 0)))
set(struct failure *f, int exit, int sys, const char *format, va_list args)
{
	f->exit = exit;
	f->sys = sys;
	vsnprintf(f->text, sizeof(f->text), format, args);
}

int fail(struct failure *f, int exit, int sys, const char *format, ...)
{
	va_list args;

	if (f) {
		va_start(args, format);
		set(f, exit, sys, format, args);
		va_end(args);
	}
	return sys > 0 ? -sys : -EIO;
}

int fail_sys(struct failure *f, int sys, const char *format, ...)
{
	va_list args;
	size_t used;

	if (f) {
		va_start(args, format);
		set(f, sys == EPERM || sys == EACCES ? CORDON_EXIT_DENIED : CORDON_EXIT_FAILED, sys, format, args);
		va_end(args);
		used = strlen(f->text);
		snprintf(f->text + used, sizeof(f->text) - used, ": %s", strerror(sys));
	}
	return sys > 0 ? -sys : -EIO;
}
