// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of privileged requests: length and state of each. */
#include <errno.h>

#include "userland/cordond/priv.h"

#define IN(state) (1U << (state))
#define ANY (IN(PRIV_IDLE) | IN(PRIV_BEGUN) | IN(PRIV_STAGED) | IN(PRIV_NFT_ADDED) | IN(PRIV_COMMITTED))
#define RESTING (IN(PRIV_IDLE) | IN(PRIV_COMMITTED))

static const struct priv_rule rules[] = {
	{ PRIV_QUERY, sizeof(struct priv_query), sizeof(struct priv_query), ANY, PRIV_KEEP },
	{ PRIV_BEGIN, sizeof(struct priv_begin), sizeof(struct priv_begin), RESTING, PRIV_BEGUN },
	{ PRIV_DATA, sizeof(uint32_t) + 1, sizeof(uint32_t) + KERNEL_DATA_BYTES, IN(PRIV_BEGUN), PRIV_KEEP },
	{ PRIV_STAGE, 0, 0, IN(PRIV_BEGUN), PRIV_STAGED },
	{ PRIV_COMMIT, 0, 0, IN(PRIV_NFT_ADDED), PRIV_COMMITTED },
	{ PRIV_ABORT, 0, 0, ANY, PRIV_IDLE },
	{ PRIV_DEVICE_SET, sizeof(struct priv_device), sizeof(struct priv_device), ANY, PRIV_KEEP },
	{ PRIV_DISARM, 0, 0, RESTING, PRIV_IDLE },
	/* Staged: transaction 1 of an apply. Otherwise a repair. */
	{ PRIV_NFT_ADD, sizeof(uint64_t) + 1, PRIV_MAX_TEXT, RESTING | IN(PRIV_STAGED), PRIV_KEEP },
	{ PRIV_NFT_RETIRE, sizeof(uint64_t), sizeof(uint64_t), RESTING, PRIV_IDLE },
	{ PRIV_NFT_RUN, 1, PRIV_MAX_TEXT, RESTING | IN(PRIV_NFT_ADDED), PRIV_KEEP },
	{ PRIV_NFT_STATE, 0, 0, ANY, PRIV_KEEP },
	{ PRIV_NFT_REMOVE, 0, 0, RESTING, PRIV_KEEP },
	{ PRIV_CT_DUMP, 0, 0, ANY, PRIV_KEEP },
	{ PRIV_CT_DELETE, sizeof(struct ct_flow), sizeof(struct ct_flow), ANY, PRIV_KEEP },
	{ PRIV_FORWARDING_OFF, 0, 0, RESTING, PRIV_KEEP },
	{ PRIV_PORT_DOWN, CORDON_PORT_NAME_LEN, CORDON_PORT_NAME_LEN, RESTING, PRIV_KEEP },
};

const struct priv_rule *priv_rule_for(uint16_t type)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].type == type)
			return &rules[i];
	}
	return NULL;
}

int priv_may(enum priv_state state, uint16_t type, size_t len)
{
	const struct priv_rule *rule = priv_rule_for(type);

	if (!rule || len < rule->least || len > rule->most)
		return -EPROTO;
	return rule->states & IN(state) ? 0 : -EBUSY;
}
