// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The differential test: random cases judged by the oracle and by the compiled ruleset. Without arguments it runs a million cases
 * from a fresh seed and prints TAP; --seed S --only N shows one case again, --all goes on and lists every difference in a line.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "core_side.h"
#include "gen.h"
#include "report.h"

#define CASES_PER_POLICY 500

struct run {
	uint64_t seed, cases;
	int64_t only;
	bool quiet, all;
	uint64_t policy_number;		/* of the policy at hand, plus one */
	char yaml[65536];
	size_t yaml_len;
	struct o_policy policy;
	struct core_side side;
	struct tally tally;
};

static uint64_t mix(uint64_t seed, uint64_t stream, uint64_t n)
{
	struct g_rng r = { seed ^ stream * 0xd1342543de82ef95ULL };

	r.state = g_next(&r) ^ n * 0x2545f4914f6cdd1dULL;
	return g_next(&r);
}

static bool use_policy(struct run *run, uint64_t number)
{
	struct g_rng r = { mix(run->seed, 1, number) };
	struct policy_diags diags = { 0 };
	const char *wrong;

	if (run->policy_number == number + 1)
		return true;
	core_side_free(&run->side);
	g_policy(&r, &run->policy);
	run->yaml_len = g_yaml(&r, &run->policy, run->yaml, sizeof(run->yaml));
	wrong = oracle_prepare(&run->policy) ? NULL : "the oracle does not know a service";
	if (!wrong)
		wrong = core_side_make(&run->side, &run->policy, run->yaml, run->yaml_len,
				       g_chance(&r, 25) ? g_below(&r, 241) : 0, &diags);
	if (wrong) {
		printf("# policy %" PRIu64 " of seed %" PRIu64 ": %s\n%s", number, run->seed, wrong, run->yaml);
		policy_diags_print(&diags, stdout, false);
	}
	policy_diags_free(&diags);
	run->policy_number = number + 1;
	return !wrong;
}

/* What the kernel is told to learn is half of ingress: who is where, and whose an address is. */
static bool same_lesson(const struct core_side *side, const struct o_answer *a, const struct cordon_verdict *v)
{
	int sender = v->src_device == CORDON_NO_DEVICE ? O_NOBODY : side->device_back[v->src_device];

	return sender == a->sender && !(v->flags & CORDON_V_UNKNOWN) == !a->stranger &&
	       !(v->flags & CORDON_V_LEARN_PORT) == !a->new_port && !(v->flags & CORDON_V_LEARN_LL) == !a->new_owner;
}

static bool same(const struct core_side *side, const struct o_answer *a, const struct cordon_verdict *v)
{
	const char *reason = a->accept ? "none" : a->reason;

	if (a->accept != v->accept || v->accept > 1 || v->reason > CORDON_REASON_MAX)
		return false;
	if (a->accept != (v->reason == CORDON_REASON_NONE))
		return false;
	if (!a->accept && strcmp(reason, cordon_reason_name(v->reason)))
		return false;
	if (a->src_zone != O_NOBODY && side->zone[v->src_zone] != a->src_zone)
		return false;
	return a->dst_zone == O_NOBODY || side->zone[v->dst_zone] == a->dst_zone;
}

/* Return: whether both sides agree. */
static bool one_case(struct run *run, uint64_t n)
{
	static struct o_live live;
	static struct o_packet packet;
	struct g_rng r = { mix(run->seed, 2, n) };
	struct g_case c = { .r = &r, .p = &run->policy, .live = &live, .k = &packet };
	struct cordon_verdict v;
	struct o_answer answer;
	bool agree;

	if (!use_policy(run, n / CASES_PER_POLICY))
		return false;
	g_make(&c);
	answer = oracle_judge(c.no_ruleset ? NULL : &run->policy, &packet, &live);
	core_side_judge(&run->side, c.no_ruleset, &packet, &live, &v);
	tally_add(&run->tally, &packet, &answer);
	agree = same(&run->side, &answer, &v) && (packet.hook != O_INGRESS || same_lesson(&run->side, &answer, &v));
	if (!agree && run->all) {
		printf("case %" PRIu64 ": ", n);
		report_difference(&packet, &answer, &v);
	} else if (run->only >= 0 || (!agree && !run->quiet)) {
		printf("# case %" PRIu64 " of seed %" PRIu64 " (replay: --seed %" PRIu64 " --only %" PRIu64 ")\n%s", n, run->seed,
		       run->seed, n, run->yaml);
		report_case(&run->policy, &packet, &live, c.no_ruleset);
		report_answers(&run->side, &run->policy, &answer, &v);
	}
	return agree;
}

static uint64_t number(const char *s)
{
	char *end;
	uint64_t v = strtoull(s, &end, 0);

	if (!*s || *end) {
		fprintf(stderr, "differential: %s is not a number\n", s);
		exit(2);
	}
	return v;
}

static void options(struct run *run, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "seed", required_argument, NULL, 's' }, { "cases", required_argument, NULL, 'c' },
		{ "only", required_argument, NULL, 'o' }, { "quiet", no_argument, NULL, 'q' },
		{ "all", no_argument, NULL, 'a' }, { NULL, 0, NULL, 0 },
	};
	int c;

	if (getrandom(&run->seed, sizeof(run->seed), 0) != sizeof(run->seed))
		run->seed = (uint64_t)time(NULL);
	run->seed >>= 16;	/* shorter to copy */
	run->cases = 1000000;
	run->only = -1;
	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 's')
			run->seed = number(optarg);
		else if (c == 'c')
			run->cases = number(optarg);
		else if (c == 'o')
			run->only = (int64_t)number(optarg);
		else if (c == 'q')
			run->quiet = true;
		else if (c == 'a')
			run->all = true;
		else
			exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct run run;
	struct timespec from, to;
	bool agree = true, quotas;
	uint64_t n = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	options(&run, argc, argv);
	printf("# seed %" PRIu64 "\n", run.seed);
	if (run.only >= 0) {
		agree = one_case(&run, (uint64_t)run.only);
		printf("%sok 1 - differential: case %" PRId64 "\n", agree ? "" : "not ", run.only);
		return !agree;
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	while (n < run.cases && (agree || run.all))
		agree &= one_case(&run, n++);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("# %" PRIu64 " cases in %.1f s\n", n, (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	printf("%sok 1 - differential: oracle and ruleset agree on %" PRIu64 " cases\n", agree ? "" : "not ", n);
	if (!run.all && (!agree || run.quiet))
		return !agree;
	quotas = tally_print(&run.tally);
	core_side_free(&run.side);
	return !(agree && quotas);
}
