/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * cordon's only wire format: the generic netlink family "cordon" and the layout of a compiled
 * ruleset. Kernel module and userland include this very file. docs/netlink.md describes every
 * command.
 */
#ifndef _UAPI_LINUX_CORDON_H
#define _UAPI_LINUX_CORDON_H

#include <linux/types.h>

#define CORDON_GENL_NAME	"cordon"
#define CORDON_GENL_VERSION	1
#define CORDON_GENL_MCGRP_EVENTS "events"
/*
 * Raised on every incompatible change of this file; the daemon refuses a module that says another.
 */
#define CORDON_WIRE_VERSION	2

#define CORDON_ZONE_NAME_LEN	32	/* with the NUL */
#define CORDON_PORT_NAME_LEN	16	/* IFNAMSIZ */
#define CORDON_MAX_PORTS	64
#define CORDON_MAX_DEVICES	1048575
#define CORDON_MAX_BLOB_BYTES	(256U << 20)
#define CORDON_DIGEST_BYTES	32	/* SHA-256 over the ruleset bytes */
/* a device unheard of this long may move inside its port list */
#define CORDON_AGE_SECONDS	300

/* Zone ids. Declared zones have ids from CORDON_ZONE_FIRST to CORDON_ZONE_LAST. */
enum {
	CORDON_ZONE_NONE = 0,
	CORDON_ZONE_GATEWAY = 1,
	CORDON_ZONE_WAN = 2,
	CORDON_ZONE_UNKNOWN = 3,
	CORDON_ZONE_QUARANTINE = 4,
	CORDON_ZONE_FIRST = 5,
	CORDON_ZONE_LAST = 252,
};

/*
 * The skb mark bits that tell nftables what the module judged: valid | generation parity | source
 * zone | destination zone.
 */
#define CORDON_MARK_MASK	0xffffc000U
#define CORDON_MARK_VALID	0x80000000U
#define CORDON_MARK_PARITY	0x40000000U
#define CORDON_MARK_SRC_SHIFT	22
#define CORDON_MARK_DST_SHIFT	14

/* Why a packet was dropped; docs/policy-language.md section 6 says when each is given. */
enum cordon_reason {
	CORDON_REASON_NONE = 0,
	CORDON_REASON_NO_RULESET,
	CORDON_REASON_MALFORMED,
	CORDON_REASON_VLAN,
	CORDON_REASON_ETHERTYPE,
	CORDON_REASON_OWN_MAC,
	CORDON_REASON_DEVICE_PORT,
	CORDON_REASON_MARTIAN,
	CORDON_REASON_IPV6_EXT,
	CORDON_REASON_IP_OPTIONS,
	CORDON_REASON_FRAGMENT,
	CORDON_REASON_REDIRECT,
	CORDON_REASON_RA_GUARD,
	CORDON_REASON_DHCP_SERVER,
	CORDON_REASON_QUERIER,
	CORDON_REASON_ND_SENDER,
	CORDON_REASON_ARP_SENDER,
	CORDON_REASON_NEIGHBOUR_TARGET,
	CORDON_REASON_ADDRESS_SPOOF,
	CORDON_REASON_ZONE_ADDRESS,
	CORDON_REASON_GROUP_UNICAST,
	CORDON_REASON_GROUP,
	CORDON_REASON_UNKNOWN_DESTINATION,
	CORDON_REASON_NOT_FOR_US,
	CORDON_REASON_QUARANTINE,
	CORDON_REASON_UNKNOWN_SOURCE,
	CORDON_REASON_PAIR,
	CORDON_REASON_SERVICE,
	CORDON_REASON_NOT_REPLY,
	CORDON_REASON_RELATED,
	CORDON_REASON_UNMANAGED,
	CORDON_REASON_EGRESS_PORT,
	CORDON_REASON_MASQUERADE,
	CORDON_REASON_LIMIT_PACKETS,
	CORDON_REASON_LIMIT_UP,
	CORDON_REASON_LIMIT_DOWN,
	CORDON_REASON_LIMIT_CONNECTIONS,
	CORDON_REASON_LIMIT_UNKNOWN,
	CORDON_REASON_LIMIT_MEMBERSHIP,
	CORDON_REASON_LIMIT_LEASE,
	CORDON_REASON_LIMIT_UNRESOLVED,
	__CORDON_REASON_MAX,
};

