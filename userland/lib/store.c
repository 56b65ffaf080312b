// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening, schema, generations and journal of the state database. */
#include "userland/lib/store.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "userland/lib/file.h"
#include "userland/lib/store_sql.h"

#define KEEP_GENERATIONS 8
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

static const char schema[] =
	"BEGIN IMMEDIATE;"
	"CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS generation (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK"
	" (state IN ('intent', 'active', 'retired', 'aborted')), created INTEGER NOT NULL, actor TEXT NOT NULL,"
	" digest BLOB NOT NULL, blob BLOB NOT NULL, source BLOB NOT NULL);"
	"CREATE UNIQUE INDEX IF NOT EXISTS one_active ON generation (state) WHERE state = 'active';"
	"CREATE UNIQUE INDEX IF NOT EXISTS one_intent ON generation (state) WHERE state = 'intent';"
	"CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY AUTOINCREMENT, boot_ns INTEGER NOT NULL,"
	" generation INTEGER NOT NULL, step TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS quarantine (mac BLOB NOT NULL, vlan INTEGER NOT NULL, since INTEGER NOT NULL,"
	" actor TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (mac, vlan)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, boot_ns INTEGER NOT NULL,"
	" wall INTEGER NOT NULL, uid INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL,"
	" prev BLOB NOT NULL, hash BLOB NOT NULL);"
	"INSERT OR IGNORE INTO meta VALUES ('schema', '" TEXT(STORE_SCHEMA) "');"
	"COMMIT;";

int store_fail(struct store *store, struct failure *f)
{
	int code = sqlite3_errcode(store->db), sys = sqlite3_system_errno(store->db);

	if (!sys)
		sys = code == SQLITE_FULL ? ENOSPC : code == SQLITE_READONLY ? EROFS : EIO;
	return fail(f, CORDON_EXIT_FAILED, sys, "the state database: %s", sqlite3_errmsg(store->db));
}

int store_exec(struct store *store, const char *sql, struct failure *f)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	store_fail(store, f);
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return -(f && f->sys ? f->sys : EIO);
}

sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct failure *f)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		store_fail(store, f);
	return stmt;
}

int store_step_done(struct store *store, sqlite3_stmt *stmt, struct failure *f)
{
	int code = sqlite3_step(stmt), err = code == SQLITE_DONE ? 0 : store_fail(store, f);

	sqlite3_finalize(stmt);
	return err;
}

static int check_schema(struct store *store, struct failure *f)
{
	char value[32];
	uint64_t have;
	int err = store_meta_get(store, "schema", value, sizeof(value), f);

	if (err)
		return err;
	have = strtoull(value, NULL, 10);
	if (have != STORE_SCHEMA)
		return fail(f, CORDON_EXIT_FAILED, EPROTO,
			    "the state database has schema %s, this program knows %d: use the newer cordond", value,
			    STORE_SCHEMA);
	return 0;
}

