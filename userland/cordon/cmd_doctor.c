// SPDX-License-Identifier: GPL-2.0-or-later
/* cordon doctor: findings with an id, what was found, and what to do. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nft/nft.h"
#include "userland/cordon/cli.h"
#include "userland/cordon/direct_view.h"
#include "userland/lib/file.h"
#include "userland/lib/ip_rules.h"
#include "userland/lib/links.h"

static void finding(json_t *list, const char *id, const char *fix, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void finding(json_t *list, const char *id, const char *fix, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", id, "text", text, "fix", fix));
}

/* Kernel ---------------------------------------------------------------------------------------------------------- */

static bool is_one(const char *path)
{
	char line[16];

	return !file_read_line(path, line, sizeof(line)) && !strcmp(line, "1");
}

static void check_forwarding(json_t *list, const json_t *status)
{
	if (!cli_true(status, "armed"))
		return;
	if (!is_one("/proc/sys/net/ipv4/ip_forward"))
		finding(list, "forwarding-v4", "sysctl -w net.ipv4.ip_forward=1", "the box does not forward IPv4");
	if (!access("/proc/sys/net/ipv6/conf/all/forwarding", F_OK) &&
	    !is_one("/proc/sys/net/ipv6/conf/all/forwarding"))
		finding(list, "forwarding-v6", "sysctl -w net.ipv6.conf.all.forwarding=1",
			"the box does not forward IPv6");
}

static void check_bridge(json_t *list)
{
	if (is_one("/proc/sys/net/bridge/bridge-nf-call-iptables") ||
	    is_one("/proc/sys/net/bridge/bridge-nf-call-ip6tables"))
		finding(list, "br-netfilter",
			"sysctl -w net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0",
			"br_netfilter sends bridged frames through the IP hooks too: other tools' rules meet them");
	if (is_one("/proc/sys/net/bridge/bridge-nf-filter-vlan-tagged"))
		finding(list, "br-netfilter-vlan", "sysctl -w net.bridge.bridge-nf-filter-vlan-tagged=0",
			"br_netfilter looks inside VLAN tags");
}

static void check_marks(json_t *list)
{
	uint32_t mark;

	if (ip_rules_mark(CORDON_MARK_MASK, &mark) == 1)
		finding(list, "mark-rule", "give that program marks up to 0x3fff (wg-quick: FwMark = 0x2a6c)",
			"an ip rule goes by mark 0x%x, and bits 0x%x of marks are cordon's", mark, mark & CORDON_MARK_MASK);
}

/* Module and nftables --------------------------------------------------------------------------------------------- */

static void check_armed(json_t *list, const json_t *status)
{
	if (!cli_true(status, "armed"))
		finding(list, "not-armed", "cordon apply", "the module has no ruleset: nothing is enforced");
}

static void check_hooks(json_t *list, const json_t *status)
{
	const json_t *place;
	size_t i;

	json_array_foreach(json_object_get(status, "hooks_missing"), i, place)
		finding(list, "hook-missing", "find out what took it away, then reboot",
			"the kernel does not call cordon at %s", json_string_value(place));
}

struct port_fix {
	const char *finding, *text, *fix;
};

