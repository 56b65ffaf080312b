// SPDX-License-Identifier: GPL-2.0-or-later
/* Unit tests of kmod/core on the host; prints TAP. */
#include <stdarg.h>
#include <stdio.h>

#include "core_test.h"

static unsigned int cases, failures;

bool check(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %u - core: ", good ? "" : "not ", ++cases);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	failures += !good;
	return good;
}

int main(void)
{
	test_small();
	test_frame();
	test_decode();
	test_lookup();
	test_ingress();
	test_hooks();
	test_edges();
	test_limit();
	printf("1..%u\n", cases);
	return failures ? 1 : 0;
}
