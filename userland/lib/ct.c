// SPDX-License-Identifier: GPL-2.0-or-later
/* Judging flows by zone pair and service, with the lookups that decide() uses. */
#include "userland/lib/ct.h"

#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static struct cordon_addr address(const uint8_t bytes[16])
{
	return (struct cordon_addr){ cordon_be64(bytes), cordon_be64(bytes + 8) };
}

static uint64_t mac_value(const uint8_t mac[6])
{
	return cordon_be48(mac);
}

static bool is_quarantined(const struct ct_judge *judge, const struct cordon_device *device)
{
	for (size_t i = 0; i < judge->n_quarantined; i++) {
		const struct api_device *q = &judge->quarantined[i];

		if (q->vlan == device->vlan && mac_value(q->mac) == device->mac)
			return true;
	}
	return false;
}

static bool link_local(const uint8_t a[16])
{
	return a[0] == 0xfe && (a[1] & 0xc0) == 0x80;
}

/* The zone of an address under @rs; NONE where the address alone does not tell (link-local, group). */
static uint8_t zone_of(const struct ct_judge *judge, const struct cordon_ruleset *rs, const uint8_t bytes[16])
{
	struct cordon_addr addr = address(bytes);
	bool v4_group = addr.hi == 0 && (addr.lo >> 32) == 0xffff && (bytes[12] & 0xf0) == 0xe0;
	uint32_t device;
	uint8_t zone;

	if (link_local(bytes) || bytes[0] == 0xff || v4_group)
		return CORDON_ZONE_NONE;
	if (cordon_own_addr(judge->own, &addr))
		return CORDON_ZONE_GATEWAY;
	device = cordon_address_find(rs, &addr);
	if (device != CORDON_NO_DEVICE)
		return is_quarantined(judge, &rs->device[device]) ? CORDON_ZONE_QUARANTINE : rs->device[device].zone;
	zone = cordon_prefix_zone(rs, &addr);
	return zone ? zone : CORDON_ZONE_WAN;
}

static bool known(const struct cordon_ruleset *rs, uint8_t zone)
{
	return zone < rs->dim;
}

static bool allowed(const struct cordon_ruleset *rs, uint8_t from, uint8_t to, const struct ct_flow *flow)
{
	if (!known(rs, from) || !known(rs, to))
		return false;
	switch (flow->proto) {
	case IPPROTO_UDP:
		if ((flow->reply_sport == 67 || flow->reply_sport == 547) &&
		    cordon_pair_has(rs, from, to, CORDON_ENTRY_DHCP, 0, 0))
			return true;
		return cordon_pair_has(rs, from, to, CORDON_ENTRY_RANGE, flow->proto, flow->reply_sport);
	case IPPROTO_TCP:
		return cordon_pair_has(rs, from, to, CORDON_ENTRY_RANGE, flow->proto, flow->reply_sport);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return cordon_pair_has(rs, from, to, CORDON_ENTRY_RANGE, flow->proto, flow->icmp_type);
	default:
		return cordon_pair_has(rs, from, to, CORDON_ENTRY_PROTO, 0, flow->proto);
	}
}

static bool foreign(uint8_t zone)
{
	return zone == CORDON_ZONE_GATEWAY || zone == CORDON_ZONE_WAN;
}

bool ct_ended(const struct ct_judge *judge, const struct ct_flow *flow)
{
	uint8_t from = zone_of(judge, judge->now, flow->src), to = zone_of(judge, judge->now, flow->reply_src);

	if (!from || !to || allowed(judge->now, from, to, flow))
		return false;
	/* Between the box and an address that no zone has, the flow may run over a port that is not cordon's. */
	if (!foreign(from) || !foreign(to))
		return true;
	if (!judge->before)
		return false;
	from = zone_of(judge, judge->before, flow->src);
	to = zone_of(judge, judge->before, flow->reply_src);
	return allowed(judge->before, from, to, flow);
}

/* Own addresses --------------------------------------------------------------------------------------------------- */

static bool sockaddr_bytes(const struct sockaddr *sa, uint8_t out[16])
{
	static const uint8_t v4_mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

	if (sa && sa->sa_family == AF_INET) {
		memcpy(out, v4_mapped, sizeof(v4_mapped));
		memcpy(out + 12, &((const struct sockaddr_in *)sa)->sin_addr, 4);
		return true;
	}
	if (sa && sa->sa_family == AF_INET6) {
		memcpy(out, &((const struct sockaddr_in6 *)sa)->sin6_addr, 16);
		return true;
	}
	return false;
}

struct cordon_own *own_addresses(void)
{
	struct ifaddrs *all = NULL, *at;
	struct cordon_own *own = NULL;
	struct cordon_addr *list;
	uint8_t bytes[16];
	uint32_t n = 0;

	if (getifaddrs(&all) < 0)
		return NULL;
	for (at = all; at; at = at->ifa_next)
		n++;
	list = calloc(n ? n : 1, sizeof(*list));
	own = list ? malloc(cordon_own_bytes(0, n)) : NULL;
	n = 0;
	for (at = all; at && own; at = at->ifa_next) {
		if (sockaddr_bytes(at->ifa_addr, bytes))
			list[n++] = address(bytes);
	}
	if (own)
		cordon_own_build(own, NULL, 0, list, n);
	free(list);
	freeifaddrs(all);
	return own;
}

/* Cutting --------------------------------------------------------------------------------------------------------- */

struct cut {
	struct ct_judge judge;
	struct ct_flow *v;
	size_t n, room;
};

static int collect(const struct ct_flow *flow, void *arg)
{
	struct cut *cut = arg;
	struct ct_flow *v;

	if (!ct_ended(&cut->judge, flow))
		return 0;
	if (cut->n == cut->room) {
		size_t room = cut->room ? cut->room * 2 : 256;

		v = reallocarray(cut->v, room, sizeof(*v));
		if (!v)
			return -ENOMEM;
		cut->v = v;
		cut->room = room;
	}
	cut->v[cut->n++] = *flow;
	return 0;
}

static void keep_quarantined(struct api_list *devices)
{
	struct api_device *v = devices->v;
	size_t kept = 0;

	for (size_t i = 0; i < devices->n; i++) {
		if (v[i].quarantined)
			v[kept++] = v[i];
	}
	devices->n = kept;
}

int ct_cut(struct kernel *k, const struct cordon_ruleset *now, const struct cordon_ruleset *before, size_t *n,
	   struct failure *f)
{
	struct cut cut = { .judge = { .now = now, .before = before } };
	struct cordon_own *own = own_addresses();
	struct api_list devices;
	int err;

	api_list_init(&devices, sizeof(struct api_device));
	err = own ? kernel_list(k, CORDON_CMD_DEVICE_GET, api_add_device, &devices, f) :
		    fail_sys(f, ENOMEM, "cannot read the box's own addresses");
	keep_quarantined(&devices);
	cut.judge.own = own;
	cut.judge.quarantined = devices.v;
	cut.judge.n_quarantined = devices.n;
	if (!err)
		err = k->ops->ct_dump(k, collect, &cut, f);
	for (size_t i = 0; i < cut.n && !err; i++)
		err = k->ops->ct_delete(k, &cut.v[i], f);
	if (n)
		*n = cut.n;
	api_list_free(&devices);
	free(cut.v);
	free(own);
	return err;
}
