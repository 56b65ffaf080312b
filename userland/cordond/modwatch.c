// SPDX-License-Identifier: GPL-2.0-or-later
/* Events from the module. */
#include "userland/cordond/modwatch.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/event.h>

#include "kmod/core/ruleset.h"
#include "userland/cordond/priv.h"
#include "userland/cordond/server.h"
#include "userland/lib/event.h"
#include "userland/lib/ipc.h"
#include "userland/lib/log.h"
#include "userland/lib/text.h"
#include "userland/lib/view.h"

#define MOST_AT_ONCE 256

static struct event *readable;

static const char *zone_name(uint8_t id, void *arg)
{
	const struct core *core = arg;

	return view_zone_name(&core->zones, id);
}

/* What is no news of a port's own: it came, went, or has a carrier. */
#define ORDINARY (CORDON_FINDING_ABSENT | CORDON_FINDING_NO_CARRIER)

/* What cordon cannot see through, or hooks that somebody took away: the box does not hold what it seems to. */
static void log_alert(const struct core *core, const struct event *e, const char *(*zone)(uint8_t id, void *arg))
{
	char line[EVENT_LINE_BYTES];
	json_t *o;

	if (!(e->findings & ~ORDINARY) && e->type != CORDON_EVENT_HOOKS)
		return;
	o = event_json(e, zone, (void *)core);
	if (o) {
		event_line(o, line, sizeof(line));
		log_warn("alert: %s", line);
	}
	json_decref(o);
}

static void log_event(const struct event *e)
{
	char mac[TEXT_MAC_LEN];

	text_mac(e->mac, mac);
	if (e->type == CORDON_EVENT_UNKNOWN)
		log_info("unknown device %s vlan %u on %s", mac, e->vlan, e->port);
	else if (e->type == CORDON_EVENT_MOVE)
		log_info("device %s vlan %u is now on %s", mac, e->vlan, e->port);
	else if (e->type == CORDON_EVENT_DISARM)
		log_warn("the module was disarmed");
}

/* Whether the policy wants a line for what this pair's denial drops (log: true). */
static bool wants_line(const struct core *core, const struct event *e)
{
	const struct cordon_ruleset *rs = core->running.valid ? core->running.c.ruleset : NULL;

	return rs && e->type == CORDON_EVENT_DROP &&
	       (e->reason == CORDON_REASON_PAIR || e->reason == CORDON_REASON_SERVICE) && e->src_zone < rs->dim &&
	       e->dst_zone < rs->dim && cordon_pair(rs, e->src_zone, e->dst_zone)->flags & CORDON_PAIR_F_LOG;
}

static json_t *describe(struct core *core, const struct event *e)
{
	const struct policy_device *device = e->has_mac ? name_index_find(core->running.names, e->mac, e->vlan) : NULL;
	json_t *o = event_json(e, zone_name, core);

	if (o && device)
		json_object_set_new(o, "device", json_string(device->name));
	return o;
}

static void on_module(struct core *core, const void *attrs, size_t len)
{
	char line[EVENT_LINE_BYTES];
	struct event e;
	bool wanted;
	json_t *o;

	if (event_parse(&e, attrs, len))
		return;
	log_event(&e);
	log_alert(core, &e, zone_name);
	if (e.type == CORDON_EVENT_DISARM && !core->disarmed)
		repair_soon(core);
	wanted = wants_line(core, &e);
	if (!wanted && !server_watchers(core))
		return;
	o = describe(core, &e);
	if (o && wanted) {
		event_line(o, line, sizeof(line));
		log_info("%s", line);
	}
	if (o)
		server_event(core, o);
	json_decref(o);
}

static void on_lost(struct core *core, const void *bytes, size_t len)
{
	uint64_t lost = 0;
	json_t *o;

	if (len != sizeof(lost))
		return;
	memcpy(&lost, bytes, sizeof(lost));
	o = json_pack("{s:s, s:I}", "event", "lost", "lost", (json_int_t)lost);
	server_event(core, o);
	json_decref(o);
}

static void one(struct core *core, const uint8_t *frame, size_t n)
{
	uint32_t len;
	uint16_t type;

	if (n < IPC_HEADER_BYTES || ipc_parse_header(frame, &len, &type) || len != n - IPC_HEADER_BYTES)
		return;
	if (type == PRIV_EVENT_MODULE)
		on_module(core, frame + IPC_HEADER_BYTES, len);
	else if (type == PRIV_EVENT_LOST)
		on_lost(core, frame + IPC_HEADER_BYTES, len);
	else if (type == PRIV_EVENT_NFT)
		repair_soon(core);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	uint8_t frame[4096] __attribute__((aligned(8)));
	ssize_t n;

	(void)what;
	for (int i = 0; i < MOST_AT_ONCE; i++) {
		n = recv(fd, frame, sizeof(frame), MSG_DONTWAIT);
		if (n < 0)
			return;
		if (!n) {
			log_error("the privileged part is gone");
			event_base_loopbreak(((struct core *)arg)->base);
			return;
		}
		one(arg, frame, (size_t)n);
	}
}

int modwatch_start(struct core *core, int channel)
{
	readable = event_new(core->base, channel, EV_READ | EV_PERSIST, on_readable, core);
	return readable && !event_add(readable, NULL) ? 0 : -ENOMEM;
}

void modwatch_stop(void)
{
	if (readable)
		event_free(readable);
	readable = NULL;
}
