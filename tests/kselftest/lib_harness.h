/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's harness, with time limits that grow with a slow machine as
 * those of the shell tests do: CORDON_SCALE, measured by the guest.
 */
#ifndef LIB_HARNESS_H
#define LIB_HARNESS_H

#include <stdlib.h>
#include <unistd.h>

static inline unsigned int scaled_alarm(unsigned int seconds)
{
	const char *text = getenv("CORDON_SCALE");
	int scale = text ? atoi(text) : 1;

	return alarm(scale > 1 ? seconds * scale : seconds);
}

#define alarm scaled_alarm
#include "kselftest_harness.h"

#endif
