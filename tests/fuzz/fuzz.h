/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput(); replay.c runs them all over their corpora. */
#ifndef CORDON_TESTS_FUZZ_H
#define CORDON_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process where a property does not hold: libFuzzer and the replay both see that. */
#define FUZZ_MUST(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what); \
			abort(); \
		} \
	} while (0)

#endif /* CORDON_TESTS_FUZZ_H */
