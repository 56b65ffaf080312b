// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeping nftables at the running generation, and an eye on the ports: on every notification, and every few seconds for those that were lost. */
#include <stdio.h>
#include <string.h>

#include <event2/event.h>

#include "userland/cordond/core.h"
#include "userland/cordond/hardwatch.h"
#include "userland/lib/log.h"
#include "userland/lib/pipeline.h"

static struct event *check, *links, *periodic;

static void repaired(struct core *core, const char *why)
{
	char detail[256];

	snprintf(detail, sizeof(detail), "nftables: %.200s", why);
	log_warn("repaired %s", detail);
	store_audit(core->store, 0, "cordond", "repair", detail, NULL);
}

static void look(struct core *core)
{
	const struct running *r = &core->running;
	struct nft_state state;
	struct failure f = { 0 };
	const char *why;

	if (core->kernel->ops->nft_state(core->kernel, &state, &f)) {
		core_trouble(core, "nftables cannot be read: %s", f.text);
		return;
	}
	hardwatch(core, &state);
	if (state.present && !state.drift && state.n == 1 && state.generations[0] == r->generation)
		return;
	why = !state.present ? "the tables were gone" : *state.drift_text ? state.drift_text : "another generation stood there";
	if (pipeline_nft(core->kernel, &r->c, r->generation, &f))
		core_trouble(core, "nftables cannot be repaired: %s", f.text);
	else
		repaired(core, why);
}

static void on_check(evutil_socket_t fd, short what, void *arg)
{
	struct core *core = arg;
	struct api_info info;
	struct failure f = { 0 };

	(void)fd;
	(void)what;
	if (core->disarmed || !core->running.valid)
		return;
	if (kernel_info(core->kernel, &info, &f))
		core_trouble(core, "the module does not answer: %s", f.text);
	else if (!info.armed && core_restore(core, &f))
		core_trouble(core, "the module has no ruleset: %s", f.text);
	else if (info.armed && info.generation != core->running.generation)
		core_trouble(core, "the module enforces generation %llu, not %llu: apply a policy",
			     (unsigned long long)info.generation, (unsigned long long)core->running.generation);
	else if (info.armed)
		look(core);
}

static void on_links(evutil_socket_t fd, short what, void *arg)
{
	struct core *core = arg;
	struct failure f = { 0 };

	(void)fd;
	(void)what;
	repair_soon(core);	/* a port's features may have changed */
	if (!core->disarmed && core->running.valid &&
	    pipeline_unmanaged(core->kernel, core->running.c.policy, &f))
		log_warn("%s", f.text);
}

/* Many changes come at once: wait for the end of the burst, but not for ever. */
static void soon(struct event *event)
{
	static const struct timeval delay = { .tv_usec = 100000 };

	if (event && !evtimer_pending(event, NULL))
		evtimer_add(event, &delay);
}

void repair_soon(struct core *core)
{
	(void)core;
	soon(check);
}

void repair_links_soon(struct core *core)
{
	(void)core;
	soon(links);
}

int repair_start(struct core *core)
{
	static const struct timeval period = { .tv_sec = 10 };

	check = evtimer_new(core->base, on_check, core);
	links = evtimer_new(core->base, on_links, core);
	periodic = event_new(core->base, -1, EV_PERSIST, on_check, core);
	soon(check);
	return check && links && periodic && !evtimer_add(periodic, &period) ? 0 : -1;
}

void repair_stop(void)
{
	if (check)
		event_free(check);
	if (links)
		event_free(links);
	if (periodic)
		event_free(periodic);
	check = links = periodic = NULL;
}
