/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The service manager's notification socket; nothing happens without one. */
#ifndef CORDON_CORDOND_NOTIFY_H
#define CORDON_CORDOND_NOTIFY_H

#include <stdint.h>

/** notify - send a state such as "READY=1" */
void notify(const char *state);
/** notify_watchdog_us - the watchdog's period, 0: none */
uint64_t notify_watchdog_us(void);

#endif /* CORDON_CORDOND_NOTIFY_H */
