// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon coverage [--all]: which pairs of devices may never reach the gateway's processor, and why. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userland/cordon/coverage_world.h"

static const struct words {
	const char *text, *fix;
} words[COVERAGE_CAUSES] = {
	[COVERAGE_SAME_PORT] = { "both may be behind it in one VLAN; a switch or access point there forwards unseen",
				 "give each device a port or a VLAN of its own; isolate clients on the access point" },
	[COVERAGE_ANY_PORT] = { "both may be behind it: the policy does not say where one of them is",
				"give the devices a port list" },
	[COVERAGE_MEMBER] = { "both may be behind it, and it is not managed: the policy does not say where they are",
			      "give the devices a port list, and make the interface a port of the policy" },
	[COVERAGE_CHIP] = { "their ports are on this switch chip, which may forward by itself",
			    "use ports that the kernel forwards" },
	[COVERAGE_OFFLOAD] = { "the port hands flows to its hardware", "see cordon doctor" },
	[COVERAGE_TAKEN] = { "something takes frames from the port before cordon", "see cordon doctor" },
	[COVERAGE_VLANS] = { "both may be behind it, kept apart by their VLANs alone", "see that what stands there keeps VLANs apart" },
	[COVERAGE_SEGMENT] = { "its hosts reach each other without this box",
			       "isolate them in their switch, or make them devices" },
	[COVERAGE_OUTSIDE] = { "in the bridge but not managed: hosts behind it reach each other unseen",
			       "make it a port of the policy, or take it out of the bridge" },
};

static const char *place_name(const struct known_world *known, enum coverage_cause cause, size_t place)
{
	if (cause == COVERAGE_MEMBER || cause == COVERAGE_OUTSIDE)
		return known->world.members[place].name;
	return cause == COVERAGE_CHIP ? known->chip[place] : known->world.ports[place].name;
}

static json_t *cause_json(const struct known_world *known, enum coverage_cause cause, size_t place)
{
	return json_pack("{s:s, s:s}", "cause", coverage_cause_name(cause), "place", place_name(known, cause, place));
}

static json_t *groups_json(const struct known_world *known, const struct coverage *c)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < c->n_groups; i++) {
		const struct coverage_group *g = &c->groups[i];

		o = cause_json(known, g->cause, g->place);
		json_object_set_new(o, "pairs", json_integer((json_int_t)g->pairs));
		json_object_set_new(o, "unseen", json_boolean(g->cause < COVERAGE_VLANS));
		json_object_set_new(o, "text", json_string(words[g->cause].text));
		json_object_set_new(o, "fix", json_string(words[g->cause].fix));
		json_array_append_new(list, o);
	}
	return list;
}

/* Each pair ------------------------------------------------------------------------------------------------------- */

struct listing {
	const struct known_world *known;
	json_t *causes;
};

static void list_cause(enum coverage_cause cause, size_t place, void *arg)
{
	struct listing *l = arg;

	if (cause < COVERAGE_VLANS)
		json_array_append_new(l->causes, cause_json(l->known, cause, place));
}

/* Calls @each for every pair that may go unseen; it gets the reference to the causes. */
static void each_pair(const struct known_world *known,
		      void (*each)(const char *a, const char *b, json_t *causes, void *arg), void *arg)
{
	const struct coverage_world *world = &known->world;
	struct listing l = { .known = known, .causes = NULL };

	for (size_t i = 0; i < world->n_ends; i++) {
		for (size_t j = i + 1; j < world->n_ends; j++) {
			l.causes = json_array();
			if (coverage_judge(world, &world->ends[i], &world->ends[j], list_cause, &l))
				each(world->ends[i].name, world->ends[j].name, l.causes, arg);
			else
				json_decref(l.causes);
		}
	}
}

static void add_pair(const char *a, const char *b, json_t *causes, void *list)
{
	json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "a", a, "b", b, "causes", causes));
}

static void print_pair(const char *a, const char *b, json_t *causes, void *arg)
{
	const json_t *cause;
	size_t i;

	(void)arg;
	printf("%s, %s:", a, b);
	json_array_foreach(causes, i, cause)
		printf("%s %s %s", i ? "," : "", cli_text(cause, "cause"), cli_text(cause, "place"));
	putchar('\n');
	json_decref(causes);
}

/* The whole ------------------------------------------------------------------------------------------------------- */

static json_t *report_json(const struct cli *cli, const struct known_world *known, const struct coverage *c)
{
	json_t *o = json_pack("{s:b, s:b, s:I, s:I, s:o}", "ok", c->unseen == 0, "complete", known->complete, "pairs",
			      (json_int_t)c->pairs, "unseen", (json_int_t)c->unseen, "groups", groups_json(known, c));
	json_t *list;

	if (!cli->all)
		return o;
	list = json_array();
	each_pair(known, add_pair, list);
	json_object_set_new(o, "all", list);
	return o;
}

static void print_group(const struct cli *cli, const struct known_world *known, const struct coverage_group *g)
{
	printf("%s%s %s%s: ", g->cause < COVERAGE_VLANS ? cli_red(cli) : cli_yellow(cli), coverage_cause_name(g->cause),
	       place_name(known, g->cause, g->place), cli_off(cli));
	if (g->pairs)
		printf("%llu pair%s: ", (unsigned long long)g->pairs, g->pairs == 1 ? "" : "s");
	printf("%s\n    fix: %s\n", words[g->cause].text, words[g->cause].fix);
}

static void print_sum(const struct cli *cli, bool complete, const struct coverage *c)
{
	unsigned long long pairs = c->pairs, unseen = c->unseen;

	if (unseen)
		printf("%s%llu of %llu pairs of devices and segments may never reach this box's processor%s\n", cli_red(cli),
		       unseen, pairs, cli_off(cli));
	else if (complete)
		printf("%severy pair of devices and segments (%llu) has to pass this box's processor%s\n", cli_green(cli), pairs,
		       cli_off(cli));
	else
		printf("%sof %llu pairs of devices and segments none is known to go unseen%s\n", cli_yellow(cli), pairs,
		       cli_off(cli));
}

static void print_report(const struct cli *cli, const struct known_world *known, const struct coverage *c)
{
	for (size_t i = 0; i < c->n_groups; i++)
		print_group(cli, known, &c->groups[i]);
	if (cli->all)
		each_pair(known, print_pair, NULL);
	print_sum(cli, known->complete, c);
	if (!known->complete)
		fprintf(stderr, "cordon: not all is known: cordon status says what of the ports and nftables cannot be seen\n");
}

int cmd_coverage(struct cli *cli)
{
	struct known_world known;
	struct failure f = { 0 };
	struct coverage c = { 0 };
	int err = known_world_make(&known, cli, &f), code;

	if (!err && coverage_make(&known.world, &c))
		err = fail_sys(&f, ENOMEM, "cannot list the pairs");
	if (err) {
		code = cli_fail(cli, &f);
	} else {
		code = c.unseen ? CORDON_EXIT_NOT_HELD : CORDON_EXIT_OK;
		if (cli->json)
			cli_json(report_json(cli, &known, &c));
		else
			print_report(cli, &known, &c);
	}
	coverage_free(&c);
	known_world_free(&known);
	return code;
}
