/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel of memory for the daemon's fuzz targets: it answers like a module with two devices, holds no policy itself, and ends the process
 * when an operation comes in an order in which no daemon may call it.
 */
#ifndef CORDON_TESTS_FAKE_KERNEL_H
#define CORDON_TESTS_FAKE_KERNEL_H

#include "userland/lib/kernel.h"

struct fake_kernel {
	struct kernel base;
	enum { FAKE_RESTING, FAKE_BEGUN, FAKE_STAGED, FAKE_ADDED } at;
	bool armed;
	uint64_t generation, next;	/* committed, staged */
	uint8_t digest[CORDON_DIGEST_BYTES];
	uint8_t bytes[1 << 16];		/* staged */
	size_t length, received;
	bool quarantined;		/* the first device */
	uint32_t fail;			/* bit n: the nth operation from now on fails */
	unsigned int changes;		/* operations that change anything */
};

/** fake_kernel_init - armed with @generation and @digest, or unarmed when @digest is NULL */
void fake_kernel_init(struct fake_kernel *k, uint64_t generation, const uint8_t *digest);

#endif /* CORDON_TESTS_FAKE_KERNEL_H */