static void check_port(json_t *list, const char *port, const char *found)
{
	static const struct port_fix fixes[] = {
		{ "absent", "does not exist", "correct gateway.ports, or bring the interface back" },
		{ "no-carrier", "has no carrier", "connect the cable, or set the link up" },
		{ "hw-tc", "has hw-tc-offload on: the hardware may forward past cordon",
		  "ethtool -K PORT hw-tc-offload off" },
		{ "hw-forward", "is a port of a switch chip: frames may be forwarded in hardware",
		  "use ports that the kernel forwards" },
		{ "xdp", "has an XDP program: it sees frames before cordon", "ip link set dev PORT xdp off" },
		{ "zone-in-bridge", "is a zone port but a member of a bridge", "ip link set dev PORT nomaster" },
		{ "renamed", "no longer has the name that the policy gives it", "rename it back, or change the policy" },
		{ "stacked", "has a device on top that is in no zone: nothing passes it", "remove that device" },
		{ "tc", "has tc filters or programs: what they redirect passes cordon unseen",
		  "tc qdisc del dev PORT clsact, or ingress" },
		{ "diverted", "has a macvlan, ipvlan or Open vSwitch on top: its frames pass cordon unseen",
		  "remove that device" },
		{ "lower", "stands on an interface that is no port: what comes there outside of it is not judged",
		  "let only the VLAN of PORT in at the far end, or make an interface of its own the port" },
		{ "foreign-hook", "has a foreign hook before cordon's at ingress or behind it at egress",
		  "remove the flowtable or netdev chain on PORT" },
		{ "unhooked", "lacks cordon's ingress or egress hook", "find out what took it away, then reboot" },
	};
	char id[64];

	for (size_t i = 0; i < sizeof(fixes) / sizeof(fixes[0]); i++) {
		if (strcmp(fixes[i].finding, found))
			continue;
		snprintf(id, sizeof(id), "port-%s", found);
		finding(list, id, fixes[i].fix, "port %s %s", port, fixes[i].text);
		return;
	}
	finding(list, "port-newer", "install module and programs of one release",
		"port %s has a finding that these programs do not know: %s", port, found);
}

static void check_ports(json_t *list, const json_t *status)
{
	const json_t *p, *found;
	size_t i, j;

	json_array_foreach(json_object_get(status, "ports"), i, p) {
		json_array_foreach(json_object_get(p, "findings"), j, found)
			check_port(list, cli_text(p, "name"), json_string_value(found));
	}
}

static void check_nft(json_t *list, const json_t *status)
{
	const json_t *nft = json_object_get(status, "nft"), *generations = json_object_get(nft, "generations");

	if (!cli_true(status, "armed"))
		return;
	if (*cli_text(nft, "error"))
		finding(list, "nft-unreadable", "load nf_tables, or run as root", "nftables cannot be read: %s",
			cli_text(nft, "error"));
	else if (!cli_true(nft, "present"))
		finding(list, "nft-absent", "start cordond, or: cordon apply",
			"cordon's nftables tables are missing: the second layer is gone");
	else if (cli_true(nft, "drift"))
		finding(list, "nft-drift", "start cordond, or: cordon apply", "cordon's nftables tables were changed: %s",
			cli_text(nft, "drift_text"));
	else if (json_array_size(generations) != 1 ||
		 json_integer_value(json_array_get(generations, 0)) != cli_number(status, "generation"))
		finding(list, "nft-generation", "start cordond, or: cordon apply",
			"nftables holds another generation than the module");
}

static void check_features(json_t *list)
{
	struct nft_backend *backend = geteuid() ? NULL : nft_backend_open();
	char error[256];

	for (size_t i = 0; backend && nft_feature(i); i++)
		if (nft_feature_try(backend, i, error, sizeof(error)))
			finding(list, "kernel-feature", "install or load these modules", "this kernel lacks %s: %s",
				nft_feature(i), error);
	nft_backend_close(backend);
}

static void check_members(json_t *list, const json_t *status)
{
	const char *names[CORDON_MAX_PORTS];
	size_t n = cli_port_names(status, names);
	struct link_names mixed;

	if (links_mixed_bridges(names, n, &mixed, NULL))
		return;
	for (size_t i = 0; i < mixed.n; i++)
		finding(list, "unmanaged-member", "make it a port of the policy, or take it out of the bridge",
			"%s shares a bridge with a managed port but is not managed: frames between them are dropped",
			mixed.v[i]);
	link_names_free(&mixed);
}

