// SPDX-License-Identifier: GPL-2.0-or-later
/* What cordon's tables need of a kernel beyond nf_tables itself, most of it modules of their own. */
#include "nft/kernel.h"

static const struct {
	const char *name, *text;
} features[] = {
	{ "connection tracking (nft_ct, nf_conntrack)",
	  "table inet cordon {\n\tchain g0 {\n\t\tct state related accept\n\t}\n}\n" },
	{ "connection tracking of bridged frames (nf_conntrack_bridge)",
	  "table bridge cordon {\n\tchain g0 {\n\t\tct state related accept\n\t}\n}\n" },
	{ "masquerading (nft_masq, nf_nat)",
	  "table inet cordon {\n\tchain g0 {\n\t\tmeta nfproto ipv4 oifname \"x\" masquerade\n\t}\n}\n" },
	{ "rate limits (nft_limit)",
	  "table inet cordon {\n\tchain g0 {\n\t\tlimit rate 10/second burst 20 packets accept\n\t}\n}\n" },
	{ "logging (nft_log, nf_log_syslog)",
	  "table inet cordon {\n\tchain g0 {\n\t\tlog prefix \"x\" level info\n\t}\n}\n" },
};

const char *nft_feature(size_t i)
{
	return i < sizeof(features) / sizeof(features[0]) ? features[i].name : NULL;
}

int nft_feature_try(struct nft_backend *b, size_t i, char *error, size_t error_len)
{
	int ret;

	nft_ctx_set_dry_run(b->ctx, true);
	ret = nft_run(b, features[i].text, error, error_len);
	nft_ctx_set_dry_run(b->ctx, false);
	return ret;
}
