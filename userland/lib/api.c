// SPDX-License-Identifier: GPL-2.0-or-later
/* Attribute tables. An attribute of the wrong length makes the whole answer unreadable; unknown ones are skipped. */
#include "userland/lib/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "userland/lib/attrs.h"

void api_list_init(struct api_list *list, size_t size)
{
	memset(list, 0, sizeof(*list));
	list->size = size;
}

void api_list_free(struct api_list *list)
{
	free(list->v);
	api_list_init(list, list->size);
}

static void *list_next(struct api_list *list)
{
	size_t room;
	void *v;

	if (list->n == list->room) {
		room = list->room ? list->room * 2 : 64;
		v = reallocarray(list->v, room, list->size);
		if (!v)
			return NULL;
		list->v = v;
		list->room = room;
	}
	return memset((char *)list->v + list->n++ * list->size, 0, list->size);
}

int api_parse_info(const void *attrs, size_t len, void *arg)
{
	struct api_info *info = arg;
	struct attrs a;

	if (attrs_parse(&a, attrs, len))
		return -EBADMSG;
	info->wire = attrs_u32(&a, CORDON_A_WIRE_VERSION);
	attrs_string(&a, CORDON_A_MODULE_VERSION, info->version, sizeof(info->version));
	info->armed = attrs_u8(&a, CORDON_A_ARMED);
	info->staged = attrs_has(&a, CORDON_A_STAGED);
	info->generation = attrs_u64(&a, CORDON_A_GENERATION);
	info->txid = attrs_u64(&a, CORDON_A_TXID);
	info->devices = attrs_u32(&a, CORDON_A_DEVICES);
	info->hooks_missing = attrs_u32(&a, CORDON_A_HOOKS_MISSING);
	info->has_digest = attrs_bytes(&a, CORDON_A_DIGEST, info->digest, sizeof(info->digest));
	return 0;
}

int api_parse_stats(const void *attrs, size_t len, void *arg)
{
	struct api_stats *stats = arg;
	struct attrs a;

	if (attrs_parse(&a, attrs, len) ||
	    !attrs_bytes(&a, CORDON_A_COUNTERS, stats->count, sizeof(stats->count)))
		return -EBADMSG;
	stats->lost = attrs_u64(&a, CORDON_A_LOST);
	return 0;
}

int api_add_device(const void *attrs, size_t len, void *arg)
{
	struct api_device *d = list_next(arg);
	struct attrs a;

	if (!d)
		return -ENOMEM;
	if (attrs_parse(&a, attrs, len) || !attrs_bytes(&a, CORDON_A_MAC, d->mac, sizeof(d->mac)))
		return -EBADMSG;
	d->vlan = attrs_u16(&a, CORDON_A_VLAN);
	d->zone = attrs_u8(&a, CORDON_A_ZONE);
	d->policy_zone = attrs_u8(&a, CORDON_A_POLICY_ZONE);
	d->quarantined = attrs_u8(&a, CORDON_A_QUARANTINED);
	d->seen = attrs_has(&a, CORDON_A_FIRST_SEEN);
	d->first_seen = attrs_u32(&a, CORDON_A_FIRST_SEEN);
	d->last_seen = attrs_u32(&a, CORDON_A_LAST_SEEN);
	d->has_address = attrs_bytes(&a, CORDON_A_ADDRESS, d->address, sizeof(d->address));
	d->packets = attrs_u64(&a, CORDON_A_PACKETS);
	d->bytes = attrs_u64(&a, CORDON_A_BYTES);
	d->drops = attrs_u64(&a, CORDON_A_DROPS);
	d->limited = attrs_bytes(&a, CORDON_A_LIMITS, d->limits, sizeof(d->limits)) &&
		     attrs_bytes(&a, CORDON_A_LIMIT_DROPS, d->limit_drops, sizeof(d->limit_drops));
	attrs_string(&a, CORDON_A_PORT_NAME, d->port, sizeof(d->port));
	return 0;
}

int api_add_port(const void *attrs, size_t len, void *arg)
{
	struct api_port *p = list_next(arg);
	struct attrs a;

	if (!p)
		return -ENOMEM;
	if (attrs_parse(&a, attrs, len))
		return -EBADMSG;
	attrs_string(&a, CORDON_A_PORT_NAME, p->name, sizeof(p->name));
	attrs_string(&a, CORDON_A_POLICY_PORT, p->policy_name, sizeof(p->policy_name));
	p->mode = attrs_u8(&a, CORDON_A_PORT_MODE);
	p->zone = attrs_u8(&a, CORDON_A_ZONE);
	p->carrier = attrs_u8(&a, CORDON_A_CARRIER);
	p->ifindex = attrs_u32(&a, CORDON_A_IFINDEX);
	p->findings = attrs_u32(&a, CORDON_A_FINDINGS);
	p->devices = attrs_u32(&a, CORDON_A_DEVICES);
	return 0;
}

int api_add_zone(const void *attrs, size_t len, void *arg)
{
	struct api_zone *z = list_next(arg);
	struct attrs a;

	if (!z)
		return -ENOMEM;
	if (attrs_parse(&a, attrs, len) || !attrs_has(&a, CORDON_A_ZONE))
		return -EBADMSG;
	z->id = attrs_u8(&a, CORDON_A_ZONE);
	attrs_string(&a, CORDON_A_ZONE_NAME, z->name, sizeof(z->name));
	return 0;
}
