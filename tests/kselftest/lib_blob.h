/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ruleset bytes made by hand: zones a (5) and b (6), one `devices` port, a few devices. */
#ifndef LIB_BLOB_H
#define LIB_BLOB_H

#include <stddef.h>
#include <stdint.h>

#define BLOB_MAX 4096

struct blob {
	uint8_t bytes[BLOB_MAX];
	size_t len;
};

/* @devices: how many, with MAC 02:00:00:00:00:<i + 1>, VLAN 1, zone a; at most 50. */
void blob_make(struct blob *blob, const char *port, unsigned int devices);

#endif /* LIB_BLOB_H */
