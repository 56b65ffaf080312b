// SPDX-License-Identifier: GPL-2.0-or-later
/* Events: attributes -> struct -> JSON -> line. */
#include "userland/lib/event.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kmod/core/decide.h"
#include "userland/lib/attrs.h"
#include "userland/lib/names.h"
#include "userland/lib/text.h"
#include "userland/lib/view.h"

int event_parse(struct event *e, const void *attrs, size_t len)
{
	struct attrs a;

	memset(e, 0, sizeof(*e));
	if (attrs_parse(&a, attrs, len) || !attrs_has(&a, CORDON_A_EVENT))
		return -EBADMSG;
	e->type = attrs_u8(&a, CORDON_A_EVENT);
	e->reason = attrs_u8(&a, CORDON_A_REASON);
	e->hook = attrs_u8(&a, CORDON_A_HOOK);
	e->proto = attrs_u8(&a, CORDON_A_PROTO);
	e->src_zone = attrs_u8(&a, CORDON_A_SOURCE_ZONE);
	e->dst_zone = attrs_u8(&a, CORDON_A_DEST_ZONE);
	e->has_mac = attrs_bytes(&a, CORDON_A_MAC, e->mac, sizeof(e->mac));
	e->has_dest_mac = attrs_bytes(&a, CORDON_A_DEST_MAC, e->dest_mac, sizeof(e->dest_mac));
	e->has_address = attrs_bytes(&a, CORDON_A_ADDRESS, e->address, sizeof(e->address));
	e->has_dest_address = attrs_bytes(&a, CORDON_A_DEST_ADDRESS, e->dest_address, sizeof(e->dest_address));
	e->has_ports = attrs_has(&a, CORDON_A_DEST_PORT);
	e->vlan = attrs_u16(&a, CORDON_A_VLAN);
	e->ethertype = attrs_u16(&a, CORDON_A_ETHERTYPE);
	e->source_port = attrs_u16(&a, CORDON_A_SOURCE_PORT);
	e->dest_port = attrs_u16(&a, CORDON_A_DEST_PORT);
	e->carrier = attrs_u8(&a, CORDON_A_CARRIER);
	e->findings = attrs_u32(&a, CORDON_A_FINDINGS);
	e->hooks_missing = attrs_u32(&a, CORDON_A_HOOKS_MISSING);
	e->generation = attrs_u64(&a, CORDON_A_GENERATION);
	e->lost = attrs_u64(&a, CORDON_A_LOST);
	e->time_ns = attrs_u64(&a, CORDON_A_TIME);
	attrs_string(&a, CORDON_A_PORT_NAME, e->port, sizeof(e->port));
	return 0;
}

static void add_string(json_t *o, const char *key, const char *value)
{
	if (value && *value)
		json_object_set_new(o, key, json_string(value));
}

static void add_number(json_t *o, const char *key, uint64_t value)
{
	if (value)
		json_object_set_new(o, key, json_integer((json_int_t)value));
}

static void add_ends(json_t *o, const struct event *e)
{
	char mac[TEXT_MAC_LEN], address[TEXT_ADDRESS_LEN];

	if (e->has_mac) {
		text_mac(e->mac, mac);
		add_string(o, "mac", mac);
	}
	if (e->has_dest_mac) {
		text_mac(e->dest_mac, mac);
		add_string(o, "dest_mac", mac);
	}
	if (e->has_address) {
		text_address(e->address, address);
		add_string(o, "address", address);
	}
	if (e->has_dest_address) {
		text_address(e->dest_address, address);
		add_string(o, "dest_address", address);
	}
}

static void add_packet(json_t *o, const struct event *e, const char *(*zone)(uint8_t id, void *arg), void *arg)
{
	char type[8];

	add_string(o, "reason", cordon_reason_name(e->reason));
	add_string(o, "hook", name_hook(e->hook));
	if (e->src_zone)
		add_string(o, "from", zone(e->src_zone, arg));
	if (e->dst_zone)
		add_string(o, "to", zone(e->dst_zone, arg));
	snprintf(type, sizeof(type), "0x%04x", e->ethertype);
	if (e->ethertype)
		add_string(o, "ethertype", type);
	add_number(o, "proto", e->proto);
	if (e->has_ports) {
		json_object_set_new(o, "source_port", json_integer(e->source_port));
		json_object_set_new(o, "dest_port", json_integer(e->dest_port));
	}
}

json_t *event_json(const struct event *e, const char *(*zone)(uint8_t id, void *arg), void *arg)
{
	json_t *o = json_object();

	if (!o)
		return NULL;
	add_string(o, "event", name_event(e->type));
	json_object_set_new(o, "time_ns", json_integer((json_int_t)e->time_ns));
	add_string(o, "port", e->port);
	add_number(o, "vlan", e->vlan);
	add_ends(o, e);
	if (e->type == CORDON_EVENT_DROP)
		add_packet(o, e, zone, arg);
	if (e->type == CORDON_EVENT_PORT) {
		json_object_set_new(o, "carrier", json_boolean(e->carrier));
		json_object_set_new(o, "findings", view_bits(e->findings, name_finding));
	}
	if (e->type == CORDON_EVENT_HOOKS)
		json_object_set_new(o, "hooks_missing", view_bits(e->hooks_missing, name_place));
	add_number(o, "generation", e->generation);
	add_number(o, "lost", e->lost);
	return o;
}

static const char *get(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

static void append(char *out, size_t room, const char *before, const char *value)
{
	size_t used = strlen(out);

	if (*value)
		snprintf(out + used, room - used, "%s%s", before, value);
}

static void append_number(char *out, size_t room, const char *before, const json_t *o, const char *key)
{
	size_t used = strlen(out);
	const json_t *value = json_object_get(o, key);

	if (value)
		snprintf(out + used, room - used, "%s%lld", before, (long long)json_integer_value(value));
}

static void append_list(char *out, size_t room, const char *before, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		append(out, room, i ? ", " : before, json_string_value(item));
}

void event_line(const json_t *o, char *out, size_t room)
{
	json_int_t ns = json_integer_value(json_object_get(o, "time_ns"));

	snprintf(out, room, "%lld.%03lld %-10s", (long long)(ns / 1000000000), (long long)(ns / 1000000 % 1000),
		 get(o, "event"));
	append(out, room, " ", get(o, "reason"));
	append(out, room, " at ", get(o, "hook"));
	append(out, room, " on ", get(o, "port"));
	append_number(out, room, " vlan ", o, "vlan");
	append(out, room, " ", get(o, "device"));
	append(out, room, " ", get(o, "mac"));
	append(out, room, " ", get(o, "address"));
	append_number(out, room, ":", o, "source_port");
	append(out, room, " -> ", *get(o, "dest_address") ? get(o, "dest_address") : get(o, "dest_mac"));
	append_number(out, room, ":", o, "dest_port");
	append_number(out, room, " proto ", o, "proto");
	append(out, room, " ethertype ", get(o, "ethertype"));
	append(out, room, " from ", get(o, "from"));
	append(out, room, " to ", get(o, "to"));
	append_list(out, room, ": ", json_object_get(o, "findings"));
	append_list(out, room, " missing: ", json_object_get(o, "hooks_missing"));
	append_number(out, room, " generation ", o, "generation");
	append(out, room, " ", get(o, "text"));
	append_number(out, room, " (lost so far: ", o, "lost");
	append(out, room, "", json_object_get(o, "lost") ? ")" : "");
}
