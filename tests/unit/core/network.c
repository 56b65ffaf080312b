// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The network of the tests:
 *
 *   lan1    devices, untagged 1           desk      02:00:00:00:00:03 VLAN 1,  no list, staff,   10.10.0.3
 *                                         shelf     02:00:00:00:00:04 VLAN 1,  lan1,    quarantine, 10.99.0.4
 *   lan2    devices, untagged 20, 30      camera    02:00:00:00:00:01 VLAN 20, lan2,    cameras, 10.20.0.11, fd00:20::11
 *                                         recorder  02:00:00:00:00:02 VLAN 20, lan2,    video,   10.30.0.2, fd00:30::2, all roles
 *                                         mobile    02:00:00:00:00:05 VLAN 30, lan2,    cameras, 10.20.0.30
 *   office  zone staff                    staff     10.10.0.0/24 fd00:10::/64
 *   wan0    uplink, masquerades IPv4      cameras   10.20.0.0/24 fd00:20::/64
 *   wan1    uplink                        video     10.30.0.0/24 fd00:30::/64
 *
 *   Limits: office and mobile 100 connections/s, camera 5000 packets/s, 20 Mbit/s up, 50 down, 100 connections/s.
 *
 *   cameras -> video: tcp/554 udp/5000-5100 ping      staff -> cameras: tcp/443 ping    cameras -> gateway: dhcp udp/53
 *   gateway -> wan: udp/53 proto/47                   video -> staff: denied and logged wan -> gateway: tcp/22
 *   cameras -> video, video -> video: ether/0x8892
 *   cameras -> cameras: udp/6000                      gateway -> cameras: udp/9000
 *   video: IP options record-route and router-alert, no fragments
 *   video -> video: udp/6001, to 239.2.0.0/16 and ff05::/16 only
 */
#include "core_test.h"

static void devices(struct blob *b)
{
	blob_device(b, 0x020000000003, 1, 0, STAFF);
	blob_address(b, "10.10.0.3");
	blob_device(b, 0x020000000004, 1, 1 << LAN1, CORDON_ZONE_QUARANTINE);
	blob_address(b, "10.99.0.4");
	blob_device(b, 0x020000000001, 20, 1 << LAN2, CAMERAS);
	blob_address(b, "10.20.0.11");
	blob_address(b, "fd00:20::11");
	blob_device_limit(b, 2);
	blob_device(b, 0x020000000002, 20, 1 << LAN2, VIDEO);
	blob_device_roles(b, CORDON_ROLE_DHCP_SERVER | CORDON_ROLE_ROUTER | CORDON_ROLE_QUERIER);
	blob_address(b, "10.30.0.2");
	blob_address(b, "fd00:30::2");
	blob_device(b, 0x020000000005, 30, 1 << LAN2, CAMERAS);
	blob_address(b, "10.20.0.30");
	blob_device_limit(b, 1);
}

static void pairs(struct blob *b)
{
	blob_pair(b, CORDON_ZONE_GATEWAY, CORDON_ZONE_WAN, 0);
	blob_entry(b, CORDON_ENTRY_RANGE, 17, 53, 53);
	blob_entry(b, CORDON_ENTRY_PROTO, 0, 47, 47);
	blob_pair(b, CORDON_ZONE_GATEWAY, CAMERAS, 0);
	blob_entry(b, CORDON_ENTRY_RANGE, 17, 9000, 9000);
	blob_pair(b, CORDON_ZONE_WAN, CORDON_ZONE_GATEWAY, 0);
	blob_entry(b, CORDON_ENTRY_RANGE, 6, 22, 22);
	blob_pair(b, STAFF, CAMERAS, 0);
	blob_entry(b, CORDON_ENTRY_RANGE, 1, 8, 8);
	blob_entry(b, CORDON_ENTRY_RANGE, 6, 443, 443);
	blob_entry(b, CORDON_ENTRY_RANGE, 58, 128, 128);
	blob_pair(b, CAMERAS, CORDON_ZONE_GATEWAY, 0);
	blob_entry(b, CORDON_ENTRY_DHCP, 0, 0, 0);
	blob_entry(b, CORDON_ENTRY_RANGE, 17, 53, 53);
	blob_pair(b, CAMERAS, CAMERAS, 0);
	blob_entry(b, CORDON_ENTRY_RANGE, 17, 6000, 6000);
	blob_pair(b, CAMERAS, VIDEO, 0);
	blob_entry(b, CORDON_ENTRY_RANGE, 1, 8, 8);
	blob_entry(b, CORDON_ENTRY_RANGE, 6, 554, 554);
	blob_entry(b, CORDON_ENTRY_RANGE, 17, 5000, 5100);
	blob_entry(b, CORDON_ENTRY_ETHER, 0, 0x8892, 0x8892);
	blob_pair(b, VIDEO, STAFF, CORDON_PAIR_F_LOG);
	blob_pair(b, VIDEO, VIDEO, 0);
	blob_entry(b, CORDON_ENTRY_RANGE, 17, 6001, 6001);
	blob_entry(b, CORDON_ENTRY_ETHER, 0, 0x8892, 0x8892);
}

u8 *network(size_t *len)
{
	static const u16 tagged[] = { 30, 0 };
	struct blob b = { 0 };

	blob_zone(&b, STAFF, "staff");
	blob_zone(&b, CAMERAS, "cameras");
	blob_zone(&b, VIDEO, "video");
	blob_zone_flags(&b, VIDEO, CORDON_ZONE_F_GROUPS | CORDON_ZONE_F_RECORD_ROUTE | CORDON_ZONE_F_ROUTER_ALERT |
				   CORDON_ZONE_F_NO_FRAGMENTS);
	blob_port(&b, "lan1", CORDON_PORT_DEVICES, 0, 0, 1, NULL);
	blob_port(&b, "lan2", CORDON_PORT_DEVICES, 0, 0, 20, tagged);
	blob_port(&b, "office", CORDON_PORT_ZONE, STAFF, 0, 0, NULL);
	blob_port_limit(&b, 1);
	blob_port(&b, "wan0", CORDON_PORT_UPLINK, CORDON_ZONE_WAN, CORDON_PORT_F_MASQ4, 0, NULL);
	blob_port(&b, "wan1", CORDON_PORT_UPLINK, CORDON_ZONE_WAN, 0, 0, NULL);
	pairs(&b);
	devices(&b);
	blob_prefix(&b, "10.10.0.0", 120, STAFF);
	blob_prefix(&b, "10.20.0.0", 120, CAMERAS);
	blob_prefix(&b, "10.30.0.0", 120, VIDEO);
	blob_prefix(&b, "fd00:10::", 64, STAFF);
	blob_prefix(&b, "fd00:20::", 64, CAMERAS);
	blob_prefix(&b, "fd00:30::", 64, VIDEO);
	blob_limit(&b, (const u64[]){ 0, 0, 0, 100 });
	blob_limit(&b, (const u64[]){ 5000, 20000000, 50000000, 100 });
	blob_group(&b, "239.2.0.0", 112, VIDEO);
	blob_group(&b, "ff05::", 16, VIDEO);
	return blob_finish(&b, len);
}
