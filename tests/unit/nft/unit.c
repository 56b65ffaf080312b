// SPDX-License-Identifier: GPL-2.0-or-later
/* Rendering refuses what it cannot write, and the check of texts lets nothing through that cordon does not write. */
#include <errno.h>

#include "nft/kernel.h"
#include "tests/unit/nft/model.h"
#include "tests/unit/nft/tap.h"

static const char small[] =
	"cordon: 1\n"
	"gateway: {ports: {lan1: devices}, uplinks: [wan0], management: console-only}\n"
	"zones: {cameras: {}, video: {}}\n"
	"flows: [{from: cameras, to: video, allow: [rtsp, ping]}]\n";

static const char *const hostile[] = {
	"flush ruleset\n",
	"delete table inet filter\n",
	"table inet filter { chain forward { accept\n} }\n",
	"table ip cordon { }\n",
	"add table inet cordon; flush ruleset\n",
	"add table inet cordon\nflush ruleset\n",
	"table inet cordon { chain control { accept\n} } ; flush ruleset\n",
	"table inet cordon { chain control { accept\n} } flush ruleset\n",
	"table inet cordon { chain control { accept\n} } }\n",
	"table inet cordon { chain control { accept\n}\n",
	"include \"/etc/nftables.conf\"\n",
	"table inet cordon { include \"/etc/shadow\"\n}\n",
	"define x = 1\n",
	"table inet cordon { chain control { meta mark set 0x0\n} }\n",
	"table inet cordon { chain control {\nmeta mark\nset 0x0\n} }\nrename chain inet cordon control x\n",
	"table inet cordon { chain control { ct mark set 1\n} }\n",
	"table inet cordon { chain control { queue\n} }\n",
	"table inet cordon { chain control { dup to 10.0.0.1\n} }\n",
	"table inet cordon { chain control { tcp dport 80 redirect to 8080\n} }\n",
	"table inet cordon { chain control { log group 1 snaplen 1\n} }\n",
	"table inet cordon { chain control { notrack\n} }\n",
	"table inet cordon { chain control { log prefix \"a\\\" accept\n} }\n",
	"table inet cordon { chain control { log prefix \"a\n} }\n",
	"# a comment\n",
	"add table inet cordon \\\nflush ruleset\n",
	"add table inet $x\n",
	"list ruleset\n",
	"reset counters\n",
	"monitor\n",
	"add rule inet cordon control accept\n",
	"add element inet filter pairs { 0x1 : goto g1 }\n",
	"delete set inet cordon managed0 managed1 extra\n",
	"table inet cordon { flags owner\n}\n",
	"flush chain inet\n",
	"flush",
};

static const char *const harmless[] = {
	"",
	"\n\n",
	"add table inet cordon\ndelete table inet cordon\n",
	"delete chain bridge cordon g17_a-b.c_d\n",
	"delete element inet cordon pairs {\n\t0x81404000 : goto g18_a.b,\n}\n",
	"flush set inet cordon unmanaged\nadd element inet cordon unmanaged { \"br-mgmt\", \"eth0.5\" }\n",
	"delete set inet cordon seal.0011223344556677\n",
};

static void check_verify(void)
{
	char title[100], error[200];

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		error[0] = '\0';
		snprintf(title, sizeof(title), "refused: %.*s", (int)strcspn(hostile[i], "\n#"), hostile[i]);
		ok(nft_verify(hostile[i], error, sizeof(error)) == -EPERM && error[0], title);
	}
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		snprintf(title, sizeof(title), "verified: %.*s", (int)strcspn(harmless[i], "\n"), harmless[i]);
		ok(!nft_verify(harmless[i], error, sizeof(error)), title);
	}
}

/* Every text that lacks one byte, or has one byte more that cordon never writes, is refused or about the same two tables. */
static void check_mutations(const struct model *m)
{
	static const char never[] = "$#\\`'()*[]~^%\x01\x7f";
	char *text = model_render(m, 7), error[200];
	size_t len = text ? strlen(text) : 0, refused = 0, tried = 0;

	for (size_t i = 0; i < len; i++) {
		char old = text[i];

		text[i] = never[i % (sizeof(never) - 1)];
		tried++;
		refused += nft_verify(text, error, sizeof(error)) == -EPERM || text[i] == old;
		text[i] = old;
	}
	/* Inside a quoted string most of these are harmless. */
	ok(len && refused > tried * 9 / 10, "a byte that cordon never writes is refused");
	free(text);
}

