/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TAP for the nftables tests: one line a case, the plan last. */
#ifndef CORDON_TESTS_NFT_TAP_H
#define CORDON_TESTS_NFT_TAP_H

#include <stdbool.h>
#include <stdio.h>

static unsigned int tap_cases, tap_failures;

static inline bool ok(bool good, const char *name)
{
	printf("%sok %u - %s\n", good ? "" : "not ", ++tap_cases, name);
	tap_failures += !good;
	return good;
}

static inline void skip(const char *name, const char *why)
{
	printf("ok %u - %s # SKIP %s\n", ++tap_cases, name, why);
}

static inline int tap_end(void)
{
	printf("1..%u\n", tap_cases);
	return tap_failures ? 1 : 0;
}

#endif /* CORDON_TESTS_NFT_TAP_H */
