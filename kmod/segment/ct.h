/* SPDX-License-Identifier: GPL-2.0-only */
/* What decide() sees of a packet's conntrack. */
#ifndef CORDON_SEGMENT_CT_H
#define CORDON_SEGMENT_CT_H

#include "../core/decide.h"

struct sk_buff;

void cordon_ct_view(const struct sk_buff *skb, const struct cordon_frame *frame,
		    struct cordon_ct *view);

bool cordon_ct_begins(const struct sk_buff *skb, const struct cordon_ct *view);

#endif /* CORDON_SEGMENT_CT_H */
