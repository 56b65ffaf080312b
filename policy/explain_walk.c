// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One conversation past the kernel's decide(): ingress, conntrack hook and egress of the start,
 * then of the reply. What stands between them is what the network would do: a bridge inside a VLAN,
 * a router between, and a masquerading uplink.
 */
#include <stdio.h>
#include <string.h>

#include "policy/explain.h"
#include "policy/value.h"

#define CLIENT_PORT 40000

/* Where a conversation is while it is walked. */
struct walk {
	const struct explain_world *world;
	const struct explain_talk *talk;
	struct policy_explain *out;
	bool reply;
	bool bridged;
	bool masqueraded;
};

static const struct policy_port *port_of(const struct walk *walk, const struct explain_end *end)
{
	return end->port < 0 ? NULL : &walk->world->policy->ports[end->port];
}

static bool on_devices_port(const struct explain_end *end)
{
	return end->kind == EXPLAIN_DEVICE || end->kind == EXPLAIN_STRANGER;
}

/* Who speaks and who is spoken to in this direction. */
static const struct explain_end *speaker(const struct walk *walk)
{
	return walk->reply ? walk->talk->to : walk->talk->from;
}

static const struct explain_end *listener(const struct walk *walk)
{
	return walk->reply ? walk->talk->from : walk->talk->to;
}

static uint8_t reply_type(const struct policy_entry *entry)
{
	if (entry->proto == CORDON_PROTO_ICMPV6)
		return 129;
	return entry->low == 13 ? 14 : 0;
}

static void packet_service(const struct walk *walk, struct explain_packet *packet)
{
	const struct policy_entry *entry = &walk->talk->entry;
	uint16_t client = CLIENT_PORT, server = entry->low;

	packet->proto = entry->kind == CORDON_ENTRY_PROTO ? (uint8_t)entry->low : entry->proto;
	if (entry->kind == CORDON_ENTRY_DHCP) {
		packet->proto = CORDON_PROTO_UDP;
		client = walk->talk->family ? 546 : 68;
		server = walk->talk->family ? 547 : 67;
	}
	if (packet->proto == CORDON_PROTO_ICMP || packet->proto == CORDON_PROTO_ICMPV6)
		packet->type = walk->reply ? reply_type(entry) : (uint8_t)entry->low;
	packet->sport = walk->reply ? server : client;
	packet->dport = walk->reply ? client : server;
}

static uint16_t tag_of(const struct walk *walk, const struct explain_end *end)
{
	const struct policy_port *port = port_of(walk, end);

	return port && port->mode == POLICY_PORT_DEVICES && port->untagged != end->vlan ? end->vlan
											: 0;
}

/* The packet of this direction as it is before (@out false) or behind (@out true) the box. */
static void packet_make(const struct walk *walk, bool out, struct explain_packet *packet)
{
	const struct explain_end *from = speaker(walk), *to = listener(walk);
	int family = walk->talk->family;

	memset(packet, 0, sizeof(*packet));
	packet->ipv6 = family == 1;
	memcpy(packet->saddr, from->addr[family], 16);
	memcpy(packet->daddr, to->addr[family], 16);
	/* On the uplink the box stands for the one who started. */
	if (walk->masqueraded && out && !walk->reply)
		memcpy(packet->saddr, walk->world->own_addr[family], 16);
	if (walk->masqueraded && !out && walk->reply)
		memcpy(packet->daddr, walk->world->own_addr[family], 16);
	memcpy(packet->smac, out && !walk->bridged ? walk->world->own_mac : from->mac, 6);
	memcpy(packet->dmac, !out && !walk->bridged ? walk->world->own_mac : to->mac, 6);
	packet->vid = tag_of(walk, out ? to : from);
	if (walk->talk->entry.kind == CORDON_ENTRY_ETHER)
		packet->ethertype = walk->talk->entry.low;
	else
		packet_service(walk, packet);
}

/* A verdict that was final early names no zone: then that of the end. */
static const char *zone_word(const struct walk *walk, uint8_t id, const struct explain_end *end)
{
	int zone = explain_zone_of_id(walk->world, id);

	return walk->world->policy->zones[zone < 0 ? end->zone : zone].name;
}

static void step_add(struct walk *walk, const char *hook, const struct explain_end *at,
		     const struct cordon_verdict *verdict)
{
	struct policy_explain *out = walk->out;
	struct policy_explain_step *step = &out->steps[out->n_steps];
	const struct policy_port *port = at ? port_of(walk, at) : NULL;

	if (out->n_steps == sizeof(out->steps) / sizeof(out->steps[0]))
		return;
	snprintf(out->details[out->n_steps], sizeof(out->details[0]), "%s -> %s",
		 zone_word(walk, verdict->src_zone, speaker(walk)),
		 zone_word(walk, verdict->dst_zone, listener(walk)));
	step->direction = walk->reply ? "reply" : "start";
	step->hook = hook;
	step->port = port ? port->name : NULL;
	step->accepted = verdict->accept;
	step->reason = verdict->reason;
	step->detail = out->details[out->n_steps++];
}

