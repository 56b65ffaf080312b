/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that no policy file may contain, found before any parser sees them. */
#ifndef CORDON_POLICY_UTF8_H
#define CORDON_POLICY_UTF8_H

#include <stddef.h>
#include <stdint.h>

/** struct utf8_fault - the first refused byte */
struct utf8_fault {
	const char *what; /* a sentence; NULL: all is well */
	uint32_t line;	  /* counted from 1 */
	uint32_t column;  /* characters, counted from 1 */
};

struct utf8_fault utf8_check(const char *text, size_t len);

#endif /* CORDON_POLICY_UTF8_H */
