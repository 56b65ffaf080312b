// SPDX-License-Identifier: GPL-2.0-or-later
/* The operations of the fake kernel. Those that change count themselves; those that are for certain states only check it. */
#include "tests/fuzz/fake_kernel.h"

#include <errno.h>
#include <ifaddrs.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "tests/fuzz/fuzz.h"
#include "userland/lib/compiled.h"
#include "userland/lib/links.h"

static const uint8_t macs[2][6] = { { 2, 0, 0, 0, 0, 1 }, { 2, 0, 0, 0, 0, 9 } };

static struct fake_kernel *of(struct kernel *k)
{
	return (struct fake_kernel *)k;
}

/* What an operation does is done or not done; a failure says so. */
static int outcome(struct kernel *k, struct failure *f)
{
	bool fails = of(k)->fail & 1;

	of(k)->fail >>= 1;
	return fails ? fail(f, CORDON_EXIT_FAILED, EIO, "planted") : 0;
}

static int change(struct kernel *k, struct failure *f)
{
	of(k)->changes++;
	return outcome(k, f);
}

/* Queries --------------------------------------------------------------------------------------------------------- */

static void put_info(struct nlmsghdr *nlh, const struct fake_kernel *k)
{
	mnl_attr_put_u32(nlh, CORDON_A_WIRE_VERSION, CORDON_WIRE_VERSION);
	mnl_attr_put_strz(nlh, CORDON_A_MODULE_VERSION, "9.9");
	mnl_attr_put_u8(nlh, CORDON_A_ARMED, k->armed);
	if (!k->armed)
		return;
	mnl_attr_put_u64(nlh, CORDON_A_GENERATION, k->generation);
	mnl_attr_put(nlh, CORDON_A_DIGEST, sizeof(k->digest), k->digest);
}

static void put_device(struct nlmsghdr *nlh, const struct fake_kernel *k, int i)
{
	mnl_attr_put(nlh, CORDON_A_MAC, 6, macs[i]);
	mnl_attr_put_u16(nlh, CORDON_A_VLAN, 0);
	mnl_attr_put_u8(nlh, CORDON_A_ZONE, 5);
	mnl_attr_put_u8(nlh, CORDON_A_QUARANTINED, !i && k->quarantined);
	mnl_attr_put_strz(nlh, CORDON_A_PORT_NAME, "p1");
}

static void put_answer(struct nlmsghdr *nlh, const struct fake_kernel *k, uint8_t cmd)
{
	static const uint64_t counters[__CORDON_HOOK_MAX][__CORDON_REASON_MAX];

	switch (cmd) {
	case CORDON_CMD_INFO_GET:
		put_info(nlh, k);
		break;
	case CORDON_CMD_STATS_GET:
		mnl_attr_put(nlh, CORDON_A_COUNTERS, sizeof(counters), counters);
		break;
	case CORDON_CMD_DEVICE_GET:
	case CORDON_CMD_UNKNOWN_GET:
		put_device(nlh, k, cmd == CORDON_CMD_UNKNOWN_GET);
		break;
	case CORDON_CMD_ZONE_GET:
		mnl_attr_put_u8(nlh, CORDON_A_ZONE, 5);
		mnl_attr_put_strz(nlh, CORDON_A_ZONE_NAME, "cams");
		break;
	default:
		mnl_attr_put_strz(nlh, CORDON_A_PORT_NAME, "p1");
		mnl_attr_put_u8(nlh, CORDON_A_PORT_MODE, CORDON_PORT_DEVICES);
		break;
	}
}

static int fake_query(struct kernel *k, uint8_t cmd, kernel_attrs_cb cb, void *arg, struct failure *f)
{
	static char buffer[16384];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	int err = outcome(k, f);

	if (err)
		return err;
	put_answer(nlh, of(k), cmd);
	return cb ? cb(mnl_nlmsg_get_payload(nlh), mnl_nlmsg_get_payload_len(nlh), arg) : 0;
}