static bool decide(struct walk *walk, enum cordon_hook hook, struct cordon_packet *packet,
		   const struct explain_packet *plain, const struct explain_end *at)
{
	static const char *const names[__CORDON_HOOK_MAX] = {
		[CORDON_HOOK_INGRESS] = "ingress",   [CORDON_HOOK_FORWARD] = "forward",
		[CORDON_HOOK_LOCAL_IN] = "local-in", [CORDON_HOOK_LOCAL_OUT] = "local-out",
		[CORDON_HOOK_BRIDGE] = "bridge",     [CORDON_HOOK_EGRESS] = "egress",
	};
	uint8_t bytes[EXPLAIN_FRAME_MAX];
	struct cordon_buf buf = { .data = bytes };
	struct cordon_verdict verdict;
	struct cordon_frame frame;

	buf.len = (u32)explain_frame(plain, bytes);
	buf.headlen = buf.len;
	cordon_frame_parse(&frame, &buf, 0, 0);
	packet->frame = &frame;
	cordon_decide(walk->world->rs, hook, packet, &walk->world->live, &verdict);
	step_add(walk, names[hook], at, &verdict);
	if (!verdict.accept && !walk->out->reason)
		walk->out->reason = verdict.reason;
	return verdict.accept;
}

static struct cordon_side side_of(const struct explain_end *end, bool inet)
{
	struct cordon_side side = { .kind = CORDON_SIDE_PORT,
				    .port = (u8)end->port,
				    .vlan = end->vlan };

	if (inet && on_devices_port(end))
		side.kind = CORDON_SIDE_STACKED;
	return side;
}

static bool walk_ingress(struct walk *walk)
{
	struct cordon_packet packet = { .in = side_of(speaker(walk), false) };
	struct explain_packet plain;

	packet_make(walk, false, &plain);
	return decide(walk, CORDON_HOOK_INGRESS, &packet, &plain, speaker(walk));
}

static bool walk_egress(struct walk *walk)
{
	struct cordon_packet packet = { .out = side_of(listener(walk), false) };
	struct explain_packet plain;

	packet_make(walk, true, &plain);
	return decide(walk, CORDON_HOOK_EGRESS, &packet, &plain, listener(walk));
}

static enum cordon_hook middle_hook(const struct walk *walk)
{
	if (walk->bridged)
		return CORDON_HOOK_BRIDGE;
	if (speaker(walk)->kind == EXPLAIN_GATEWAY)
		return CORDON_HOOK_LOCAL_OUT;
	return listener(walk)->kind == EXPLAIN_GATEWAY ? CORDON_HOOK_LOCAL_IN : CORDON_HOOK_FORWARD;
}

/*
 * Conntrack sees addresses as they are inside, masqueraded or not: before the source and behind the
 * destination is translated.
 */
static bool walk_middle(struct walk *walk)
{
	int family = walk->talk->family;
	enum cordon_hook hook = middle_hook(walk);
	struct cordon_packet packet = { .ct = { .state = walk->reply ? CORDON_CT_REPLY
								     : CORDON_CT_ORIGINAL } };
	struct explain_packet plain;

	packet_make(walk, walk->reply, &plain);
	/* Behind the box for its addresses only: the frame is still the one that came in. */
	memcpy(plain.smac, speaker(walk)->mac, 6);
	memcpy(plain.dmac, walk->bridged ? listener(walk)->mac : walk->world->own_mac, 6);
	plain.vid = 0;
	packet.ct.proto = plain.proto;
	packet.ct.port = walk->reply ? plain.sport : plain.dport;
	if (plain.proto == CORDON_PROTO_ICMP || plain.proto == CORDON_PROTO_ICMPV6)
		packet.ct.port = walk->talk->entry.low;
	packet.ct.initiator = cordon_addr6(walk->talk->from->addr[family]);
	packet.ct.target = cordon_addr6(walk->talk->to->addr[family]);
	if (speaker(walk)->kind != EXPLAIN_GATEWAY)
		packet.in = side_of(speaker(walk), !walk->bridged);
	if (listener(walk)->kind != EXPLAIN_GATEWAY)
		packet.out = side_of(listener(walk), !walk->bridged);
	return decide(walk, hook, &packet, &plain, NULL);
}

static bool walk_direction(struct walk *walk)
{
	if (speaker(walk)->kind != EXPLAIN_GATEWAY && !walk_ingress(walk))
		return false;
	/* What is not IP meets no hook of IP. */
	if ((walk->bridged || walk->talk->entry.kind != CORDON_ENTRY_ETHER) && !walk_middle(walk))
		return false;
	return listener(walk)->kind == EXPLAIN_GATEWAY || walk_egress(walk);
}

void explain_walk(const struct explain_world *world, const struct explain_talk *talk,
		  struct policy_explain *out)
{
	struct walk walk = { .world = world, .talk = talk, .out = out };
	const struct policy_port *uplink = port_of(&walk, talk->to);

	walk.bridged = on_devices_port(talk->from) && on_devices_port(talk->to) &&
		       talk->from->vlan == talk->to->vlan;
	walk.masqueraded = uplink && uplink->mode == POLICY_PORT_UPLINK &&
			   talk->from->kind != EXPLAIN_GATEWAY &&
			   (talk->family ? uplink->masquerade6 : uplink->masquerade4);
	out->n_steps = 0;
	out->reason = CORDON_REASON_NONE;
	out->allowed = walk_direction(&walk);
	/* An ethertype has no replies: the other direction is a matter of its own. */
	if (talk->entry.kind == CORDON_ENTRY_ETHER)
		return;
	walk.reply = true;
	/*
	 * One-way traffic of protocols without a known answer is judged in both directions all the
	 * same.
	 */
	if (out->allowed)
		out->allowed = walk_direction(&walk);
}
