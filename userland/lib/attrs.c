// SPDX-License-Identifier: GPL-2.0-or-later
/* Attribute readers over libmnl. */
#include "userland/lib/attrs.h"

#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>

static int index_attr(const struct nlattr *attr, void *data)
{
	struct attrs *a = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type < __CORDON_A_MAX)
		a->tb[type] = attr;
	return MNL_CB_OK;
}

int attrs_parse(struct attrs *a, const void *bytes, size_t len)
{
	memset(a, 0, sizeof(*a));
	return mnl_attr_parse_payload(bytes, len, index_attr, a) < 0 ? -EBADMSG : 0;
}

bool attrs_has(const struct attrs *a, uint16_t type)
{
	return a->tb[type] != NULL;
}

bool attrs_bytes(const struct attrs *a, uint16_t type, void *out, size_t len)
{
	if (!a->tb[type] || mnl_attr_get_payload_len(a->tb[type]) != len)
		return false;
	memcpy(out, mnl_attr_get_payload(a->tb[type]), len);
	return true;
}

uint8_t attrs_u8(const struct attrs *a, uint16_t type)
{
	uint8_t v = 0;

	attrs_bytes(a, type, &v, sizeof(v));
	return v;
}

uint16_t attrs_u16(const struct attrs *a, uint16_t type)
{
	uint16_t v = 0;

	attrs_bytes(a, type, &v, sizeof(v));
	return v;
}

uint32_t attrs_u32(const struct attrs *a, uint16_t type)
{
	uint32_t v = 0;

	attrs_bytes(a, type, &v, sizeof(v));
	return v;
}

uint64_t attrs_u64(const struct attrs *a, uint16_t type)
{
	uint64_t v = 0;

	attrs_bytes(a, type, &v, sizeof(v));
	return v;
}

void attrs_string(const struct attrs *a, uint16_t type, char *out, size_t room)
{
	size_t n = 0;

	if (a->tb[type]) {
		const char *text = mnl_attr_get_payload(a->tb[type]);

		n = strnlen(text, mnl_attr_get_payload_len(a->tb[type]));
		n = n < room ? n : room - 1;
		memcpy(out, text, n);
	}
	out[n] = '\0';
}
