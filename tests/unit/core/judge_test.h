/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One judgement in the tests' network: facts that most tests share, to be changed before judge(). */
#ifndef CORDON_TESTS_CORE_JUDGE_TEST_H
#define CORDON_TESTS_CORE_JUDGE_TEST_H

#include "core_test.h"
#include "wires.h"

enum { DESK, SHELF, CAMERA, RECORDER, MOBILE, DEVICES };	/* indexes of the network's devices */

/** struct scene - the live state and sides of one judgement; scene() gives: nobody quarantined, no device seen yet, all ports up */
struct scene {
	struct cordon_dev_live dev[DEVICES];
	struct cordon_live live;
	struct cordon_side in, out;
	struct cordon_ct ct;
	u32 owner;			/* of every link-local address in every VLAN */
	bool own_elsewhere;		/* the box's addresses are of other links */
	bool no_ruleset;
	struct cordon_verdict v;	/* after judge() */
};

struct scene scene(void);
struct cordon_side on_port(int port, int vlan);
struct cordon_side stacked(int vlan);
struct cordon_ct flow(int state, int proto, int service, const char *initiator, const char *target);
/** may_be_on - give a device another port list (bits) in the network, until it is called again */
void may_be_on(int device, u64 ports);
void is_own(const char *address);	/* adds to the box's own addresses until the next scene() */
/** judge - one case named @name; @reason NULL: it must be accepted */
void judge(const char *name, struct scene *s, enum cordon_hook hook, const struct g_wire *w, const char *reason);
/** ingress - from @port in a fresh scene */
void ingress(const char *name, int port, const struct g_wire *w, const char *reason);
void egress(const char *name, int port, const struct g_wire *w, const char *reason);

#endif /* CORDON_TESTS_CORE_JUDGE_TEST_H */
