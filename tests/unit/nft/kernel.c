// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swaps, read-back and repair against the running kernel, in a network namespace of our own. Needs CAP_SYS_ADMIN and nf_tables. Where the kernel
 * has no conntrack for bridges, "table bridge cordon" is loaded without its conntrack matches.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>

#include <nftables/libnftables.h>

#include "tests/unit/nft/model.h"
#include "tests/unit/nft/tap.h"

static const char old_policy[] =
	"cordon: 1\n"
	"gateway: {ports: {lan1: devices, lan2: devices}, uplinks: [wan0], management: console-only}\n"
	"zones: {cameras: {}, video: {}, staff: {}}\n"
	"flows:\n"
	"- {from: cameras, to: video, allow: [rtsp, ping, dhcp]}\n"
	"- {from: staff, to: any, allow: all}\n"
	"- {from: gateway, to: wan, allow: [dns]}\n";

static const char new_policy[] =
	"cordon: 1\n"
	"gateway: {ports: {lan1: devices, lan3: devices}, uplinks: [wan0, wan1], management: console-only}\n"
	"zones: {cameras: {}, video: {}, guests: {}}\n"
	"flows:\n"
	"- {from: cameras, to: video, allow: [rtsp, 'udp/5000-5100', 'icmp/13']}\n"
	"- {from: guests, to: wan, allow: [https]}\n"
	"- {from: gateway, to: wan, allow: [dns]}\n";

static struct nft_backend *backend;
static bool bridge_conntrack;
static char error[300];

static bool good(int ret, const char *name)
{
	if (!ok(!ret, name)) {
		printf("# %d: %s\n", ret, error);
		return false;
	}
	return true;
}

/* A foreign hand: whatever nft can do, without the check of nft_run(). Return: its output, malloc'ed; NULL when it failed. */
static char *foreign(const char *command)
{
	struct nft_ctx *ctx = nft_ctx_new(NFT_CTX_DEFAULT);
	char *output = NULL;

	nft_ctx_buffer_output(ctx);
	nft_ctx_buffer_error(ctx);
	nft_ctx_output_set_flags(ctx, NFT_CTX_OUTPUT_STATELESS);
	if (!nft_run_cmd_from_buffer(ctx, command))
		output = strdup(nft_ctx_get_output_buffer(ctx));
	nft_ctx_free(ctx);
	return output;
}

static void foreign_hand(const char *command)
{
	char *output = foreign(command);

	if (!output)
		printf("# failed: %s\n", command);
	free(output);
}

static bool listed(const char *what)
{
	char *ruleset = foreign("list ruleset");
	bool found = ruleset && strstr(ruleset, what);

	free(ruleset);
	return found;
}

static void blank(char *text, const char *word)
{
	while ((text = strstr(text, word)))
		memset(text, ' ', strlen(word));
}

/* The text that this kernel can load. */
static char *text_for(const struct model *m, uint64_t generation)
{
	char *text = model_render(m, generation), *bridge = text;

	while (!bridge_conntrack && bridge && (bridge = strstr(bridge, "table bridge cordon {"))) {
		char *end = strstr(bridge, "\n}\n");

		*end = '\0';
		blank(bridge, "ct direction original ");
		blank(bridge, "ct direction reply ");
		blank(bridge, "ct state related ");
		*end = '\n';
		bridge = end;
	}
	return text;
}

static int add(const struct model *m, uint64_t generation)
{
	char *text = text_for(m, generation);
	int ret = nft_add_text(backend, text, generation, error, sizeof(error));

	free(text);
	return ret;
}

static bool stands(uint64_t first, uint64_t second, bool drift)
{
	struct nft_state s;
	bool right;

	if (nft_read_back(backend, &s, error, sizeof(error)))
		return false;
	right = s.present && s.n == 1u + (second != 0) && s.generations[0] == first && (!second || s.generations[1] == second) &&
		s.drift == drift;
	if (!right)
		printf("# present %d n %zu: %llu %llu drift %d '%s'\n", s.present, s.n, (unsigned long long)s.generations[0],
		       (unsigned long long)s.generations[1], s.drift, s.drift_text);
	return right;
}

static bool probe(void)
{
	struct nft_state s;

	if (unshare(CLONE_NEWNET)) {
		skip("nftables in a namespace", "needs CAP_SYS_ADMIN");
		return false;
	}
	backend = nft_backend_open();
	if (!backend || nft_run(backend, "table inet cordon {\n}\n", error, sizeof(error))) {
		skip("nftables in a namespace", "no nf_tables here");
		return false;
	}
	bridge_conntrack = !nft_run(backend, "table bridge cordon {\n\tchain control {\n\t\tct direction reply accept\n\t}\n}\n", error,
				    sizeof(error));
	printf("# bridge conntrack: %s\n", bridge_conntrack ? "yes" : "no");
	good(nft_remove(backend, error, sizeof(error)), "tables are removed");
	good(nft_remove(backend, error, sizeof(error)), "removing nothing is success");
	good(nft_read_back(backend, &s, error, sizeof(error)), "an empty kernel is read back");
	ok(!s.present && !s.n && s.drift && s.drift_text[0], "nothing stands, and that is a drift");
	return true;
}

static int retire(uint64_t generation)
{
	int ret = nft_retire_others(backend, generation, error, sizeof(error));

	return ret ? ret : nft_seal(backend, error, sizeof(error));
}