static int set_up(struct store *store, bool read_only, struct failure *f)
{
	int err = 0;

	sqlite3_busy_timeout(store->db, 5000);
	if (!read_only) {
		err = store_exec(store, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;", f);
		if (!err)
			err = store_exec(store, schema, f);
	}
	return err ? err : check_schema(store, f);
}

/* A database on a read-only file system, with nothing left in its log, opens only as one that never changes. */
static int open_read_only(const char *path, sqlite3 **db)
{
	char uri[PATH_MAX + 32], wal[PATH_MAX + 8];
	struct stat st;
	int code = sqlite3_open_v2(path, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, NULL);

	if (code == SQLITE_OK && sqlite3_exec(*db, "SELECT 1 FROM meta", NULL, NULL, NULL) == SQLITE_OK)
		return SQLITE_OK;
	snprintf(wal, sizeof(wal), "%s-wal", path);
	if (!stat(wal, &st) && st.st_size)
		return code;
	sqlite3_close(*db);
	snprintf(uri, sizeof(uri), "file:%s?immutable=1", path);
	return sqlite3_open_v2(uri, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
}

int store_open(const char *dir, bool read_only, struct store **out, struct failure *f)
{
	char path[PATH_MAX];
	struct stat st;
	struct store *store;
	int code, err;

	if (file_path(path, sizeof(path), dir, STORE_FILE))
		return fail_sys(f, ENAMETOOLONG, "cannot open the state database");
	if (read_only && stat(path, &st) < 0)
		return fail_sys(f, errno, "cannot open the state database %s", path);
	store = calloc(1, sizeof(*store));
	if (!store)
		return fail_sys(f, ENOMEM, "cannot open the state database");
	code = read_only ? open_read_only(path, &store->db) :
			   sqlite3_open_v2(path, &store->db,
					   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, NULL);
	err = code != SQLITE_OK ? store_fail(store, f) : set_up(store, read_only, f);
	if (err) {
		store_close(store);
		return err;
	}
	*out = store;
	return 0;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	sqlite3_close(store->db);
	free(store);
}

/* Generations ----------------------------------------------------------------------------------------------------- */

void stored_free(struct stored *s)
{
	free(s->blob);
	free(s->source);
	memset(s, 0, sizeof(*s));
}

static uint8_t *copy_column(sqlite3_stmt *stmt, int column, size_t *len)
{
	const void *bytes = sqlite3_column_blob(stmt, column);
	uint8_t *copy;

	*len = (size_t)sqlite3_column_bytes(stmt, column);
	copy = malloc(*len ? *len : 1);
	if (copy && *len)
		memcpy(copy, bytes, *len);
	return copy;
}

static int read_stored(sqlite3_stmt *stmt, struct stored *out, struct failure *f)
{
	memset(out, 0, sizeof(*out));
	out->generation = (uint64_t)sqlite3_column_int64(stmt, 0);
	out->created = sqlite3_column_int64(stmt, 1);
	snprintf(out->actor, sizeof(out->actor), "%s", (const char *)sqlite3_column_text(stmt, 2));
	if (sqlite3_column_bytes(stmt, 3) != CORDON_DIGEST_BYTES)
		return fail(f, CORDON_EXIT_FAILED, EBADMSG, "the state database: generation %llu has no digest",
			    (unsigned long long)out->generation);
	memcpy(out->digest, sqlite3_column_blob(stmt, 3), CORDON_DIGEST_BYTES);
	out->blob = copy_column(stmt, 4, &out->blob_len);
	out->source = copy_column(stmt, 5, &out->source_len);
	if (out->blob && out->source)
		return 1;
	stored_free(out);
	return fail_sys(f, ENOMEM, "the state database");
}

/* What was stored must be what was digested; else the database is damaged and must not be enforced. */
static int verify_stored(struct stored *s, struct failure *f)
{
	uint8_t digest[CORDON_DIGEST_BYTES];
	struct digest_part part = { s->blob, s->blob_len };

	if (!digest_sha256(&part, 1, digest) && !memcmp(digest, s->digest, sizeof(digest)))
		return 1;
	fail(f, CORDON_EXIT_FAILED, EBADMSG, "the state database: the ruleset of generation %llu is damaged",
	     (unsigned long long)s->generation);
	stored_free(s);
	return -EBADMSG;
}

static int find_state(struct store *store, const char *state, struct stored *out, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store,
		"SELECT id, created, actor, digest, blob, source FROM generation WHERE state = ?1", f);
	int code, found;

	if (!stmt)
		return -EIO;
	sqlite3_bind_text(stmt, 1, state, -1, SQLITE_STATIC);
	code = sqlite3_step(stmt);
	found = code == SQLITE_ROW ? read_stored(stmt, out, f) : code == SQLITE_DONE ? 0 : store_fail(store, f);
	sqlite3_finalize(stmt);
	return found == 1 ? verify_stored(out, f) : found;
}

int store_active(struct store *store, struct stored *out, struct failure *f)
{
	return find_state(store, "active", out, f);
}

int store_intent(struct store *store, struct stored *out, struct failure *f)
{
	return find_state(store, "intent", out, f);
}

static int read_number(struct store *store, const char *sql, uint64_t *out, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, sql, f);
	int err = 0;

	if (!stmt)
		return -EIO;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		*out = (uint64_t)sqlite3_column_int64(stmt, 0);
	else
		err = store_fail(store, f);
	sqlite3_finalize(stmt);
	return err;
}

int store_max_generation(struct store *store, uint64_t *out, struct failure *f)
{
	return read_number(store, "SELECT coalesce(max(id), 0) FROM generation", out, f);
}