/* An apply -------------------------------------------------------------------------------------------------------- */

static int fake_begin(struct kernel *k, uint32_t length, uint64_t generation, struct failure *f)
{
	int err = change(k, f);

	FUZZ_MUST(of(k)->at == FAKE_RESTING);
	if (err)
		return err;
	of(k)->at = FAKE_BEGUN;
	of(k)->next = generation;
	of(k)->length = length;
	of(k)->received = 0;
	return 0;
}

static int fake_data(struct kernel *k, uint32_t offset, const void *bytes, size_t len, struct failure *f)
{
	struct fake_kernel *fake = of(k);
	int err = change(k, f);

	FUZZ_MUST(fake->at == FAKE_BEGUN && len && len <= KERNEL_DATA_BYTES);
	if (err || offset != fake->received || len > sizeof(fake->bytes) - fake->received)
		return err ? err : fail(f, CORDON_EXIT_FAILED, EINVAL, "a wrong offset");
	memcpy(fake->bytes + offset, bytes, len);
	fake->received += len;
	return 0;
}

static void describe(const struct fake_kernel *k, struct api_info *info)
{
	memset(info, 0, sizeof(*info));
	info->wire = CORDON_WIRE_VERSION;
	info->has_digest = true;
	memcpy(info->digest, k->digest, sizeof(info->digest));
}

static int fake_stage(struct kernel *k, struct api_info *info, struct failure *f)
{
	struct fake_kernel *fake = of(k);
	struct digest_part part = { fake->bytes, fake->received };
	int err = change(k, f);

	FUZZ_MUST(fake->at == FAKE_BEGUN);
	if (err)
		return err;
	fake->at = FAKE_STAGED;
	describe(fake, info);
	return digest_sha256(&part, 1, info->digest);
}

static int fake_commit(struct kernel *k, struct api_info *info, struct failure *f)
{
	struct fake_kernel *fake = of(k);
	struct digest_part part = { fake->bytes, fake->received };
	int err = change(k, f);

	FUZZ_MUST(fake->at == FAKE_ADDED);
	if (err)
		return err;
	fake->at = FAKE_RESTING;
	fake->armed = true;
	fake->generation = fake->next;
	err = digest_sha256(&part, 1, fake->digest);
	describe(fake, info);
	return err;
}

static int fake_abort(struct kernel *k, struct failure *f)
{
	of(k)->at = FAKE_RESTING;
	return change(k, f);
}

static int fake_device_set(struct kernel *k, const uint8_t mac[6], uint16_t vlan, bool quarantined, struct failure *f)
{
	int err = change(k, f);

	(void)vlan;
	if (!err && !memcmp(mac, macs[0], 6))
		of(k)->quarantined = quarantined;
	return err;
}

static int fake_disarm(struct kernel *k, struct failure *f)
{
	int err = change(k, f);

	FUZZ_MUST(of(k)->at == FAKE_RESTING);
	if (!err)
		of(k)->armed = false;
	return err;
}

/* nftables -------------------------------------------------------------------------------------------------------- */

static int fake_nft_add(struct kernel *k, const char *text, uint64_t generation, struct failure *f)
{
	char error[256] = "";
	int err = change(k, f);

	(void)generation;
	FUZZ_MUST(of(k)->at == FAKE_RESTING || of(k)->at == FAKE_STAGED);
	if (nft_verify(text, error, sizeof(error))) {
		FUZZ_MUST(*error);
		return fail(f, CORDON_EXIT_FAILED, EPERM, "%s", error);
	}
	if (!err && of(k)->at == FAKE_STAGED)
		of(k)->at = FAKE_ADDED;
	return err;
}

static int fake_nft_retire(struct kernel *k, uint64_t generation, struct failure *f)
{
	(void)generation;
	FUZZ_MUST(of(k)->at == FAKE_RESTING);
	return change(k, f);
}

