/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the policy library's tests share: TAP, small files, loading a text. All paths are relative
 * to the repository's root.
 */
#ifndef CORDON_TESTS_POLICY_TEST_H
#define CORDON_TESTS_POLICY_TEST_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

/** test_ok - one case; prints the detail of a failure with test_note() beforehand */
bool test_ok(bool good, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void test_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** test_read - a file as NUL-terminated text, malloc'ed; NULL: not there */
char *test_read(const char *path, size_t *len);
bool test_write(const char *path, const char *text, size_t len);
/** test_updating - whether golden files are to be rewritten instead of compared */
bool test_updating(void);
/** test_same - compare with a golden file, or rewrite it */
bool test_same(const char *path, const char *text, size_t len);
/** test_diags - all messages as they are printed, malloc'ed */
char *test_diags(const struct policy_diags *diags);
/** test_policy - load a text that must be good; NULL and a note otherwise */
struct policy *test_policy(const char *text);
/** test_decodes - whether the kernel's decoder takes the bytes; a note otherwise */
bool test_decodes(const uint8_t *blob, size_t len);
/** test_directory - a fresh directory under build/; removed by the next make clean */
const char *test_directory(void);

void test_values(void);
void test_entries(void);
void test_refused(void);
void test_files(void);
void test_model(void);
void test_pairs(void);
void test_compile(void);
void test_golden(void);
void test_edit(void);
void test_explain(void);
void test_verdicts(void);
void test_schema(void);
void test_documents(void);
void test_nomem(void);

#endif /* CORDON_TESTS_POLICY_TEST_H */
