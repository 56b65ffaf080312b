// SPDX-License-Identifier: GPL-2.0-or-later
/* Formatting and parsing of single values; no state, no allocation. */
#include "userland/lib/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const uint8_t v4_mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

void text_mac(const uint8_t mac[6], char out[TEXT_MAC_LEN])
{
	snprintf(out, TEXT_MAC_LEN, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_parse_mac(const char *text, uint8_t mac[6])
{
	if (strlen(text) != 17)
		return false;
	for (int i = 0; i < 6; i++) {
		int high = nibble(text[3 * i]), low = nibble(text[3 * i + 1]);

		if (high < 0 || low < 0 || (i < 5 && text[3 * i + 2] != ':'))
			return false;
		mac[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

void text_address(const uint8_t addr[16], char out[TEXT_ADDRESS_LEN])
{
	bool v4 = !memcmp(addr, v4_mapped, sizeof(v4_mapped));

	if (!inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? addr + 12 : addr, out, TEXT_ADDRESS_LEN))
		out[0] = '\0';
}

bool text_parse_address(const char *text, uint8_t addr[16])
{
	memcpy(addr, v4_mapped, sizeof(v4_mapped));
	return inet_pton(AF_INET, text, addr + 12) == 1 || inet_pton(AF_INET6, text, addr) == 1;
}

bool text_parse_number(const char *text, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text) || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
			return false;
	}
	*out = value;
	return value <= max;
}

void text_hex(const uint8_t *bytes, size_t n, char *out, size_t out_len)
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0;

	for (size_t i = 0; i < n && at + 2 < out_len; i++) {
		out[at++] = digits[bytes[i] >> 4];
		out[at++] = digits[bytes[i] & 15];
	}
	out[at] = '\0';
}

void text_age(uint64_t seconds, char *out, size_t out_len)
{
	if (seconds < 60)
		snprintf(out, out_len, "%u s", (unsigned int)seconds);
	else if (seconds < 3600)
		snprintf(out, out_len, "%u min", (unsigned int)(seconds / 60));
	else if (seconds < 86400)
		snprintf(out, out_len, "%u h %u min", (unsigned int)(seconds / 3600),
			 (unsigned int)(seconds / 60 % 60));
	else
		snprintf(out, out_len, "%llu d", (unsigned long long)(seconds / 86400));
}

void text_bytes(uint64_t bytes, char *out, size_t out_len)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	double value = (double)bytes;
	size_t i = 0;

	while (value >= 1024 && i + 1 < sizeof(unit) / sizeof(unit[0])) {
		value /= 1024;
		i++;
	}
	snprintf(out, out_len, i ? "%.1f %s" : "%.0f %s", value, unit[i]);
}

uint64_t time_boot_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

uint64_t time_boot_s(void)
{
	return time_boot_ns() / 1000000000U;
}
