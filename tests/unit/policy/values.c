// SPDX-License-Identifier: GPL-2.0-or-later
/* policy/value.c: what each value takes and refuses, at its edges. */
#include <string.h>

#include "policy/value.h"
#include "tests/unit/policy/test.h"

static void names(void)
{
	char long_zone[32], long_device[65];

	memset(long_zone, 'a', 31);
	memset(long_device, 'a', 64);
	long_zone[31] = long_device[64] = '\0';
	test_ok(!value_zone_name(long_zone) && value_zone_name(long_zone + 1),
		"zone names end at 30 bytes");
	test_ok(!value_device_name(long_device) && value_device_name(long_device + 1),
		"device names end at 63 bytes");
	test_ok(value_zone_name("a") && value_zone_name("a-_9") && !value_zone_name("") &&
			!value_zone_name("-a") && !value_zone_name("a.b") && !value_zone_name("A"),
		"zone names are lower-case words");
	test_ok(value_device_name("9.a_b-") && !value_device_name(".a") &&
			!value_device_name("a b"),
		"device names have dots");
	test_ok(value_port_name("eth0.20@x") && value_port_name("abcdefghijklmno") &&
			!value_port_name("abcdefghijklmnop") && !value_port_name("") &&
			!value_port_name("..") && !value_port_name("a/b") &&
			!value_port_name("lo") && !value_port_name("a\x7f") &&
			!value_port_name("\xc3\xa4"),
		"port names are what the kernel and nft take as words");
}

static void numbers(void)
{
	static const char *const bad[] = { "",	 "01",	"+1",  "-1",   " 1",
					   "1 ", "0x1", "1e1", "4295", "99999999999" };
	uint32_t out = 7;
	bool refused = true;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused &= !value_number(bad[i], 4294, &out);
	test_ok(refused && out == 7, "numbers are plain decimal digits");
	test_ok(value_number("0", 0, &out) && !out &&
			value_number("4294967295", UINT32_MAX, &out) && out == UINT32_MAX &&
			!value_number("4294967296", UINT32_MAX, &out),
		"numbers reach their maximum and no further");
}

static void macs(void)
{
	uint8_t mac[6];

	test_ok(!value_mac("0a:Bc:00:00:00:ff", mac) && !memcmp(mac, "\x0a\xbc\0\0\0\xff", 6),
		"a MAC takes both cases");
	test_ok(value_mac("0a:bc:00:00:00:f", mac) && value_mac("0a-bc-00-00-00-ff", mac) &&
			value_mac("01:00:00:00:00:00", mac) && value_mac("00:00:00:00:00:00", mac),
		"a MAC is six bytes, unicast, not zero");
	test_ok(!strcmp(value_mac_text((const uint8_t *)"\x0a\xbc\0\0\0\xff").text,
			"0a:bc:00:00:00:ff"),
		"a MAC is printed");
}

static bool prefix_is(const char *text, unsigned int len, const char *printed)
{
	struct policy_prefix prefix = { 0 };
	const char *fault = value_prefix(text, &prefix);

	if (fault)
		test_note("%s: %s", text, fault);
	return !fault && prefix.len == len && !strcmp(value_prefix_text(&prefix).text, printed);
}

static void prefixes(void)
{
	static const char *const bad[] = {
		"10.0.0.0",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.1/31",
		"10.0.0.0/8/8",
		"fd00::/129",
		"fd00::1/127",
		"0.0.0.0/1",
		"126.0.0.0/7",
		"192.0.0.0/2",
		"169.254.1.0/24",
		"::/1",
		"fe00::/8",
		"f000::/4",
		"::fffe:0:0/95",
		"::ffff:0:0/96",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/8",
	};
	struct policy_prefix out;
	uint8_t inside[16] = { [10] = 0xff, 0xff, 10, 1, 2, 3 },
		outside[16] = { [10] = 0xff, 0xff, 10, 2, 0, 0 };
	bool refused = true;

	test_ok(prefix_is("10.1.0.0/16", 112, "10.1.0.0/16") &&
			prefix_is("10.1.2.3/32", 128, "10.1.2.3/32") &&
			prefix_is("FD00:20::/64", 64, "fd00:20::/64") &&
			prefix_is("fd00::1/128", 128, "fd00::1/128") &&
			prefix_is("2000::/3", 3, "2000::/3"),
		"prefixes of both families are read and printed");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!value_prefix(bad[i], &out)) {
			test_note("took %s", bad[i]);
			refused = false;
		}
	}
	test_ok(refused,
		"prefixes with host bits, of wrong length or with reserved addresses are refused");
	value_prefix("10.1.0.0/16", &out);
	test_ok(value_prefix_contains(out.addr, out.len, inside) &&
			!value_prefix_contains(out.addr, out.len, outside) &&
			value_prefix_contains(out.addr, 0, outside),
		"a prefix contains what shares its bits");
}

