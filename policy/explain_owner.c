// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whose link-local addresses are, for decide() as policy_explain() runs it: nobody's yet, so that
 * each end owns its own from its first frame. A file of its own: a program that links the core with
 * another answer brings its own cordon_ll_owner().
 */
#include "policy/explain.h"

u32 cordon_ll_owner(const struct cordon_live *live, u16 vlan, const struct cordon_addr *addr)
{
	(void)live;
	(void)vlan;
	(void)addr;
	return CORDON_NO_DEVICE;
}
