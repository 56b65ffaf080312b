// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the privileged process checks before it hands a text to the kernel. Not a parser of nftables: a text passes if it is made of the
 * few statements and words that render.c and apply.c write, and every statement names one of cordon's two tables.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "nft/layout.h"
#include "nft/nft.h"

struct scan {
	const char *at;
	const char *end;
	unsigned int line;
	unsigned int depth;
	const char *token;
	size_t len;
	enum { END, NEWLINE, WORD, STRING, SIGN } kind;
	char *error;
	size_t error_len;
};

/* Inside a table's braces. Anything not listed (queue, dup, fwd, meta mark set, include, define, ...) is refused. */
static const char *const words[] = {
	"accept", "arp", "between_unmanaged", "bridge", "broadcast", "chain", "control", "cordon", "counter", "ct", "daddr", "destination-unreachable",
	"direction", "dhcp_answers", "dhcp_requests", "dport", "drop", "echo-reply", "echo-request", "elements", "enter", "errors", "ff00", "filter", "flags", "forward",
	"from_unmanaged", "goto", "groups_only", "hook", "hoplimit", "icmp", "icmpv6", "ifname", "iifkind", "iifname", "inet", "inet_proto", "inet_service", "info", "input", "interval", "ip", "ip6",
	"ipv4", "ipv6", "jump", "l4proto", "leave", "level", "limit", "log", "managed0", "managed1", "map", "mark", "masquerade", "meta",
	"mld-listener-done", "mld-listener-query", "mld-listener-report", "mld2-listener-report", "multicast", "nat", "nd-neighbor-advert",
	"nd-neighbor-solicit", "nd-router-advert", "nd-router-solicit", "nfproto", "oifkind", "oifname", "original", "output",
	"packet-too-big", "packets", "pairs", "parameter-problem", "pkttype", "policy", "postrouting", "prefix", "priority", "protocol",
	"rate", "related", "reply", "return", "rst", "saddr", "set", "sport", "srcnat", "state", "table", "tcp", "time-exceeded",
	"timestamp-reply", "timestamp-request", "to_unmanaged", "translate", "type", "udp", "unmanaged", "verdict", "vmap", "burst",
};

static int refuse(const struct scan *s, const char *why)
{
	nft_say(s->error, s->error_len, "line %u: %s near '%.*s'", s->line, why, (int)(s->len > 40 ? 40 : s->len), s->token);
	return -EPERM;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' || c == '/';
}

static int scan_string(struct scan *s)
{
	const char *p = s->at + 1;

	while (p < s->end && *p != '"' && *p != '\\' && *p >= ' ' && *p <= '~')
		p++;
	s->token = s->at;
	s->len = p - s->at;
	if (p == s->end || *p != '"')
		return refuse(s, "a string that does not end, or a character in it that needs quoting");
	s->len++;
	s->kind = STRING;
	return 0;
}

static int scan_token(struct scan *s)
{
	s->at += s->len;
	if (s->kind == NEWLINE)
		s->line++;
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
	s->token = s->at;
	s->len = s->at < s->end;
	if (s->at == s->end) {
		s->kind = END;
	} else if (*s->at == '\n') {
		s->kind = NEWLINE;
	} else if (is_word(*s->at)) {
		while (s->at + s->len < s->end && is_word(s->at[s->len]))
			s->len++;
		s->kind = WORD;
	} else if (*s->at == '"') {
		return scan_string(s);
	} else if (strchr("{}=!&,;:@", *s->at)) {
		s->kind = SIGN;
	} else {
		return refuse(s, "a character that cordon does not write");
	}
	return 0;
}

static bool token_is(const struct scan *s, const char *text)
{
	return s->len == strlen(text) && !memcmp(s->token, text, s->len);
}

