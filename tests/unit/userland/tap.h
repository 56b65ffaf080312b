/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TAP for the userland tests: one line a case, the plan last. */
#ifndef CORDON_TESTS_USERLAND_TAP_H
#define CORDON_TESTS_USERLAND_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned int tap_cases, tap_failures;

static inline bool ok(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool ok(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %u - ", good ? "" : "not ", ++tap_cases);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	tap_failures += !good;
	return good;
}

static inline int tap_end(void)
{
	printf("1..%u\n", tap_cases);
	return tap_failures ? 1 : 0;
}

#endif /* CORDON_TESTS_USERLAND_TAP_H */