#define CORDON_REASON_MAX (__CORDON_REASON_MAX - 1)

enum cordon_hook {
	CORDON_HOOK_INGRESS,
	CORDON_HOOK_FORWARD,
	CORDON_HOOK_LOCAL_IN,
	CORDON_HOOK_LOCAL_OUT,
	CORDON_HOOK_BRIDGE,
	CORDON_HOOK_EGRESS,
	__CORDON_HOOK_MAX,
};

/* What may be limited, per second. */
enum cordon_quantity {
	CORDON_QUANTITY_PACKETS,	/* accepted from a device at ingress */
	CORDON_QUANTITY_UP,		/* their bits */
	CORDON_QUANTITY_DOWN,		/* bits that leave to a device at egress */
	CORDON_QUANTITY_CONNECTIONS,	/* that a device starts */
	__CORDON_QUANTITY_MAX,
};

#define CORDON_RATE_MAX		10000000	/* packets, connections: 1 to this */
#define CORDON_RATE_BITS_MIN	1000		/* up, down */
#define CORDON_RATE_BITS_MAX	100000000000ULL

/*
 * The compiled ruleset: one header, then the sections at 8-byte aligned offsets in the order of
 * enum cordon_section, without gaps other than zero padding. All integers little-endian, all
 * reserved bytes zero. Addresses are 16 bytes, IPv4 as ::ffff:a.b.c.d. The encoding is canonical:
 * each section is sorted as its record says and holds no duplicates.
 */
#define CORDON_BLOB_MAGIC	"CORDONRS"
#define CORDON_BLOB_VERSION	2

enum cordon_section {
	CORDON_SECT_ZONES,	/* struct cordon_blob_zone, by id */
	CORDON_SECT_PORTS,	/* struct cordon_blob_port, in policy order; index = port bit */
	CORDON_SECT_VIDS,	/* __le16, tagged VLANs of the ports, ascending within a port */
	CORDON_SECT_PAIRS,	/* struct cordon_blob_pair, by (from, to) */
	/* struct cordon_blob_entry, per pair by (kind, proto, low), disjoint and not adjacent */
	CORDON_SECT_ENTRIES,
	CORDON_SECT_DEVICES,	/* struct cordon_blob_device, by (vlan, mac) */
	CORDON_SECT_ADDRESSES,	/* 16 bytes each, per device ascending, globally distinct */
	CORDON_SECT_PREFIXES,	/* struct cordon_blob_prefix, by (addr), disjoint */
	/* struct cordon_blob_limit, by rate[0], then rate[1] and so on; each in use */
	CORDON_SECT_LIMITS,
	/* struct cordon_blob_prefix, by (zone, addr), disjoint within a zone */
	CORDON_SECT_GROUPS,
	__CORDON_SECT_MAX,
};

struct cordon_blob_section {
	__le32 offset;		/* from the start of the blob */
	__le32 count;		/* records, not bytes */
};

struct cordon_blob_header {
	__u8 magic[8];
	__le32 version;
	__le32 length;		/* of the whole blob, in bytes */
	__le32 unknown_rate;	/* packets/s of all sources without a device together */
	__le32 reserved;
	struct cordon_blob_section section[__CORDON_SECT_MAX];
};

enum {
	/* only to the groups of its records in GROUPS, which may be none */
	CORDON_ZONE_F_GROUPS = 1,
	/* IPv4 options that its packets may have */
	CORDON_ZONE_F_RECORD_ROUTE = 2,
	CORDON_ZONE_F_TIMESTAMP = 4,
	CORDON_ZONE_F_ROUTER_ALERT = 8,
	CORDON_ZONE_F_NO_FRAGMENTS = 16,
};

