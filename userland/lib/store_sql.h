/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by store*.c only: the handle and the few SQLite calls with their errors. */
#ifndef CORDON_LIB_STORE_SQL_H
#define CORDON_LIB_STORE_SQL_H

#include <sqlite3.h>

#include "userland/lib/store.h"
#include "userland/lib/text.h"

struct store {
	sqlite3 *db;
};

#define store_clock_ns() time_boot_ns()

int store_fail(struct store *store, struct failure *f);
int store_exec(struct store *store, const char *sql, struct failure *f);
sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct failure *f);
/** store_step_done - run a statement without rows and finalize it */
int store_step_done(struct store *store, sqlite3_stmt *stmt, struct failure *f);

#endif /* CORDON_LIB_STORE_SQL_H */
