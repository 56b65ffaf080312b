/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growing arrays without a stored capacity, and zeroing allocation helpers of the policy library.
 */
#ifndef CORDON_POLICY_MEM_H
#define CORDON_POLICY_MEM_H

#include <stddef.h>

/**
 * policy_push - append one zeroed element
 * @array: address of the array pointer (any object pointer type)
 * @n: its element count, raised by one
 * @size: bytes of one element
 *
 * The capacity follows from @n: 4, then powers of two. So an array that this function grows must be
 * grown by it alone.
 *
 * Return: the new element; NULL without memory (array and count unchanged).
 */
void *policy_push(void *array, size_t *n, size_t size);

/** policy_strndup - copy @len bytes and a NUL; NULL without memory */
char *policy_strndup(const char *text, size_t len);

#endif /* CORDON_POLICY_MEM_H */
