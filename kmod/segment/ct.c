// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack view. A flow is named by who started it (ORIGINAL.src) and by whom it was led to
 * (REPLY.src): both as conntrack has them now, after translation. RELATED is no right: an expected
 * connection is a flow of its own; an ICMP error or a reset that the box made belongs to the flow
 * that it is about, whose conntrack the packet carries.
 */
#include "ct.h"

#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

static struct cordon_addr tuple_addr(const struct nf_conn *ct, const union nf_inet_addr *addr)
{
	if (nf_ct_l3num(ct) == NFPROTO_IPV4)
		return cordon_addr4((const u8 *)&addr->ip);
	return cordon_addr6((const u8 *)&addr->ip6);
}

/* The port or query type that a service is known by; 0 for protocols that have neither. */
static u16 service(const struct nf_conn *ct)
{
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		return ntohs(ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u.all);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.dst.u.icmp.type;
	default:
		return 0;
	}
}

/*
 * Whether the packet is about the flow and none of its own: an ICMP error, or what the box made in
 * the flow's name (the RST of nft's reject) with the conntrack of the packet that caused it. The
 * first packets of an expected flow are called related, too: they are its own.
 */
static bool about(const struct nf_conn *ct, enum ip_conntrack_info info,
		  const struct cordon_frame *frame)
{
	if (info != IP_CT_RELATED && info != IP_CT_RELATED_REPLY)
		return false;
	return frame->proto == CORDON_PROTO_ICMP || frame->proto == CORDON_PROTO_ICMPV6 ||
	       info == IP_CT_RELATED_REPLY || !test_bit(IPS_EXPECTED_BIT, &ct->status);
}

static u8 state(const struct nf_conn *ct, enum ip_conntrack_info info,
		const struct cordon_frame *frame)
{
	if (about(ct, info, frame))
		return CORDON_CT_RELATED;
	return CTINFO2DIR(info) == IP_CT_DIR_REPLY ? CORDON_CT_REPLY : CORDON_CT_ORIGINAL;
}

/**
 * cordon_ct_view - fill the conntrack view of a packet
 * @skb: the packet
 * @frame: its parsed headers
 * @view: filled wholly
 *
 * Context: any hook behind conntrack's. What conntrack does not track, or found invalid, has no
 * view.
 */
void cordon_ct_view(const struct sk_buff *skb, const struct cordon_frame *frame,
		    struct cordon_ct *view)
{
	enum ip_conntrack_info info;
	const struct nf_conn *ct = nf_ct_get(skb, &info);

	*view = (struct cordon_ct){ .state = CORDON_CT_NONE };
	if (!ct || nf_ct_is_template(ct))
		return;
	view->state = state(ct, info, frame);
	view->proto = nf_ct_protonum(ct);
	view->port = service(ct);
	view->initiator = tuple_addr(ct, &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u3);
	view->target = tuple_addr(ct, &ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u3);
}

/**
 * cordon_ct_begins - whether a packet is the first of its connection
 * @skb: the packet
 * @view: its conntrack view
 *
 * Context: any hook between conntrack's two.
 * Return: true while the connection is in no table yet: every packet that might begin it.
 */
bool cordon_ct_begins(const struct sk_buff *skb, const struct cordon_ct *view)
{
	enum ip_conntrack_info info;

	return view->state == CORDON_CT_ORIGINAL && !nf_ct_is_confirmed(nf_ct_get(skb, &info));
}