static void check_offload(json_t *list, const json_t *status)
{
	const char *names[CORDON_MAX_PORTS];
	size_t n = cli_port_names(status, names), i;
	const json_t *device;

	json_array_foreach(json_object_get(json_object_get(status, "nft"), "offload"), i, device) {
		for (size_t p = 0; p < n; p++) {
			if (!strcmp(names[p], json_string_value(device)))
				finding(list, "hw-flowtable", "take `flags offload` from it, or the port (nft list flowtables)",
					"a flowtable hands flows of port %s to hardware: cordon sees no more of them", names[p]);
		}
	}
}

/* State database and daemon --------------------------------------------------------------------------------------- */

static void check_store(const struct cli *cli, json_t *list, const json_t *status)
{
	struct failure f = { 0 };
	struct stored stored = { 0 };
	struct store *store;
	int found;

	if (geteuid() != 0)
		return;
	if (store_open(cli->state_dir, true, &store, &f)) {
		finding(list, "state-db", "cordon apply", "the state database cannot be read: %s", f.text);
		return;
	}
	found = store_active(store, &stored, &f);
	if (found < 0)
		finding(list, "state-db", "restore the state directory, then: cordon apply", "%s", f.text);
	else if (cli_true(status, "armed") && (!found || stored.generation != (uint64_t)cli_number(status, "generation")))
		finding(list, "state-generation", "cordon apply",
			"the module enforces another generation than the state database records");
	if (store_audit_verify(store, &f))
		finding(list, "audit-log", "keep a copy and find out who changed it", "%s", f.text);
	stored_free(&stored);
	store_close(store);
}

static void check_daemon(json_t *list, const json_t *status)
{
	const json_t *daemon = json_object_get(status, "daemon");

	if (!daemon)
		finding(list, "daemon", "systemctl start cordond", "cordond does not run: nobody repairs nftables or logs");
	else if (strcmp(cli_text(daemon, "state"), "ok"))
		finding(list, "daemon-state", "cordon apply", "cordond: %s", cli_text(daemon, "state"));
}

/* The whole ------------------------------------------------------------------------------------------------------- */

static json_t *examine(const struct cli *cli)
{
	struct failure f = { 0 };
	json_t *list = json_array(), *status = cli_view(cli, json_pack("{s:s}", "verb", "status"), &f);

	check_features(list);
	if (!status) {
		if (f.sys == EPROTO)
			finding(list, "wire-version", "install module and programs of one release", "%s", f.text);
		else if (access("/sys/module/cordon", F_OK))
			finding(list, "module", "modprobe cordon", "the kernel module cordon is not loaded");
		else
			finding(list, "unreachable", "run as root, or start cordond", "%s", f.text);
		return list;
	}
	check_armed(list, status);
	check_hooks(list, status);
	check_ports(list, status);
	check_members(list, status);
	check_offload(list, status);
	check_nft(list, status);
	check_forwarding(list, status);
	check_bridge(list);
	check_marks(list);
	check_store(cli, list, status);
	check_daemon(list, status);
	json_decref(status);
	return list;
}

int cmd_doctor(struct cli *cli)
{
	json_t *list = examine(cli);
	const json_t *o;
	size_t i, n = json_array_size(list);

	if (cli->json) {
		cli_json(json_pack("{s:b, s:b, s:o}", "ok", n == 0, "complete", geteuid() == 0, "findings", list));
		return n ? CORDON_EXIT_NOT_HELD : CORDON_EXIT_OK;
	}
	json_array_foreach(list, i, o)
		printf("%s%s%s: %s\n    fix: %s\n", cli_red(cli), cli_text(o, "id"), cli_off(cli), cli_text(o, "text"),
		       cli_text(o, "fix"));
	if (!n)
		printf("%sno findings%s\n", cli_green(cli), cli_off(cli));
	if (geteuid())
		fprintf(stderr, "cordon: only root's doctor looks at the kernel's features and the state database\n");
	json_decref(list);
	return n ? CORDON_EXIT_NOT_HELD : CORDON_EXIT_OK;
}