#define CORDON_ZONE_F_OPTIONS \
	(CORDON_ZONE_F_RECORD_ROUTE | CORDON_ZONE_F_TIMESTAMP | CORDON_ZONE_F_ROUTER_ALERT)

struct cordon_blob_zone {	/* declared zones only: ids CORDON_ZONE_FIRST..LAST */
	__u8 id;
	char name[CORDON_ZONE_NAME_LEN - 1];	/* NUL-padded */
	__u8 flags;		/* CORDON_ZONE_F_* */
	__u8 reserved[7];
};

enum { CORDON_PORT_DEVICES = 1, CORDON_PORT_ZONE = 2, CORDON_PORT_UPLINK = 3 };
enum { CORDON_PORT_F_MASQ4 = 1, CORDON_PORT_F_MASQ6 = 2 };

struct cordon_blob_port {
	char name[CORDON_PORT_NAME_LEN];	/* NUL-padded */
	__u8 mode;		/* CORDON_PORT_* */
	__u8 zone;		/* CORDON_PORT_ZONE: its zone; UPLINK: wan; else 0 */
	__u8 flags;		/* CORDON_PORT_F_*, uplinks only */
	__u8 reserved;
	__le16 untagged;	/* VLAN of untagged frames, 0: none; zone ports: 0 */
	__le16 vid_count;
	__le32 vid_first;	/* index into VIDS; ranges of the ports follow each other */
	__le16 limit;		/* zone ports: index into LIMITS + 1; 0: none */
	__le16 reserved2;
};

enum { CORDON_PAIR_F_LOG = 1 };

struct cordon_blob_pair {
	__u8 from;
	__u8 to;
	__u8 flags;
	__u8 reserved;
	__le32 first;		/* index into ENTRIES; ranges follow each other */
	__le32 count;		/* 0 only with CORDON_PAIR_F_LOG */
};

enum {
	CORDON_ENTRY_ALL = 1,	/* everything but ethertypes; then it is the only other entry */
	CORDON_ENTRY_DHCP = 2,
	CORDON_ENTRY_RANGE = 3,	/* proto 6, 17: destination ports; 1, 58: query types 8, 13 / 128 */
	CORDON_ENTRY_PROTO = 4,	/* protocol numbers low..high, none of 1, 6, 17, 58; proto 0 */
	CORDON_ENTRY_ETHER = 5,	/* ethertypes low..high from 0x600, none that has rules */
};

struct cordon_blob_entry {
	__u8 kind;
	__u8 proto;
	__le16 low;
	__le16 high;
	__le16 reserved;
};

/* What a device may say that else only the gateway says; it then has ports. */
enum { CORDON_ROLE_DHCP_SERVER = 1, CORDON_ROLE_ROUTER = 2, CORDON_ROLE_QUERIER = 4 };

struct cordon_blob_device {
	__u8 mac[6];
	__le16 vlan;
	__le64 ports;		/* bit per port; 0: the first port seen binds */
	__le16 limit;		/* index into LIMITS + 1; 0: none */
	__le16 reserved;
	__le16 count;		/* its addresses follow in ADDRESSES those of the device before */
	__u8 zone;		/* declared or CORDON_ZONE_QUARANTINE */
	__u8 roles;		/* CORDON_ROLE_* */
};

struct cordon_blob_limit {
	__le64 rate[__CORDON_QUANTITY_MAX];	/* per second; 0: not limited, but not all */
};

struct cordon_blob_prefix {
	__u8 addr[16];
	__u8 len;		/* 0..128; IPv4 96 + n */
	__u8 zone;
	__u8 reserved[6];
};

/*
 * Generic netlink. Every command needs CAP_NET_ADMIN in the initial user namespace and acts on
 * the caller's network namespace. Every reply to INFO_GET, BEGIN, STAGE and COMMIT carries
 * WIRE_VERSION, GENERATION and DIGEST.
 */