/* 17, 5000-5100, 224.0.0.0/4, 10/second, 0x80000000, ".", and names of generations and seals. */
static bool is_number_or_own(const struct scan *s)
{
	size_t i = 0;

	if (s->len > 1 && s->token[0] == 'g' && isdigit((unsigned char)s->token[1]))
		return true;
	if (s->len > strlen(NFT_SET_SEAL) && !memcmp(s->token, NFT_SET_SEAL, strlen(NFT_SET_SEAL)))
		return true;
	if (token_is(s, "10/second") || token_is(s, "."))
		return true;
	if (s->len > 2 && s->token[0] == '0' && s->token[1] == 'x') {
		for (i = 2; i < s->len && isxdigit((unsigned char)s->token[i]);)
			i++;
		return i == s->len;
	}
	while (i < s->len && (isdigit((unsigned char)s->token[i]) || (s->token[i] && strchr("./-", s->token[i]))))
		i++;
	return i == s->len;
}

/* One 16-bit part of an IPv6 address, the last one perhaps with a prefix length: ff05, db8, 0/16. No statement of nft's is made like that but `add`, a verb. */
static bool is_ipv6_part(const struct scan *s)
{
	size_t i = 0;

	while (i < s->len && i < 4 && isxdigit((unsigned char)s->token[i]))
		i++;
	if (!i || (i < s->len && s->token[i++] != '/'))
		return false;
	while (i < s->len && isdigit((unsigned char)s->token[i]))
		i++;
	return i == s->len;
}

static bool known_word(const struct scan *s)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (token_is(s, words[i]))
			return true;
	return is_number_or_own(s) || is_ipv6_part(s);
}

static int expect(struct scan *s, const char *const *choices, const char *why)
{
	for (; *choices; choices++)
		if (s->kind == WORD && token_is(s, *choices))
			return scan_token(s);
	return refuse(s, why);
}

/* The head of a statement: "table inet cordon", "flush set inet cordon managed0", "delete chain bridge cordon g1_a.b", ... */
static int check_head(struct scan *s)
{
	static const char *const verbs[] = { "add", "delete", "flush", "table", NULL };
	static const char *const kinds[] = { "chain", "element", "map", "set", "table", NULL };
	static const char *const families[] = { "inet", "bridge", NULL };
	static const char *const own[] = { "cordon", NULL };
	bool block = token_is(s, "table");
	int ret = expect(s, verbs, "not a statement of cordon's");

	if (!ret && !block)
		ret = expect(s, kinds, "not an object of cordon's");
	if (!ret)
		ret = expect(s, families, "not a family of cordon's");
	if (!ret)
		ret = expect(s, own, "not a table of cordon's");
	if (!ret && !block && s->kind == WORD)
		ret = known_word(s) ? scan_token(s) : refuse(s, "not a name of cordon's");
	return ret;
}

/* What stands in braces, up to the brace that ends it. "set" may begin a line ("set managed0 {"), but not follow "meta mark". */
static int check_body(struct scan *s)
{
	bool first = false;
	int ret = 0;

	for (;;) {
		if (s->kind == END)
			return refuse(s, "a brace that is not closed");
		if (s->kind == WORD && (!known_word(s) || (!first && token_is(s, "set"))))
			return refuse(s, "a word that cordon does not write");
		first = s->kind == NEWLINE;
		if (s->kind == SIGN && *s->token == '{')
			s->depth++;
		if (s->kind == SIGN && *s->token == '}')
			s->depth--;
		ret = scan_token(s);
		if (ret || !s->depth)
			return ret;
	}
}

static int check_statement(struct scan *s)
{
	int ret = check_head(s);

	if (!ret && s->kind == SIGN && *s->token == '{')
		ret = check_body(s);
	if (!ret && s->kind != NEWLINE && s->kind != END)
		ret = refuse(s, "more than a statement");
	return ret;
}

int nft_verify(const char *text, char *error, size_t error_len)
{
	struct scan s = { .at = text, .end = text + strlen(text), .line = 1, .kind = SIGN, .error = error, .error_len = error_len };
	int ret = scan_token(&s);

	while (!ret && s.kind != END)
		ret = s.kind == NEWLINE ? scan_token(&s) : check_statement(&s);
	return ret;
}
