/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket of cordon: one request per connection, or a subscription to events. */
#ifndef CORDON_CORDOND_SERVER_H
#define CORDON_CORDOND_SERVER_H

#include "userland/cordond/core.h"

/** server_start - listen at options->socket. Return: 0, or a negative errno with @f. */
int server_start(struct core *core, struct failure *f);
void server_stop(struct core *core);
/** server_event - hand an event to every subscriber; @event stays the caller's. Slow subscribers lose it, and are told how many. */
void server_event(struct core *core, const json_t *event);
/** server_watchers - is anybody watching? */
bool server_watchers(const struct core *core);

#endif /* CORDON_CORDOND_SERVER_H */
