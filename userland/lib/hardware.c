// SPDX-License-Identifier: GPL-2.0-or-later
/* Ports by the kernel's own words: ethtool's features, rtnetlink's switch ids, nftables' flowtables. No privilege is needed. */
#include "userland/lib/hardware.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/sockios.h>

#include "userland/lib/compiled.h"
#include "userland/lib/switching.h"

/* Features -------------------------------------------------------------------------------------------------------- */

static int ask(int fd, const char *port, void *request)
{
	struct ifreq ifr = { .ifr_data = request };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", port);
	return ioctl(fd, SIOCETHTOOL, &ifr) < 0 ? -errno : 0;
}

/* Return: how many features the kernel knows, or a negative errno. */
static int count_features(int fd, const char *port)
{
	uint32_t request[(sizeof(struct ethtool_sset_info) + sizeof(uint32_t)) / sizeof(uint32_t)] = { 0 };
	struct ethtool_sset_info *set = (struct ethtool_sset_info *)request;
	int err;

	set->cmd = ETHTOOL_GSSET_INFO;
	set->sset_mask = UINT64_C(1) << ETH_SS_FEATURES;
	err = ask(fd, port, set);
	return err ? err : set->sset_mask ? (int)set->data[0] : 0;
}

/* Return: the number of the feature; @n: there is no such one; or a negative errno. */
static int number_of(int fd, const char *port, const char *feature, int n)
{
	struct ethtool_gstrings *names = calloc(1, sizeof(*names) + (size_t)n * ETH_GSTRING_LEN);
	int err, i = 0;

	if (!names)
		return -ENOMEM;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = (uint32_t)n;
	err = ask(fd, port, names);
	while (!err && i < n && strncmp((const char *)names->data + i * ETH_GSTRING_LEN, feature, ETH_GSTRING_LEN))
		i++;
	free(names);
	return err ? err : i;
}

static int is_active(int fd, const char *port, int feature, int n)
{
	size_t words = ((size_t)n + 31) / 32;
	struct ethtool_gfeatures *all = calloc(1, sizeof(*all) + words * sizeof(all->features[0]));
	int err, active;

	if (!all)
		return -ENOMEM;
	all->cmd = ETHTOOL_GFEATURES;
	all->size = (uint32_t)words;
	err = ask(fd, port, all);
	active = !err && feature < n && all->features[feature / 32].active >> feature % 32 & 1;
	free(all);
	return err ? err : active;
}

/* Return: 1, 0, or a negative errno; an interface that is not there, or has no features, offloads nothing. */
static int has_feature(const char *port, const char *feature)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), n, at;

	if (fd < 0)
		return -errno;
	n = count_features(fd, port);
	at = n > 0 ? number_of(fd, port, feature, n) : n;
	if (n > 0 && at >= 0)
		at = is_active(fd, port, at, n);
	close(fd);
	return at == -ENODEV || at == -EOPNOTSUPP ? 0 : at;
}

/* Ports ----------------------------------------------------------------------------------------------------------- */

static bool in_flowtable(const struct nft_state *nft, const char *port)
{
	for (size_t i = 0; i < nft->n_offload; i++) {
		if (!strcmp(nft->offload[i], port))
			return true;
	}
	return false;
}

const char *hardware_words(enum hardware_way way)
{
	static const char *const words[] = {
		"", "has hw-tc-offload on", "is a port of a switch chip", "is in a flowtable that offloads",
	};

	return words[way];
}

const char *hardware_remedy(enum hardware_way way)
{
	static const char *const remedy[] = {
		"", "ethtool -K PORT hw-tc-offload off", "use a port that the kernel forwards",
		"take 'flags offload' from it, or the port",
	};

	return remedy[way];
}

static int look_at(const char *port, const char *chip, const struct nft_state *nft, enum hardware_way *way, struct failure *f)
{
	int on = has_feature(port, "hw-tc-offload");

	if (on < 0)
		return fail_sys(f, -on, "cannot ask for the features of port %s", port);
	*way = on ? HARDWARE_TC : *chip ? HARDWARE_CHIP : in_flowtable(nft, port) ? HARDWARE_FLOWTABLE : HARDWARE_NONE;
	return 0;
}

int hardware_look(const struct policy *policy, const struct nft_state *nft, enum hardware_way way[CORDON_MAX_PORTS],
		  struct failure *f)
{
	char chip[CORDON_MAX_PORTS][SWITCH_ID_LEN];
	const char *names[CORDON_MAX_PORTS];
	int err;

	for (size_t i = 0; i < policy->n_ports; i++)
		names[i] = policy->ports[i].name;
	err = switching_chips(names, policy->n_ports, chip, f);
	for (size_t i = 0; i < policy->n_ports && !err; i++)
		err = look_at(names[i], chip[i], nft, &way[i], f);
	return err;
}

int hardware_check(const struct policy *policy, const struct nft_state *nft, struct failure *f)
{
	enum hardware_way way[CORDON_MAX_PORTS];
	char where[128];
	int err;

	if (!policy->refuse_offload)
		return 0;
	err = hardware_look(policy, nft, way, f);
	for (size_t i = 0; i < policy->n_ports && !err; i++) {
		if (!way[i])
			continue;
		compiled_where(&policy->ports[i].pos, where, sizeof(where));
		err = fail(f, CORDON_EXIT_FAILED, EOPNOTSUPP,
			   "%s: error: port %s %s, so that the hardware may forward past cordon, and hardware-offload is 'refuse'; %s",
			   where, policy->ports[i].name, hardware_words(way[i]), hardware_remedy(way[i]));
	}
	return err;
}