static void check_swap(const struct model *old, const struct model *new)
{
	good(add(old, 1), "first apply");
	ok(stands(1, 0, false), "the first generation stands");
	good(add(new, 2), "transaction 1");
	ok(stands(1, 2, true), "both generations stand");
	ok(listed("g1_cameras.video") && listed("g2_cameras.video") && listed("g1_staff.video"), "with their chains");
	ok(!listed("\"lan2\", \"lan3\"") && !listed("\"lan3\", \"lan2\""), "a port is managed unconditionally in both or not at all");
	good(nft_retire_others(backend, 2, error, sizeof(error)), "transaction 2");
	ok(stands(2, 0, true), "the new generation stands alone, unsealed");
	good(nft_seal(backend, error, sizeof(error)), "the seal");
	ok(stands(2, 0, false), "makes it complete");
	ok(!listed("g1") && !listed("staff") && !listed("lan2"), "nothing of the old one is left");
	good(retire(2), "transaction 2 again");
	ok(stands(2, 0, false), "changes nothing");
	good(add(old, 3), "a swap");
	foreign_hand("add chain inet cordon between");
	good(retire(3), "with another hand between its transactions");
	ok(stands(3, 0, false), "comes to its end");
	ok(!listed("g2") && listed("staff"), "whole");
	good(add(new, 2), "and back");
	good(retire(2), "to the other");
	ok(stands(2, 0, false) && !listed("g3") && !listed("staff"), "whole, too");
	good(add(old, 3), "the next transaction 1");
	good(retire(2), "aborted");
	ok(stands(2, 0, false), "leaves what stood");
	ok(nft_retire_others(backend, 3, error, sizeof(error)) == -ENOENT, "a generation that does not stand cannot be kept");
	ok(stands(2, 0, false), "and nothing happened");
}

static void check_remainders(const struct model *old, const struct model *new)
{
	ok(add(old, 4) == -EINVAL, "a generation of the same parity is refused");
	ok(stands(2, 0, false), "and nothing happened");
	good(add(old, 3), "an apply that will crash");
	good(add(new, 5), "the next one removes its remainder");
	ok(stands(2, 5, true), "beside the one that stood");
	good(add(new, 5), "the same once more");
	ok(stands(2, 5, true), "is the same");
	good(retire(5), "and is completed");
	ok(stands(5, 0, false), "alone");
	good(add(old, 5), "a repair of the standing generation");
	ok(stands(5, 0, false), "is complete at once");
}

static void check_drift(const struct model *m)
{
	static const struct {
		const char *what, *command;
	} hands[] = {
		{ "a rule of another hand", "insert rule inet cordon forward accept" },
		{ "a rule in the bridge table", "insert rule bridge cordon forward accept" },
		{ "a chain that lost its rules", "flush chain inet cordon g5_cameras.video" },
		{ "a policy that turned to accept", "add chain inet cordon forward { policy accept; }" },
		{ "a lost element", "delete element inet cordon pairs { 0xc1418000 : goto g5_cameras.video }" },
		{ "a lost port", "flush set inet cordon managed0" },
		{ "a lost table", "delete table bridge cordon" },
		{ "a flushed ruleset", "flush ruleset" },
		{ "a table without hooks", "add table inet cordon { flags dormant; }" },
	};
	struct nft_state s;

	for (size_t i = 0; i < sizeof(hands) / sizeof(hands[0]); i++) {
		foreign_hand(hands[i].command);
		ok(!nft_read_back(backend, &s, error, sizeof(error)) && s.drift, hands[i].what);
		good(add(m, 5), "is repaired");
		ok(stands(5, 0, false), "wholly");
	}
	foreign_hand("table inet other { chain x { type filter hook input priority 5; accept\n}\n}");
	ok(stands(5, 0, false), "a foreign table is no drift");
	good(add(m, 5), "a repair");
	ok(listed("table inet other"), "keeps it");
}

static void check_unmanaged(const struct model *m)
{
	static const char *const names[] = { "br-mgmt", "eth0.5" };

	good(nft_set_unmanaged(backend, names, 2, error, sizeof(error)), "unmanaged devices are named");
	ok(listed("\"br-mgmt\"") && stands(5, 0, false), "without a drift");
	good(add(m, 6), "a swap");
	good(retire(6), "to its end");
	ok(listed("\"br-mgmt\"") && stands(6, 0, false), "keeps them");
	foreign_hand("flush chain inet cordon input");
	good(add(m, 6), "a repair");
	ok(listed("\"br-mgmt\"") && stands(6, 0, false), "keeps them too");
	good(nft_set_unmanaged(backend, NULL, 0, error, sizeof(error)), "and they go");
	ok(!listed("\"br-mgmt\"") && stands(6, 0, false), "when the daemon says so");
}

static void check_refusals(void)
{
	ok(nft_run(backend, "flush ruleset\n", error, sizeof(error)) == -EPERM, "a foreign text is not run");
	ok(nft_run(backend, "delete chain inet cordon g99\n", error, sizeof(error)) == -EIO && error[0] && !strchr(error, '\n'),
	   "what the kernel refuses is an error in one line");
	ok(nft_run(backend, "delete chain inet cordon errors\nadd table inet cordon\n", error, sizeof(error)) == -EIO &&
	   stands(6, 0, false), "and changes nothing");
	good(nft_remove(backend, error, sizeof(error)), "everything is removed");
	ok(!listed("cordon") && listed("table inet other"), "and nothing else");
}

int main(void)
{
	struct model old, new;

	if (!ok(model_make(&old, old_policy) && model_make(&new, new_policy), "the policies load"))
		return tap_end();
	if (probe()) {
		check_swap(&old, &new);
		check_remainders(&old, &new);
		check_drift(&new);
		check_unmanaged(&new);
		check_refusals();
	}
	nft_backend_close(backend);
	model_free(&old);
	model_free(&new);
	return tap_end();
}
