// SPDX-License-Identifier: GPL-2.0-only
/* decide(): hands a packet to its hook and makes the answer whole. */
#include "judge.h"

static int judge_hook(struct cordon_case *c, enum cordon_hook hook)
{
	switch (hook) {
	case CORDON_HOOK_INGRESS:
		return c->rs ? cordon_ingress(c) : CORDON_REASON_NO_RULESET;
	case CORDON_HOOK_EGRESS:
		return c->rs ? cordon_egress(c) : CORDON_REASON_NO_RULESET;
	case CORDON_HOOK_FORWARD:
	case CORDON_HOOK_LOCAL_IN:
	case CORDON_HOOK_LOCAL_OUT:
	case CORDON_HOOK_BRIDGE:
		return cordon_conntrack(c, hook);
	case __CORDON_HOOK_MAX:
		break;
	}
	return CORDON_REASON_NO_RULESET;
}

void cordon_decide(const struct cordon_ruleset *rs, enum cordon_hook hook,
		   const struct cordon_packet *packet,
		   const struct cordon_live *live, struct cordon_verdict *v)
{
	struct cordon_case c = { rs, packet, packet->frame, live, v };
	int said;

	memset(v, 0, sizeof(*v));
	v->src_device = CORDON_NO_DEVICE;
	v->dst_device = CORDON_NO_DEVICE;
	said = judge_hook(&c, hook);
	if (said == CORDON_ACCEPT) {
		v->accept = 1;
		return;
	}
	/* A hook that forgot to answer is a bug, and a bug drops. */
	v->reason = said > 0 ? (u8)said : CORDON_REASON_NO_RULESET;
	v->flags &= CORDON_V_UNKNOWN;
}
