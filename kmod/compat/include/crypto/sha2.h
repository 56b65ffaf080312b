/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-256 as the newest kernel has it: what it hashes with is a struct sha256_ctx since 6.17. */
#ifndef CORDON_COMPAT_CRYPTO_SHA2_H
#define CORDON_COMPAT_CRYPTO_SHA2_H

#include <linux/version.h>

#include_next <crypto/sha2.h>

#if KERNEL_VERSION(6, 17, 0) > LINUX_VERSION_CODE
#define sha256_ctx sha256_state
#endif

#endif /* CORDON_COMPAT_CRYPTO_SHA2_H */
