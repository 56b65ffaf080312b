// SPDX-License-Identifier: GPL-2.0-or-later
/* The programs' log lines: one write each, so that lines of two processes never mix. */
#include "userland/lib/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *log_process = "cordon";
static bool log_journal;

void log_open(const char *process)
{
	log_process = process;
	log_journal = getenv("JOURNAL_STREAM") != NULL;
}

static void __attribute__((format(printf, 3, 0)))
put(int priority, const char *word, const char *format, va_list args)
{
	char line[1024];
	size_t n = 0;

	if (log_journal)
		n += (size_t)snprintf(line, sizeof(line), "<%d>", priority);
	n += (size_t)snprintf(line + n, sizeof(line) - n, "%s: %s", log_process, word);
	vsnprintf(line + n, sizeof(line) - n - 1, format, args);
	n = strlen(line);
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return;	/* nowhere left to say it */
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(3, "error: ", format, args);
	va_end(args);
}

void log_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(4, "warning: ", format, args);
	va_end(args);
}

void log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(6, "", format, args);
	va_end(args);
}
