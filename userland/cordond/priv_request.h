/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the privileged part reads what the core asks, and does it. */
#ifndef CORDON_CORDOND_PRIV_REQUEST_H
#define CORDON_CORDOND_PRIV_REQUEST_H

#include "userland/cordond/priv.h"
#include "userland/lib/buf.h"

/** struct priv - what requests act on, and how far an apply came */
struct priv {
	struct kernel *kernel;
	enum priv_state state;
	int requests;		/* the channel */
	struct buf body;	/* of the request at hand */
};

/**
 * priv_serve - read one request, do it when length and state allow, answer
 *
 * Return: 0, also when it was refused or failed; -EPIPE: the channel ended; -EPROTO, -EMSGSIZE, -EBADMSG: no core that works sends this;
 * another negative errno. Then no further request may be read.
 */
int priv_serve(struct priv *p);

#endif /* CORDON_CORDOND_PRIV_REQUEST_H */
