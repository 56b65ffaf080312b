// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The messages of one load: kept in a list, each with its place in the source. Text that comes from
 * the policy is only ever put into a message through policy_quote(), so that a policy cannot send
 * escape sequences to the reader's terminal.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/diag.h"
#include "policy/mem.h"

static const char *file_keep(struct policy_diags *diags, const char *file)
{
	char **slot;

	if (!file)
		return NULL;
	for (size_t i = diags->n_files; i-- > 0;)
		if (!strcmp(diags->files[i], file))
			return diags->files[i];
	slot = policy_push(&diags->files, &diags->n_files, sizeof(*slot));
	if (!slot)
		return NULL;
	*slot = strdup(file);
	if (!*slot)
		diags->n_files--;
	return *slot;
}

static void add(struct policy_diags *diags, enum policy_level level, struct policy_pos pos,
		const char *fmt, va_list args)
{
	struct policy_diag *diag;

	if (level == POLICY_ERROR)
		diags->errors++;
	if (diags->n >= POLICY_DIAGS_MAX)
		return;
	diag = policy_push(&diags->v, &diags->n, sizeof(*diag));
	if (!diag)
		return;
	diag->level = level;
	diag->pos = pos;
	diag->pos.file = file_keep(diags, pos.file);
	if (vasprintf(&diag->text, fmt, args) < 0)
		diag->text = NULL;
}

void policy_error(struct policy_diags *diags, struct policy_pos pos, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(diags, POLICY_ERROR, pos, fmt, args);
	va_end(args);
}

void policy_warning(struct policy_diags *diags, struct policy_pos pos, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(diags, POLICY_WARNING, pos, fmt, args);
	va_end(args);
}

void policy_note(struct policy_diags *diags, struct policy_pos pos, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add(diags, POLICY_NOTE, pos, fmt, args);
	va_end(args);
}

void policy_diags_free(struct policy_diags *diags)
{
	for (size_t i = 0; i < diags->n; i++)
		free(diags->v[i].text);
	free(diags->v);
	for (size_t i = 0; i < diags->n_files; i++)
		free(diags->files[i]);
	free(diags->files);
	memset(diags, 0, sizeof(*diags));
}

void policy_diags_print(const struct policy_diags *diags, FILE *out, bool colour)
{
	static const char *const names[] = { "error", "warning", "note" };
	static const char *const colours[] = { "\033[1;31m", "\033[1;33m", "\033[1;36m" };

	for (size_t i = 0; i < diags->n; i++) {
		const struct policy_diag *diag = &diags->v[i];

		fprintf(out, "%s:%u:%u: %s%s:%s %s\n", diag->pos.file ? diag->pos.file : "policy",
			diag->pos.line, diag->pos.column, colour ? colours[diag->level] : "",
			names[diag->level], colour ? "\033[0m" : "",
			diag->text ? diag->text : "out of memory");
	}
	if (diags->n >= POLICY_DIAGS_MAX)
		fprintf(out,
			"policy:0:0: note: only the first %d messages are shown; %zu errors in all\n",
			POLICY_DIAGS_MAX, diags->errors);
}

void policy_diags_drop_warnings(struct policy_diags *diags)
{
	size_t kept = 0;
	bool keep = true;

	for (size_t i = 0; i < diags->n; i++) {
		if (diags->v[i].level != POLICY_NOTE)
			keep = diags->v[i].level == POLICY_ERROR;
		if (keep)
			diags->v[kept++] = diags->v[i];
		else
			free(diags->v[i].text);
	}
	diags->n = kept;
}

/* One message and its notes, as the sort moves them. */
struct group {
	size_t first, n, file, order;
	uint32_t line, column;
};

static int group_compare(const void *left, const void *right)
{
	const struct group *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static size_t file_rank(const char *file, char *const *files, size_t n_files)
{
	size_t i = 0;

	while (i < n_files && file && strcmp(files[i], file) != 0)
		i++;
	return i;
}

static size_t groups_make(const struct policy_diags *diags, char *const *files, size_t n_files,
			  struct group *groups)
{
	size_t n = 0;

	for (size_t i = 0; i < diags->n; i++) {
		const struct policy_pos *pos = &diags->v[i].pos;

		if (diags->v[i].level == POLICY_NOTE && n) {
			groups[n - 1].n++;
			continue;
		}
		groups[n] = (struct group){ .first = i,
					    .n = 1,
					    .file = file_rank(pos->file, files, n_files),
					    .order = n,
					    .line = pos->line,
					    .column = pos->column };
		n++;
	}
	return n;
}

int policy_diags_sort(struct policy_diags *diags, char *const *files, size_t n_files)
{
	struct policy_diag *sorted, *next;
	struct group *groups;
	size_t n;

	if (diags->n < 2)
		return 0;
	groups = calloc(diags->n, sizeof(*groups));
	sorted = calloc(diags->n, sizeof(*sorted));
	if (!groups || !sorted) {
		free(groups);
		free(sorted);
		return -ENOMEM;
	}
	n = groups_make(diags, files, n_files, groups);
	qsort(groups, n, sizeof(*groups), group_compare);
	next = sorted;
	for (size_t i = 0; i < n; i++) {
		memcpy(next, &diags->v[groups[i].first], groups[i].n * sizeof(*next));
		next += groups[i].n;
	}
	/* Into the old array, whose capacity policy_push() derives from the count. */
	memcpy(diags->v, sorted, diags->n * sizeof(*sorted));
	free(sorted);
	free(groups);
	return 0;
}

struct policy_quoted policy_quote_make(const char *text)
{
	struct policy_quoted quoted;
	size_t n = 0, limit = sizeof(quoted.text) - 6;

	quoted.text[n++] = '\'';
	for (; *text && n < limit; text++) {
		unsigned char c = (unsigned char)*text;

		quoted.text[n++] = (c < 0x20 || c >= 0x7f) ? '?' : (char)c;
	}
	if (*text) {
		memcpy(quoted.text + n, "...", 3);
		n += 3;
	}
	quoted.text[n++] = '\'';
	quoted.text[n] = '\0';
	return quoted;
}

#define NEAR_WORD_MAX 32

/* Levenshtein distance with one row; both words are at most NEAR_WORD_MAX bytes. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[NEAR_WORD_MAX + 1];

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b_len];
}

const char *policy_nearest(const char *text, size_t n,
			   const char *(*word)(const void *arg, size_t i), const void *arg)
{
	size_t len = strlen(text), best = len < 4 ? 2 : 3;
	const char *nearest = NULL;

	if (len > NEAR_WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const char *candidate = word(arg, i);
		size_t candidate_len, d;

		if (!candidate)
			continue;
		candidate_len = strlen(candidate);
		if (candidate_len > NEAR_WORD_MAX)
			continue;
		d = distance(text, len, candidate, candidate_len);
		if (d < best && d < len) {
			best = d;
			nearest = candidate;
		}
	}
	return nearest;
}
