// SPDX-License-Identifier: GPL-2.0-only
/*
 * Own addresses and MACs: a gateway has few, so a one-word filter answers most questions and a
 * binary search the rest.
 */
#include "own.h"

static u64 filter_bit(u64 value)
{
	return 1ULL << ((value ^ value >> 8 ^ value >> 24 ^ value >> 40) & 63);
}

static u64 addr_bit(const struct cordon_addr *a)
{
	return filter_bit(a->hi ^ a->lo);
}

/*
 * Insertion sort that drops repeats: the lists are short and this runs when an address changes.
 * Return: how many are left.
 */
static u32 add_mac(u64 *v, u32 n, u64 mac)
{
	u32 i = n;

	while (i && v[i - 1] > mac)
		i--;
	if (i && v[i - 1] == mac)
		return n;
	memmove(v + i + 1, v + i, (n - i) * sizeof(*v));
	v[i] = mac;
	return n + 1;
}

static u32 add_addr(struct cordon_addr *v, u32 n, const struct cordon_addr *a)
{
	u32 i = n;

	while (i && cordon_addr_cmp(&v[i - 1], a) > 0)
		i--;
	if (i && cordon_addr_eq(&v[i - 1], a))
		return n;
	memmove(v + i + 1, v + i, (n - i) * sizeof(*v));
	v[i] = *a;
	return n + 1;
}

void cordon_own_build(struct cordon_own *own, const u64 *mac, u32 n_mac,
		      const struct cordon_addr *addr, u32 n_addr)
{
	u32 i;

	memset(own, 0, sizeof(*own));
	own->addr = (struct cordon_addr *)(own + 1);
	own->mac = (u64 *)(own->addr + n_addr);
	for (i = 0; i < n_mac; i++) {
		own->n_mac = add_mac(own->mac, own->n_mac, mac[i]);
		own->mac_filter |= filter_bit(mac[i]);
	}
	for (i = 0; i < n_addr; i++) {
		own->n_addr = add_addr(own->addr, own->n_addr, &addr[i]);
		own->addr_filter |= addr_bit(&addr[i]);
	}
}

bool cordon_own_mac(const struct cordon_own *own, u64 mac)
{
	u32 low = 0, high = own->n_mac;

	if (!(own->mac_filter & filter_bit(mac)))
		return false;
	while (low < high) {
		u32 mid = (low + high) / 2;

		if (own->mac[mid] == mac)
			return true;
		if (own->mac[mid] < mac)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

bool cordon_own_addr(const struct cordon_own *own, const struct cordon_addr *addr)
{
	u32 low = 0, high = own->n_addr;

	if (!(own->addr_filter & addr_bit(addr)))
		return false;
	while (low < high) {
		u32 mid = (low + high) / 2;
		int order = cordon_addr_cmp(&own->addr[mid], addr);

		if (!order)
			return true;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}
