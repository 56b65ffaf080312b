/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the library's own files add messages; the list itself is in policy.h. */
#ifndef CORDON_POLICY_DIAG_H
#define CORDON_POLICY_DIAG_H

#include <stddef.h>

#include "policy/policy.h"

/*
 * More messages than this are counted, not kept: a hostile policy must not make the list larger
 * than itself.
 */
#define POLICY_DIAGS_MAX 10000

void policy_error(struct policy_diags *diags, struct policy_pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void policy_warning(struct policy_diags *diags, struct policy_pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/** policy_note - the other place that the error or warning before it concerns */
void policy_note(struct policy_diags *diags, struct policy_pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * policy_diags_drop_warnings - keep errors and their notes: a policy with errors is not judged
 * further
 */
void policy_diags_drop_warnings(struct policy_diags *diags);
/**
 * policy_diags_sort - by file (in the order of @files), line and column; notes stay behind what
 * they belong to
 */
int policy_diags_sort(struct policy_diags *diags, char *const *files, size_t n_files);

/*
 * A quoted name for messages: printable, shortened. The struct lives as long as the full expression
 * that calls policy_quote().
 */
struct policy_quoted {
	char text[80];
};
struct policy_quoted policy_quote_make(const char *text);
#define policy_quote(word) (policy_quote_make(word).text)

/**
 * policy_nearest - the known word that a misspelt one most likely means
 * @n: number of words; @word(arg, i) gives the i-th, NULL to skip it
 *
 * Return: a word at an edit distance of at most 2 (1 for short words); NULL when none is that near.
 */
const char *policy_nearest(const char *text, size_t n,
			   const char *(*word)(const void *arg, size_t i), const void *arg);

#endif /* CORDON_POLICY_DIAG_H */