static void check_render(struct model *m)
{
	char *one = model_render(m, 1), *again = model_render(m, 1), *text = NULL;
	char *name = m->policy->ports[0].name;
	static const char *const bad[] = { "a\"b", "a\\b", "lan*", "lan\x80", "" };
	size_t refused = 0;

	ok(one && again && !strcmp(one, again), "the same policy gives the same text");
	ok(nft_render(m->policy, &m->pairs, &m->ids, 0, &text) == -EINVAL && !text, "generation 0 is refused");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		m->policy->ports[0].name = (char *)bad[i];
		refused += nft_render(m->policy, &m->pairs, &m->ids, 1, &text) == -EINVAL && !text;
	}
	m->policy->ports[0].name = name;
	ok(refused == sizeof(bad) / sizeof(bad[0]), "interface names that nftables cannot quote are refused");
	m->ids.n--;
	ok(nft_render(m->policy, &m->pairs, &m->ids, 1, &text) == -EINVAL && !text, "a zone without an id is refused");
	m->ids.n++;
	free(one);
	free(again);
}

static void check_unmanaged(void)
{
	static const char *const good[] = { "br-mgmt", "bond0" };
	static const char *const bad[] = { "br-mgmt", "x\" }; flush ruleset" };
	char *text = NULL, error[100];

	ok(!nft_render_unmanaged(good, 2, &text) && !nft_verify(text, error, sizeof(error)) && strstr(text, "\"bond0\""),
	   "unmanaged devices are rendered");
	free(text);
	ok(!nft_render_unmanaged(NULL, 0, &text) && !nft_verify(text, error, sizeof(error)), "no unmanaged device is rendered");
	free(text);
	ok(nft_render_unmanaged(bad, 2, &text) == -EINVAL && !text, "a name that would end its string is refused");
}

static const char listing[] =
	"table inet cordon {\n"
	"\tset managed0 {\n\t\ttype ifname\n\t\telements = { \"lan1\",\n\t\t\t     \"wan0\" }\n\t}\n\n"
	"\tset seal.00112233 {\n\t\ttype mark\n\t}\n\n"
	"\tmap pairs {\n\t\ttype mark : verdict\n\t\telements = { 0x80418000 : goto g18_a.b, 0xc1418000 : goto g17_a.b }\n\t}\n\n"
	"\tchain g17 {\n\t}\n\n"
	"\tchain g17_a.b {\n\t\ttcp dport { 1, 2 } accept\n\t\tcounter drop\n\t}\n"
	"\tchain g18446744073709551615_a.b {\n\t}\n"
	"\tchain gateway {\n\t}\n"
	"}\n";

static bool parse(const char *text, size_t len, struct nft_tables *out)
{
	memset(out, 0, sizeof(*out));
	out->of[NFT_INET].text = strndup(text, len);
	return out->of[NFT_INET].text && !nft_listing_parse(&out->of[NFT_INET]);
}

static void check_listing(void)
{
	struct nft_tables tables;
	const struct nft_object *object;
	uint64_t generations[4];
	size_t whole = 0;

	ok(parse(listing, strlen(listing), &tables) && tables.of[NFT_INET].n == 7, "a listing is read");
	object = nft_find(&tables, NFT_INET, NFT_MAP, "pairs");
	ok(object && object->elements && strstr(object->elements, "0xc1418000 : goto g17_a.b"), "with the elements of its maps");
	object = nft_find(&tables, NFT_INET, NFT_CHAIN, "g17_a.b");
	ok(object && !object->elements && !nft_find(&tables, NFT_INET, NFT_SET, "g17_a.b"), "and its chains");
	ok(nft_generations(&tables, generations, 4) == 2 && generations[0] == 17 && generations[1] == UINT64_MAX,
	   "and the generations by their names");
	ok(!nft_stands(&tables, 17), "a generation in one table does not stand");
	nft_tables_free(&tables);
	for (size_t len = 0; len < strlen(listing); len++) {
		whole += parse(listing, len, &tables);
		nft_tables_free(&tables);
	}
	ok(whole == strlen(listing), "a listing cut anywhere does no harm");
}

int main(void)
{
	struct model m;

	if (!ok(model_make(&m, small), "the policy loads"))
		return tap_end();
	check_render(&m);
	check_mutations(&m);
	check_unmanaged();
	check_verify();
	check_listing();
	model_free(&m);
	return tap_end();
}
