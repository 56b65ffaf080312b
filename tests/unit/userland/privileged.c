// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of privileged requests: each type, in each state, with each wrong length. */
#include <errno.h>

#include "tests/unit/userland/tap.h"
#include "userland/cordond/priv.h"

#define STATES 5

/* States in which a request acts: idle, begun, staged, nft added, committed. */
static const struct {
	uint16_t type;
	const char *name, *states;
	size_t good;
} want[] = {
	{ PRIV_QUERY, "query", "ibsnc", 1 },
	{ PRIV_BEGIN, "begin", "ic", sizeof(struct priv_begin) },
	{ PRIV_DATA, "data", "b", 100 },
	{ PRIV_STAGE, "stage", "b", 0 },
	{ PRIV_COMMIT, "commit", "n", 0 },
	{ PRIV_ABORT, "abort", "ibsnc", 0 },
	{ PRIV_DEVICE_SET, "device", "ibsnc", sizeof(struct priv_device) },
	{ PRIV_DISARM, "disarm", "ic", 0 },
	{ PRIV_NFT_ADD, "nft add", "isc", 100 },
	{ PRIV_NFT_RETIRE, "nft retire", "ic", sizeof(uint64_t) },
	{ PRIV_NFT_RUN, "nft run", "inc", 100 },
	{ PRIV_NFT_STATE, "nft state", "ibsnc", 0 },
	{ PRIV_NFT_REMOVE, "nft remove", "ic", 0 },
	{ PRIV_CT_DUMP, "conntrack dump", "ibsnc", 0 },
	{ PRIV_CT_DELETE, "conntrack delete", "ibsnc", sizeof(struct ct_flow) },
	{ PRIV_FORWARDING_OFF, "forwarding off", "ic", 0 },
	{ PRIV_PORT_DOWN, "port down", "ic", CORDON_PORT_NAME_LEN },
};

static bool acts(const char *states, int state)
{
	static const char letters[STATES] = { 'i', 'b', 's', 'n', 'c' };

	for (; *states; states++) {
		if (*states == letters[state])
			return true;
	}
	return false;
}

int main(void)
{
	size_t n = sizeof(want) / sizeof(want[0]);

	ok(n == PRIV_REQUEST_END - PRIV_QUERY, "every request is here");
	for (size_t i = 0; i < n; i++) {
		const struct priv_rule *rule = priv_rule_for(want[i].type);
		bool good = rule != NULL;

		for (int state = 0; state < STATES; state++)
			good = good && priv_may((enum priv_state)state, want[i].type, want[i].good) ==
				       (acts(want[i].states, state) ? 0 : -EBUSY);
		ok(good, "%s acts in its states only", want[i].name);
		good = rule && priv_may(PRIV_IDLE, want[i].type, (size_t)rule->most + 1) == -EPROTO &&
		       (!rule->least || priv_may(PRIV_IDLE, want[i].type, rule->least - 1) == -EPROTO);
		ok(good, "%s of a wrong length is refused", want[i].name);
	}
	ok(priv_may(PRIV_IDLE, 0, 0) == -EPROTO && priv_may(PRIV_IDLE, PRIV_REQUEST_END, 0) == -EPROTO &&
	   priv_may(PRIV_IDLE, PRIV_ITEM, 0) == -EPROTO, "what is no request is refused");
	return tap_end();
}
