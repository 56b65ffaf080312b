// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "May SRC start SERVICE to DST, and why": chooses what to try, tries it, names the flow that
 * decided. A service of several entries, or ends with both families, are allowed when each of them
 * is; the answer shows the first that is not.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/entries.h"
#include "policy/explain.h"
#include "policy/mem.h"
#include "policy/value.h"

/* At most this many entries of one service are tried, each by its first port. */
#define PROBES_MAX 64

static int service_find(const struct policy *policy, const char *text, struct entries_set *set,
			char *error, size_t error_len)
{
	struct policy_entry entry = { .kind = CORDON_ENTRY_ALL };
	const char *fault;

	if (!strcmp(text, "all"))
		return entries_set_add(set, &entry);
	for (size_t i = 0; i < policy->n_services; i++)
		if (!strcmp(policy->services[i].name, text))
			return entries_set_add_all(set, &policy->services[i].entries);
	fault = strchr(text, '/') ? value_entry(text, &entry)
				  : "name a service or an entry such as tcp/443";
	if (!fault)
		return entries_set_add(set, &entry);
	snprintf(error, error_len, "'%s' is no service; %s", text, fault);
	return -EINVAL;
}

/* What the pair allows, as the compiler would put it. */
static int pair_set(const struct policy *policy, int from, int to, struct entries_set *set)
{
	struct policy_pairs pairs;
	int ret = policy_pairs_make(policy, &pairs);

	for (size_t i = 0; !ret && i < pairs.n; i++)
		if (pairs.v[i].from == from && pairs.v[i].to == to)
			ret = entries_to_set(&pairs.v[i].entries, set);
	policy_pairs_free(&pairs);
	return ret;
}

/* Whether an entry can be spoken in a family at all. */
static bool speaks(const struct policy_entry *entry, int family)
{
	if (entry->kind != CORDON_ENTRY_RANGE)
		return true;
	return entry->proto == CORDON_PROTO_ICMP ? !family
						 : entry->proto != CORDON_PROTO_ICMPV6 || family;
}

/*
 * The number to try of a span: its first, but no port 0, which no packet has, and of a range of
 * protocols none that is part of IP itself (hop-by-hop, IGMP, routing, fragment, ...), which the
 * guards judge whatever the policy says.
 */
static struct policy_entry probe_of(struct entries_span span)
{
	static const uint8_t part_of_ip[] = { 0, 2, 43, 44, 51, 59, 60, 135, 139, 140 };
	struct policy_entry probe = entries_of_span(span);

	for (size_t i = 0; i < sizeof(part_of_ip) && probe.kind == CORDON_ENTRY_PROTO; i++)
		if (probe.low == part_of_ip[i] && probe.low < probe.high)
			probe.low++;
	if (probe.kind == CORDON_ENTRY_RANGE && !probe.low && probe.high)
		probe.low = 1;
	probe.high = probe.low;
	return probe;
}

struct question {
	const struct explain_world *world;
	struct explain_end from, to;
	struct policy_explain *out;
	bool tried;
};

/* Try one port or type. Return: false when the answer is no, and then @out shows why. */
static bool try_entry(struct question *question, const struct policy_entry *entry, int family)
{
	struct explain_talk talk = {
		.from = &question->from, .to = &question->to, .family = family, .entry = *entry
	};
	struct policy_explain tried = *question->out;

	explain_walk(question->world, &talk, &tried);
	tried.flow = policy_flow_for(question->world->policy, tried.from, tried.to, &talk.entry);
	/* A flow decided only if it says what happened; an identity guard needs none. */
	if (tried.flow && tried.flow->deny == tried.allowed)
		tried.flow = NULL;
	if (question->tried && tried.allowed)
		return true;
	question->tried = true;
	*question->out = tried;
	for (size_t i = 0; i < tried.n_steps; i++)
		question->out->steps[i].detail = question->out->details[i];
	return tried.allowed;
}

static bool try_set(struct question *question, const struct entries_set *set)
{
	for (int family = 0; family < 2; family++) {
		if (!question->from.has[family] || !question->to.has[family])
			continue;
		for (size_t i = 0; i < set->n && i < PROBES_MAX; i++) {
			struct policy_entry probe = probe_of(set->v[i]);

			if (speaks(&probe, family) && !try_entry(question, &probe, family))
				return false;
		}
	}
	return true;
}

/* First what the pair lacks, because that is where a service fails; then all of it. */
static int ask(struct question *question, const struct entries_set *wanted,
	       const struct entries_set *given)
{
	struct entries_set lacking = { 0 };
	int ret = 0;

	for (size_t i = 0; !ret && i < wanted->n; i++) {
		struct entries_span *slot = policy_push(&lacking.v, &lacking.n, sizeof(*slot));

		if (slot)
			*slot = wanted->v[i];
		else
			ret = -ENOMEM;
	}
	if (!ret)
		ret = entries_set_subtract(&lacking, given);
	if (!ret && try_set(question, &lacking))
		try_set(question, wanted);
	entries_set_free(&lacking);
	return ret;
}

static int question_put(struct question *question, const char *service, char *error,
			size_t error_len)
{
	const struct policy *policy = question->world->policy;
	struct entries_set wanted = { 0 }, given = { 0 };
	int ret = service_find(policy, service, &wanted, error, error_len);

	entries_set_normalise(&wanted);
	if (!ret)
		ret = pair_set(policy, question->out->from, question->out->to, &given);
	if (!ret)
		ret = ask(question, &wanted, &given);
	entries_set_free(&wanted);
	entries_set_free(&given);
	if (!ret && !question->tried) {
		snprintf(error, error_len,
			 "the two ends have no address of one family that '%s' could use", service);
		ret = -EINVAL;
	}
	return ret;
}

/* What never passes the box is not judged by it. */
static int same_segment(const struct question *question, char *error, size_t error_len)
{
	const struct explain_end *from = &question->from, *to = &question->to;

	if (from->kind == EXPLAIN_GATEWAY && to->kind == EXPLAIN_GATEWAY) {
		snprintf(error, error_len, "what the box says to itself is not judged");
		return -EINVAL;
	}
	if (from->kind == EXPLAIN_HOST && to->kind == EXPLAIN_HOST && from->port == to->port) {
		snprintf(error, error_len,
			 "both are behind port '%s', where they talk without passing this box",
			 question->world->policy->ports[from->port].name);
		return -EINVAL;
	}
	return 0;
}

int policy_explain(const struct policy *policy, const char *src, const char *dst,
		   const char *service, struct policy_explain *out, char *error, size_t error_len)
{
	struct explain_world world;
	struct question question = { .world = &world, .out = out };
	int ret;

	memset(out, 0, sizeof(*out));
	if (error_len)
		error[0] = '\0';
	ret = explain_world_make(policy, &world);
	if (ret)
		return ret;
	ret = explain_end_find(&world, src, NULL, &question.from, error, error_len);
	if (!ret)
		ret = explain_end_find(&world, dst, &question.from, &question.to, error, error_len);
	if (!ret)
		ret = same_segment(&question, error, error_len);
	out->from = question.from.zone;
	out->to = question.to.zone;
	if (!ret)
		ret = question_put(&question, service, error, error_len);
	explain_world_free(&world);
	return ret;
}
