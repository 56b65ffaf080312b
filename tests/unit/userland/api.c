// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers of the module as bytes: whole, cut, of wrong lengths; and the sentence of a refusal. */
#include "userland/lib/api.h"

#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

#include "tests/unit/userland/tap.h"
#include "userland/lib/event.h"
#include "userland/lib/genl.h"

static char buffer[4096] __attribute__((aligned(8)));

static struct nlmsghdr *message(void)
{
	memset(buffer, 0, sizeof(buffer));
	return mnl_nlmsg_put_header(buffer);
}

static void devices(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 9 };
	static const uint64_t limits[__CORDON_QUANTITY_MAX] = { 5000, 20000000, 0, 100 };
	struct nlmsghdr *nlh = message();
	struct api_list list;
	struct api_device *d;
	const char *attrs = mnl_nlmsg_get_payload(nlh);

	mnl_attr_put(nlh, CORDON_A_MAC, sizeof(mac), mac);
	mnl_attr_put_u16(nlh, CORDON_A_VLAN, 20);
	mnl_attr_put_u32(nlh, CORDON_A_FIRST_SEEN, 0);
	mnl_attr_put_u32(nlh, CORDON_A_DROPS, 5);	/* a u64 on the wire: of this length it reads as 0 */
	mnl_attr_put_strz(nlh, CORDON_A_PORT_NAME, "a-name-that-is-too-long");
	mnl_attr_put(nlh, CORDON_A_LIMITS, sizeof(limits), limits);
	mnl_attr_put(nlh, CORDON_A_LIMIT_DROPS, sizeof(limits), limits);
	api_list_init(&list, sizeof(struct api_device));
	ok(!api_add_device(attrs, mnl_nlmsg_get_payload_len(nlh), &list) && list.n == 1, "a device");
	d = list.v;
	ok(d->vlan == 20 && d->seen && !d->drops && !d->has_address && strlen(d->port) == CORDON_PORT_NAME_LEN - 1,
	   "its members, with what is missing or misshapen as 0");
	ok(d->limited && d->limits[CORDON_QUANTITY_UP] == 20000000 && d->limit_drops[CORDON_QUANTITY_CONNECTIONS] == 100,
	   "its limits");
	nlh = message();
	mnl_attr_put(nlh, CORDON_A_MAC, 5, mac);
	ok(api_add_device(attrs, mnl_nlmsg_get_payload_len(nlh), &list) == -EBADMSG, "a short MAC is refused");
	api_list_free(&list);
}

static void stats(void)
{
	struct nlmsghdr *nlh = message();
	struct api_stats stats = { .lost = 0 };
	uint64_t few[3] = { 1, 2, 3 };

	mnl_attr_put(nlh, CORDON_A_COUNTERS, sizeof(few), few);
	ok(api_parse_stats(mnl_nlmsg_get_payload(nlh), mnl_nlmsg_get_payload_len(nlh), &stats) == -EBADMSG,
	   "counters of another size are refused");
}

static const char *zone(uint8_t id, void *arg)
{
	(void)id;
	return arg;
}

static void alerts(void)
{
	struct nlmsghdr *nlh = message();
	char line[256];
	struct event e;
	json_t *o;

	mnl_attr_put_u8(nlh, CORDON_A_EVENT, CORDON_EVENT_PORT);
	mnl_attr_put_u32(nlh, CORDON_A_FINDINGS, CORDON_FINDING_XDP | CORDON_FINDING_TC);
	ok(!event_parse(&e, mnl_nlmsg_get_payload(nlh), mnl_nlmsg_get_payload_len(nlh)), "findings of a port");
	o = event_json(&e, zone, NULL);
	event_line(o, line, sizeof(line));
	ok(strstr(line, "port") && strstr(line, ": xdp, tc"), "as a line: %s", line);
	json_decref(o);
	nlh = message();
	mnl_attr_put_u8(nlh, CORDON_A_EVENT, CORDON_EVENT_HOOKS);
	mnl_attr_put_u32(nlh, CORDON_A_HOOKS_MISSING, 1 << CORDON_PLACE_FORWARD6);
	ok(!event_parse(&e, mnl_nlmsg_get_payload(nlh), mnl_nlmsg_get_payload_len(nlh)), "hooks that are missing");
	o = event_json(&e, zone, NULL);
	event_line(o, line, sizeof(line));
	ok(strstr(line, "hooks") && strstr(line, "missing: IPv6 forward"), "as a line: %s", line);
	json_decref(o);
}

static void events(void)
{
	struct nlmsghdr *nlh = message();
	struct event e;
	char line[256], zone_word[] = "cams";
	json_t *o;

	ok(event_parse(&e, mnl_nlmsg_get_payload(nlh), 0) == -EBADMSG, "an event without a type is refused");
	mnl_attr_put_u8(nlh, CORDON_A_EVENT, CORDON_EVENT_DROP);
	mnl_attr_put_u8(nlh, CORDON_A_REASON, CORDON_REASON_PAIR);
	mnl_attr_put_u8(nlh, CORDON_A_SOURCE_ZONE, 5);
	ok(!event_parse(&e, mnl_nlmsg_get_payload(nlh), mnl_nlmsg_get_payload_len(nlh)), "a drop");
	o = event_json(&e, zone, zone_word);
	event_line(o, line, sizeof(line));
	ok(strstr(line, "drop") && strstr(line, "pair at ingress") && strstr(line, "from cams"), "as a line: %s", line);
	event_line(o, line, 12);
	ok(strlen(line) < 12, "a line that does not fit is cut");
	json_decref(o);
	alerts();
}

static void refusals(void)
{
	static char request_bytes[256] __attribute__((aligned(8)));
	struct nlmsghdr *request = mnl_nlmsg_put_header(request_bytes), *nlh;
	struct nlmsgerr *err;
	struct failure f = { 0 };

	mnl_attr_put_u16(request, CORDON_A_VLAN, 9999);
	nlh = message();
	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_ACK_TLVS | NLM_F_CAPPED;
	err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err));
	err->error = -ERANGE;
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "VLAN ids are 1 to 4094");
	mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, sizeof(*request));
	netlink_refusal(nlh, request, &f);
	ok(f.sys == ERANGE && !strcmp(f.text, "VLAN ids are 1 to 4094 (attribute vlan)"), "text and attribute: %s", f.text);
	nlh = message();
	nlh->nlmsg_flags = NLM_F_ACK_TLVS | NLM_F_CAPPED;
	err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err));
	err->error = -EPERM;
	mnl_attr_put_u32(nlh, NLMSGERR_ATTR_MISS_TYPE, CORDON_A_MAC);
	netlink_refusal(nlh, NULL, &f);
	ok(f.exit == CORDON_EXIT_DENIED && strstr(f.text, "mac is missing"), "a missing attribute: %s", f.text);
	nlh = message();
	netlink_refusal(nlh, NULL, &f);
	ok(f.sys == EBADMSG, "a short error message");
}

int main(void)
{
	devices();
	stats();
	events();
	refusals();
	return tap_end();
}