static int fake_nft_run(struct kernel *k, const char *text, struct failure *f)
{
	char error[256] = "";

	FUZZ_MUST(of(k)->at == FAKE_RESTING || of(k)->at == FAKE_ADDED);
	nft_verify(text, error, sizeof(error));
	return change(k, f);
}

static int fake_nft_state(struct kernel *k, struct nft_state *out, struct failure *f)
{
	int err = outcome(k, f);

	memset(out, 0, sizeof(*out));
	out->present = of(k)->armed;
	out->n = of(k)->armed;
	out->generations[0] = of(k)->generation;
	return err;
}

static int resting(struct kernel *k, struct failure *f)
{
	FUZZ_MUST(of(k)->at == FAKE_RESTING);
	return change(k, f);
}

/* The rest -------------------------------------------------------------------------------------------------------- */

static int fake_ct_dump(struct kernel *k, kernel_flow_cb cb, void *arg, struct failure *f)
{
	static const struct ct_flow flow = { .family = 2, .proto = 6, .sport = 40000, .dport = 443 };
	int err = outcome(k, f);

	return err ? err : cb(&flow, arg);
}

static int fake_ct_delete(struct kernel *k, const struct ct_flow *flow, struct failure *f)
{
	FUZZ_MUST(flow);
	return change(k, f);
}

static int fake_port_down(struct kernel *k, const char *name, struct failure *f)
{
	FUZZ_MUST(strnlen(name, CORDON_PORT_NAME_LEN) < CORDON_PORT_NAME_LEN);
	return resting(k, f);
}

static const struct kernel_ops ops = {
	.query = fake_query, .begin = fake_begin, .data = fake_data, .stage = fake_stage, .commit = fake_commit,
	.abort = fake_abort, .device_set = fake_device_set, .disarm = fake_disarm, .nft_add = fake_nft_add,
	.nft_retire = fake_nft_retire, .nft_run = fake_nft_run, .nft_state = fake_nft_state, .nft_remove = resting,
	.ct_dump = fake_ct_dump, .ct_delete = fake_ct_delete, .forwarding_off = resting, .port_down = fake_port_down,
};

/* The box has no links and no addresses, and says nothing: linked with --wrap. */

int __wrap_links_unmanaged(const struct policy *policy, struct link_names *out, struct failure *f);
int __wrap_hardware_check(const struct policy *policy, const struct nft_state *nft, struct failure *f);
int __wrap_getifaddrs(struct ifaddrs **all);
void __wrap_log_warn(const char *format, ...);
void __wrap_log_info(const char *format, ...);
void __wrap_log_error(const char *format, ...);

int __wrap_links_unmanaged(const struct policy *policy, struct link_names *out, struct failure *f)
{
	(void)policy;
	(void)f;
	memset(out, 0, sizeof(*out));
	return 0;
}

int __wrap_hardware_check(const struct policy *policy, const struct nft_state *nft, struct failure *f)
{
	(void)policy;
	(void)nft;
	(void)f;
	return 0;
}

int __wrap_getifaddrs(struct ifaddrs **all)
{
	*all = NULL;
	return 0;
}

void __wrap_log_warn(const char *format, ...)
{
	(void)format;
}

void __wrap_log_info(const char *format, ...)
{
	(void)format;
}

void __wrap_log_error(const char *format, ...)
{
	(void)format;
}

void fake_kernel_init(struct fake_kernel *k, uint64_t generation, const uint8_t *digest)
{
	memset(k, 0, offsetof(struct fake_kernel, bytes));
	k->base.ops = &ops;
	k->length = k->received = 0;
	k->quarantined = false;
	k->fail = k->changes = 0;
	k->armed = digest != NULL;
	k->generation = digest ? generation : 0;
	if (digest)
		memcpy(k->digest, digest, sizeof(k->digest));
}
