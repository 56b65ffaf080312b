/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event channel from the privileged part: the module's events to the subscribers, nftables' changes to the repair. */
#ifndef CORDON_CORDOND_MODWATCH_H
#define CORDON_CORDOND_MODWATCH_H

#include "userland/cordond/core.h"

int modwatch_start(struct core *core, int channel);
void modwatch_stop(void);

#endif /* CORDON_CORDOND_MODWATCH_H */
