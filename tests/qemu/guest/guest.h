/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's first process: what its three files share.
 *
 * init.c    mounts, loads modules, walks the plan, gives the verdict last
 * runner.c  runs one test in its own process group under a time limit
 * health.c  the kernel log, taint, lockdep, kmemleak
 */
#ifndef CORDON_GUEST_H
#define CORDON_GUEST_H

#include <stdbool.h>
#include <stddef.h>

#define PLAN_FILE "/etc/plan"
/* What the console shows after this is judged by the host (boot.py). */
#define VERDICT_NOTE "verdict"
#define MAX_TESTS 256
#define MAX_MODULES 256

struct test {
	char *name;
	int timeout_s;		/* before scaling */
};

struct plan {
	char *port;		/* where KTAP goes */
	char *vehicle;
	char *variant;
	unsigned long taint_ok;	/* taint bits that are expected */
	bool leakcheck;
	bool shell;		/* interactive: no tests, a shell on the console */
	char *modules[MAX_MODULES];
	int n_modules;
	struct test tests[MAX_TESTS];
	int n_tests;
};

enum outcome { OUTCOME_OK, OUTCOME_FAIL, OUTCOME_SKIP };

extern int port_fd;
extern int scale;

void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
long now_ms(void);

/* runner.c */
enum outcome run_test(const struct test *test, char *reason, size_t size);
void kill_leftovers(void);

/* health.c */
void kmsg_open(void);
void kmsg_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int kmsg_splats(void);
int write_word(const char *path, const char *word);
void kmemleak_clear(void);
int health_report(const struct plan *plan);

#endif
