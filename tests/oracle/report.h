/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the differential test prints: a case in full, and what a run consisted of. */
#ifndef CORDON_TESTS_REPORT_H
#define CORDON_TESTS_REPORT_H

#include "core_side.h"

struct tally {
	uint64_t cases, accepted;
	uint64_t family[5];			/* IPv4, IPv6, ARP, ND, VLAN-tagged */
	uint64_t hook[O_HOOKS][2];		/* dropped, accepted */
	uint64_t reason[CORDON_REASON_MAX + 1];
};

void tally_add(struct tally *t, const struct o_packet *k, const struct o_answer *a);
/** tally_print - the table, and one TAP line per quota. Return: whether all are met. */
bool tally_print(const struct tally *t);

void report_case(const struct o_policy *p, const struct o_packet *k, const struct o_live *live, bool no_ruleset);
void report_answers(const struct core_side *side, const struct o_policy *p, const struct o_answer *a, const struct cordon_verdict *v);
/** report_difference - both answers in one line */
void report_difference(const struct o_packet *k, const struct o_answer *a, const struct cordon_verdict *v);

#endif /* CORDON_TESTS_REPORT_H */