static bool entry_is(const char *text, int kind, int proto, int low, int high)
{
	struct policy_entry entry = { 0 };
	const char *fault = value_entry(text, &entry);

	if (fault)
		test_note("%s: %s", text, fault);
	return !fault && entry.kind == kind && entry.proto == proto && entry.low == low &&
	       entry.high == high && !strcmp(value_entry_text(&entry).text, text);
}

static void entries(void)
{
	static const char *const bad[] = {
		"tcp/0",   "tcp/65536", "tcp/2-1",	"tcp/1-",   "tcp/-1",	 "tcp/",
		"tcp/1,2", "TCP/1",	"icmp/0",	"icmp/256", "icmpv6/8",	 "icmpv6/129",
		"proto/1", "proto/6",	"proto/17",	"proto/58", "proto/256", "proto/1-2",
		"sctp/1",  "/1",	"tcp/100000-2",
	};
	struct policy_entry out;
	bool refused = true;

	test_ok(entry_is("tcp/1", CORDON_ENTRY_RANGE, 6, 1, 1) &&
			entry_is("udp/65535", CORDON_ENTRY_RANGE, 17, 65535, 65535) &&
			entry_is("tcp/1-65535", CORDON_ENTRY_RANGE, 6, 1, 65535) &&
			entry_is("icmp/8", CORDON_ENTRY_RANGE, 1, 8, 8) &&
			entry_is("icmp/13", CORDON_ENTRY_RANGE, 1, 13, 13) &&
			entry_is("icmpv6/128", CORDON_ENTRY_RANGE, 58, 128, 128) &&
			entry_is("proto/0", CORDON_ENTRY_PROTO, 0, 0, 0) &&
			entry_is("proto/255", CORDON_ENTRY_PROTO, 0, 255, 255) &&
			entry_is("ether/0x8892", CORDON_ENTRY_ETHER, 0, 0x8892, 0x8892) &&
			entry_is("ether/0xffff", CORDON_ENTRY_ETHER, 0, 0xffff, 0xffff) &&
			!value_entry("ether/1536", &out) && out.low == 0x600 && out.high == 0x600,
		"service entries are read and printed");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!value_entry(bad[i], &out)) {
			test_note("took %s", bad[i]);
			refused = false;
		}
	}
	test_ok(refused, "wrong service entries are refused");
}

static bool rate_is(const char *text, enum cordon_quantity quantity, uint64_t rate, const char *said)
{
	uint64_t out = 0;

	return !value_rate(text, quantity, &out) && out == rate &&
	       !strcmp(value_rate_text(quantity, out).text, said);
}

static void rates(void)
{
	const enum cordon_quantity packets = CORDON_QUANTITY_PACKETS, up = CORDON_QUANTITY_UP;
	static const char *const bad[] = { "", "/s", "0/s", "5", "5/", "5/m", "5 /s", "+5/s", "05/s", "5.0/s",
					   "10000001/s", "18446744073709551617/s", "5bit/s", "5/s " };
	static const char *const bad_bits[] = { "", "bit/s", "999bit/s", "0gbit/s", "20", "20/s", "20mbit", "20Mbit/s",
						"20mb/s", "20 mbit/s", "101gbit/s", "4294967296kbit/s", "18446744074gbit/s" };
	bool refused = true;
	uint64_t out = 7;

	test_ok(rate_is("1/s", packets, 1, "1/s") && rate_is("10000000/s", packets, 10000000, "10000000/s") &&
			rate_is("1kbit/s", up, 1000, "1kbit/s") && rate_is("1001bit/s", up, 1001, "1001bit/s") &&
			rate_is("20000kbit/s", up, 20000000, "20mbit/s") &&
			rate_is("100gbit/s", up, 100000000000, "100gbit/s") &&
			rate_is("4294967295bit/s", up, 4294967295, "4294967295bit/s"),
		"rates are read, and printed in their largest unit");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused &= value_rate(bad[i], packets, &out) != NULL;
	for (size_t i = 0; i < sizeof(bad_bits) / sizeof(bad_bits[0]); i++)
		refused &= value_rate(bad_bits[i], up, &out) != NULL;
	test_ok(refused && out == 7, "what is no rate, or has another unit, is refused");
}

void test_values(void)
{
	rates();
	names();
	numbers();
	macs();
	prefixes();
	entries();
}