enum cordon_cmd {
	CORDON_CMD_UNSPEC,
	CORDON_CMD_INFO_GET,		/* do: - -> info */
	/* do: LENGTH [GENERATION] -> TXID; frees older staging of this namespace */
	CORDON_CMD_RULESET_BEGIN,
	CORDON_CMD_RULESET_DATA,	/* do: TXID OFFSET DATA; offsets ascend without gaps */
	/*
	 * do: TXID -> info of what a commit would publish; decodes and validates all; a commit
	 * then cannot fail
	 */
	CORDON_CMD_RULESET_STAGE,
	CORDON_CMD_RULESET_COMMIT,	/* do: TXID -> info */
	CORDON_CMD_RULESET_ABORT,	/* do: TXID */
	/* do: MAC VLAN -> device; dump: all devices of the ruleset and all quarantined ones */
	CORDON_CMD_DEVICE_GET,
	/* do: MAC VLAN QUARANTINED; also without a ruleset or for a MAC that it lacks */
	CORDON_CMD_DEVICE_SET,
	CORDON_CMD_UNKNOWN_GET,		/* dump: sources without a device record */
	CORDON_CMD_PORT_GET,		/* dump */
	CORDON_CMD_ZONE_GET,		/* dump: id and name, built-in ones too */
	CORDON_CMD_STATS_GET,		/* do: - -> counters per reason and hook */
	/* do: - : withdraws the ruleset and every hook of this namespace */
	CORDON_CMD_DISARM,
	CORDON_CMD_EVENT,		/* multicast only */
	__CORDON_CMD_MAX,
};

#define CORDON_CMD_MAX (__CORDON_CMD_MAX - 1)

enum cordon_attr {
	CORDON_A_UNSPEC,
	CORDON_A_PAD,
	CORDON_A_WIRE_VERSION,	/* u32 */
	CORDON_A_MODULE_VERSION,/* string */
	CORDON_A_ARMED,		/* u8: 1 a ruleset is committed */
	CORDON_A_GENERATION,	/* u64, > 0 */
	CORDON_A_DIGEST,	/* binary, CORDON_DIGEST_BYTES */
	CORDON_A_TXID,		/* u64 */
	CORDON_A_LENGTH,	/* u32, bytes of the blob */
	CORDON_A_OFFSET,	/* u32 */
	CORDON_A_DATA,		/* binary, 1..61440 bytes */
	CORDON_A_MAC,		/* binary, 6 */
	CORDON_A_VLAN,		/* u16, 1..4094 */
	CORDON_A_QUARANTINED,	/* u8, 0..1 */
	CORDON_A_ZONE,		/* u8: effective zone */
	CORDON_A_POLICY_ZONE,	/* u8: zone by policy; 0: not in the ruleset */
	CORDON_A_ZONE_NAME,	/* string */
	/* string: current name of the netdev, or of the policy while absent */
	CORDON_A_PORT_NAME,
	CORDON_A_POLICY_PORT,	/* string: name in the policy */
	CORDON_A_PORT_MODE,	/* u8 CORDON_PORT_* */
	CORDON_A_IFINDEX,	/* u32; 0: absent */
	CORDON_A_CARRIER,	/* u8 */
	CORDON_A_FINDINGS,	/* u32 bits CORDON_FINDING_* */
	CORDON_A_FIRST_SEEN,	/* u32 boottime seconds; absent: never */
	CORDON_A_LAST_SEEN,	/* u32 boottime seconds */
	CORDON_A_ADDRESS,	/* binary, 16: last source address seen */
	CORDON_A_DEST_ADDRESS,	/* binary, 16 */
	CORDON_A_DEST_MAC,	/* binary, 6 */
	CORDON_A_PACKETS,	/* u64 accepted from the device at ingress */
	CORDON_A_BYTES,		/* u64 */
	CORDON_A_DROPS,		/* u64 */
	CORDON_A_DEVICES,	/* u32 count */
	CORDON_A_EVENT,		/* u8 CORDON_EVENT_* */
	CORDON_A_REASON,	/* u8 enum cordon_reason */
	CORDON_A_HOOK,		/* u8 enum cordon_hook */
	CORDON_A_ETHERTYPE,	/* u16 host order */
	CORDON_A_PROTO,		/* u8 */
	CORDON_A_SOURCE_PORT,	/* u16 host order; ICMP: type */
	CORDON_A_DEST_PORT,	/* u16 host order; ICMP: code */
	CORDON_A_SOURCE_ZONE,	/* u8 */
	CORDON_A_DEST_ZONE,	/* u8 */
	CORDON_A_LOST,		/* u64 events lost so far (rate limit, memory) */
	CORDON_A_TIME,		/* u64 boottime ns */
	/*
	 * binary: __u64 native-endian [__CORDON_HOOK_MAX][__CORDON_REASON_MAX]; reason NONE =
	 * accepted
	 */
	CORDON_A_COUNTERS,
	CORDON_A_STAGED,	/* flag: a transaction is staged */
	CORDON_A_HOOKS_MISSING,	/* u32 bits by enum cordon_place; absent: not armed */
	/* binary: __u64 native-endian [__CORDON_QUANTITY_MAX], per second; 0: not limited */
	CORDON_A_LIMITS,
	/* binary: likewise; frames that were dropped for each, as long as it has been limited */
	CORDON_A_LIMIT_DROPS,
	__CORDON_A_MAX,
};

