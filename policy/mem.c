// SPDX-License-Identifier: GPL-2.0-or-later
/* See mem.h. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/mem.h"

#define FIRST_CAPACITY 4

void *policy_push(void *array, size_t *n, size_t size)
{
	void *old, *grown;
	size_t capacity;

	/* The caller's pointer has its own type: read and write it as bytes. */
	memcpy(&old, array, sizeof(old));
	if (*n == 0 || (*n >= FIRST_CAPACITY && (*n & (*n - 1)) == 0)) {
		capacity = *n ? *n * 2 : FIRST_CAPACITY;
		if (capacity > PTRDIFF_MAX / size)
			return NULL;
		grown = realloc(old, capacity * size);
		if (!grown)
			return NULL;
		old = grown;
		memcpy(array, &old, sizeof(old));
	}
	grown = (char *)old + *n * size;
	memset(grown, 0, size);
	(*n)++;
	return grown;
}

char *policy_strndup(const char *text, size_t len)
{
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}
