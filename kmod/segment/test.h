/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control builds of the tests: a module that accepts everything, one that denies everything
 * managed, one of another wire version, one that cannot hook netdevs of group 77, one whose hash
 * tables have the keys 0, which the tests' attacker knows. A test that passes under the wrong one
 * proves nothing. The module that accepts everything writes the marks of the release module, so
 * what it lets through meets nftables as it would have there: it is the test of that layer by
 * itself. Release builds define none of these and contain nothing of them.
 */
#ifndef CORDON_SEGMENT_TEST_H
#define CORDON_SEGMENT_TEST_H

#include <linux/netdevice.h>
#include <linux/string.h>

#include "../core/decide.h"

#if defined(CORDON_TEST_wire)
#define CORDON_SAID_WIRE_VERSION (CORDON_WIRE_VERSION + 1)
#else
#define CORDON_SAID_WIRE_VERSION CORDON_WIRE_VERSION
#endif

/* Return: 0, or what a control build says instead of registering hooks on @dev. */
static inline int cordon_test_tap(const struct net_device *dev)
{
#if defined(CORDON_TEST_tap)
	if (dev->group == 77)
		return -ENOMEM;
#endif
	return 0;
}

/* Lets a control build give away the key of a hash table. */
static inline void cordon_test_key(void *key, size_t bytes)
{
#if defined(CORDON_TEST_keys)
	memset(key, 0, bytes);
#endif
}

/* Lets a control build change a verdict; the zones, and so the mark, stay what decide() found. */
static inline void cordon_test_verdict(struct cordon_verdict *v)
{
#if defined(CORDON_TEST_accept)
	v->accept = 1;
	v->reason = CORDON_REASON_NONE;
#elif defined(CORDON_TEST_deny)
	/* A frame that is dropped anyway keeps its reason: tests of a denial must not notice. */
	if (v->accept)
		v->reason = CORDON_REASON_PAIR;
	v->accept = 0;
	v->flags &= CORDON_V_UNKNOWN;
#endif
}

#endif /* CORDON_SEGMENT_TEST_H */