#define CORDON_A_MAX (__CORDON_A_MAX - 1)

enum cordon_event_type {
	CORDON_EVENT_DROP = 1,
	/* first frame of a source without a record, and the first that is accepted */
	CORDON_EVENT_UNKNOWN,
	CORDON_EVENT_COMMIT,
	CORDON_EVENT_DISARM,
	CORDON_EVENT_QUARANTINE,
	CORDON_EVENT_RELEASE,
	/* a managed netdev came, went, was renamed, changed carrier or has other findings */
	CORDON_EVENT_PORT,
	CORDON_EVENT_MOVE,		/* a device changed its current port */
	CORDON_EVENT_HOOKS,		/* other hooks of the stack are missing than before */
};

/* What a look at a managed port finds that cordon cannot see through. */
enum {
	CORDON_FINDING_ABSENT = 1 << 0,		/* no such netdev */
	CORDON_FINDING_NO_CARRIER = 1 << 1,
	CORDON_FINDING_HW_TC = 1 << 2,		/* hw-tc-offload on */
	CORDON_FINDING_HW_FORWARD = 1 << 3,	/* switchdev: frames may be forwarded in hardware */
	CORDON_FINDING_XDP = 1 << 4,		/* an XDP program is attached */
	CORDON_FINDING_ZONE_IN_BRIDGE = 1 << 5,	/* a zone port is a bridge port */
	CORDON_FINDING_RENAMED = 1 << 6,	/* its name is no longer the policy's */
	CORDON_FINDING_STACKED = 1 << 7,	/* bond, VRF, macvlan or similar on top */
	/* a foreign hook stands before cordon's at ingress or behind it at egress */
	CORDON_FINDING_FLOWTABLE = 1 << 8,
	CORDON_FINDING_UNHOOKED = 1 << 9,	/* its ingress or egress hook is not in place */
	CORDON_FINDING_TC = 1 << 10,		/* tc filters or programs see frames first */
	CORDON_FINDING_DIVERTED = 1 << 11,	/* macvlan, ipvlan, OVS take frames unseen */
	CORDON_FINDING_LOWER = 1 << 12,		/* stands on a netdev that is not managed */
};

/* Where netfilter has to call the module while it is armed, besides the managed ports. */
enum cordon_place {
	CORDON_PLACE_FORWARD4,
	CORDON_PLACE_FORWARD6,
	CORDON_PLACE_LOCAL_IN4,
	CORDON_PLACE_LOCAL_IN6,
	CORDON_PLACE_LOCAL_OUT4,
	CORDON_PLACE_LOCAL_OUT6,
	CORDON_PLACE_BRIDGE_FORWARD,
	CORDON_PLACE_BRIDGE_LOCAL_IN,
	CORDON_PLACE_BRIDGE_LOCAL_OUT,
	__CORDON_PLACE_MAX,
};

#endif /* _UAPI_LINUX_CORDON_H */
