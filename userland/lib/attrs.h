/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The attributes of one message by type. Readers check the length: what is absent or of another length reads as 0. */
#ifndef CORDON_LIB_ATTRS_H
#define CORDON_LIB_ATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/cordon.h>

struct nlattr;

struct attrs {
	const struct nlattr *tb[__CORDON_A_MAX];
};

/** attrs_parse - index @len bytes of attributes. Return: 0, or -EBADMSG when they are cut short. */
int attrs_parse(struct attrs *a, const void *bytes, size_t len);
bool attrs_has(const struct attrs *a, uint16_t type);
uint8_t attrs_u8(const struct attrs *a, uint16_t type);
uint16_t attrs_u16(const struct attrs *a, uint16_t type);
uint32_t attrs_u32(const struct attrs *a, uint16_t type);
uint64_t attrs_u64(const struct attrs *a, uint16_t type);
/** attrs_bytes - copy exactly @len bytes. Return: whether the attribute is there with that length. */
bool attrs_bytes(const struct attrs *a, uint16_t type, void *out, size_t len);
/** attrs_string - copy at most @room - 1 bytes, always terminated; "" when absent */
void attrs_string(const struct attrs *a, uint16_t type, char *out, size_t room);

#endif /* CORDON_LIB_ATTRS_H */
