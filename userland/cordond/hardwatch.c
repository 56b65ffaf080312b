// SPDX-License-Identifier: GPL-2.0-or-later
/* What was told of a port stays told until it changes; another policy has other ports, and is told anew. */
#include "userland/cordond/hardwatch.h"

#include <string.h>

#include "userland/cordond/server.h"
#include "userland/lib/hardware.h"
#include "userland/lib/log.h"
#include "userland/lib/text.h"

static enum hardware_way told[CORDON_MAX_PORTS];
static uint64_t told_of;	/* generation */

static void tell(struct core *core, const char *port, enum hardware_way way)
{
	json_t *o;

	if (way)
		log_error("alert: port %s %s: the hardware may forward past cordon; %s", port, hardware_words(way), hardware_remedy(way));
	else
		log_info("port %s forwards by the kernel again", port);
	o = json_pack("{s:s, s:s, s:s, s:b, s:I}", "event", "hardware", "port", port, "text", hardware_words(way), "bypass", way != 0,
		      "time_ns", (json_int_t)time_boot_ns());
	server_event(core, o);
	json_decref(o);
}

void hardwatch(struct core *core, const struct nft_state *nft)
{
	const struct policy *policy = core->running.c.policy;
	enum hardware_way way[CORDON_MAX_PORTS];
	struct failure f = { 0 };

	if (hardware_look(policy, nft, way, &f)) {
		log_warn("cannot see whether ports forward in hardware: %s", f.text);
		return;
	}
	if (told_of != core->running.generation)
		memset(told, 0, sizeof(told));
	told_of = core->running.generation;
	for (size_t i = 0; i < policy->n_ports; i++) {
		if (way[i] != told[i])
			tell(core, policy->ports[i].name, way[i]);
		told[i] = way[i];
	}
}
