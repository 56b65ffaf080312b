// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as people write them. */
#include "userland/lib/text.h"

#include <string.h>

#include "tests/unit/userland/tap.h"

static void macs(void)
{
	static const char *const bad[] = { "", "02:00:00:00:00", "02:00:00:00:00:0g", "02-00-00-00-00-01",
					   "02:00:00:00:00:001", "0:00:00:00:00:011", "02:00:00:00:00:01 " };
	char text[TEXT_MAC_LEN];
	uint8_t mac[6];

	ok(text_parse_mac("02:aB:00:ff:00:01", mac) && mac[1] == 0xab && mac[3] == 0xff, "a MAC in mixed case");
	text_mac(mac, text);
	ok(!strcmp(text, "02:ab:00:ff:00:01"), "and back");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!text_parse_mac(bad[i], mac), "\"%s\" is no MAC", bad[i]);
}

static void addresses(void)
{
	uint8_t addr[16];
	char text[TEXT_ADDRESS_LEN];

	ok(text_parse_address("10.1.2.3", addr) && addr[10] == 0xff && addr[12] == 10, "IPv4 as v4-mapped");
	text_address(addr, text);
	ok(!strcmp(text, "10.1.2.3"), "and back");
	ok(text_parse_address("fd00::1", addr) && addr[0] == 0xfd, "IPv6");
	text_address(addr, text);
	ok(!strcmp(text, "fd00::1"), "and back");
	ok(!text_parse_address("10.1.2", addr) && !text_parse_address("cam1", addr), "what is no address");
}

static void numbers(void)
{
	uint64_t n;

	ok(text_parse_number("18446744073709551615", UINT64_MAX, &n) && n == UINT64_MAX, "the largest number");
	ok(!text_parse_number("18446744073709551616", UINT64_MAX, &n), "one more overflows");
	ok(!text_parse_number("4095", 4094, &n), "above the limit");
	ok(!text_parse_number("", 9, &n) && !text_parse_number("-1", 9, &n) && !text_parse_number("1x", 99, &n),
	   "what is no number");
}

static void shapes(void)
{
	char text[32];

	text_age(7260, text, sizeof(text));
	ok(!strcmp(text, "2 h 1 min"), "an age");
	text_bytes(1536, text, sizeof(text));
	ok(!strcmp(text, "1.5 KiB"), "a size");
	text_hex((const uint8_t *)"\x00\xfe", 2, text, sizeof(text));
	ok(!strcmp(text, "00fe"), "hex");
	text_hex((const uint8_t *)"\x01\x02\x03", 3, text, 4);
	ok(!strcmp(text, "01"), "hex that does not fit ends early");
}

int main(void)
{
	macs();
	addresses();
	numbers();
	shapes();
	return tap_end();
}