int store_active_id(struct store *store, uint64_t *out, struct failure *f)
{
	return read_number(store, "SELECT coalesce(max(id), 0) FROM generation WHERE state = 'active'", out, f);
}

int store_last_step(struct store *store, char *step, size_t room, uint64_t *generation, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, "SELECT step, generation FROM journal ORDER BY seq DESC LIMIT 1", f);
	int code;

	step[0] = '\0';
	*generation = 0;
	if (!stmt)
		return -EIO;
	code = sqlite3_step(stmt);
	if (code == SQLITE_ROW) {
		snprintf(step, room, "%s", (const char *)sqlite3_column_text(stmt, 0));
		*generation = (uint64_t)sqlite3_column_int64(stmt, 1);
	}
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : store_fail(store, f);
}

int store_put_intent(struct store *store, uint64_t generation, const char *actor, const struct compiled *c,
		     const struct buf *source, struct failure *f)
{
	sqlite3_stmt *stmt;
	int err = store_exec(store, "UPDATE generation SET state = 'aborted' WHERE state = 'intent'", f);

	if (err)
		return err;
	stmt = store_prepare(store, "INSERT INTO generation VALUES (?1, 'intent', ?2, ?3, ?4, ?5, ?6)", f);
	if (!stmt)
		return -EIO;
	sqlite3_bind_int64(stmt, 1, (sqlite3_int64)generation);
	sqlite3_bind_int64(stmt, 2, time(NULL));
	sqlite3_bind_text(stmt, 3, actor, -1, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 4, c->digest, sizeof(c->digest), SQLITE_STATIC);
	sqlite3_bind_blob64(stmt, 5, c->blob, c->len, SQLITE_STATIC);
	sqlite3_bind_blob64(stmt, 6, source->data, source->len, SQLITE_STATIC);
	err = store_step_done(store, stmt, f);
	return err ? err : store_journal(store, generation, "intent", f);
}

int store_mark_active(struct store *store, uint64_t generation, struct failure *f)
{
	char sql[640];

	snprintf(sql, sizeof(sql),
		 "BEGIN IMMEDIATE;"
		 "UPDATE generation SET state = 'retired' WHERE state = 'active' AND id <> %llu;"
		 "UPDATE generation SET state = 'active' WHERE id = %llu;"
		 "INSERT INTO journal (boot_ns, generation, step) VALUES (%llu, %llu, 'active');"
		 "DELETE FROM generation WHERE state IN ('retired', 'aborted') AND id + %d < %llu;"
		 "DELETE FROM journal WHERE seq + 10000 < (SELECT max(seq) FROM journal);"
		 "COMMIT;",
		 (unsigned long long)generation, (unsigned long long)generation, (unsigned long long)store_clock_ns(),
		 (unsigned long long)generation, KEEP_GENERATIONS, (unsigned long long)generation);
	return store_exec(store, sql, f);
}

int store_renumber(struct store *store, uint64_t generation, struct failure *f)
{
	char sql[160];
	int err;

	snprintf(sql, sizeof(sql), "UPDATE generation SET id = %llu WHERE state = 'active'", (unsigned long long)generation);
	err = store_exec(store, sql, f);
	return err ? err : store_journal(store, generation, "renumber", f);
}

int store_mark_aborted(struct store *store, uint64_t generation, struct failure *f)
{
	char sql[160];
	int err;

	snprintf(sql, sizeof(sql), "UPDATE generation SET state = 'aborted' WHERE state = 'intent' AND id = %llu",
		 (unsigned long long)generation);
	err = store_exec(store, sql, f);
	return err ? err : store_journal(store, generation, "aborted", f);
}

int store_journal(struct store *store, uint64_t generation, const char *step, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store,
		"INSERT INTO journal (boot_ns, generation, step) VALUES (?1, ?2, ?3)", f);

	if (!stmt)
		return -EIO;
	sqlite3_bind_int64(stmt, 1, (sqlite3_int64)store_clock_ns());
	sqlite3_bind_int64(stmt, 2, (sqlite3_int64)generation);
	sqlite3_bind_text(stmt, 3, step, -1, SQLITE_STATIC);
	return store_step_done(store, stmt, f);
}
