// SPDX-License-Identifier: GPL-2.0-or-later
/* Quarantines, audit log and settings in the state database. */
#include "userland/lib/store.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "userland/lib/store_sql.h"

int store_quarantine_add(struct store *store, const struct stored_quarantine *q, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, "INSERT OR IGNORE INTO quarantine VALUES (?1, ?2, ?3, ?4, ?5)", f);
	int err;

	if (!stmt)
		return -EIO;
	sqlite3_bind_blob(stmt, 1, q->mac, sizeof(q->mac), SQLITE_STATIC);
	sqlite3_bind_int(stmt, 2, q->vlan);
	sqlite3_bind_int64(stmt, 3, q->since);
	sqlite3_bind_text(stmt, 4, q->actor, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 5, q->name, -1, SQLITE_STATIC);
	err = store_step_done(store, stmt, f);
	return err ? err : !sqlite3_changes(store->db);
}

int store_quarantine_remove(struct store *store, const uint8_t mac[6], uint16_t vlan, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, "DELETE FROM quarantine WHERE mac = ?1 AND vlan = ?2", f);

	if (!stmt)
		return -EIO;
	sqlite3_bind_blob(stmt, 1, mac, 6, SQLITE_STATIC);
	sqlite3_bind_int(stmt, 2, vlan);
	return store_step_done(store, stmt, f);
}

static void read_quarantine(sqlite3_stmt *stmt, struct stored_quarantine *q)
{
	memset(q, 0, sizeof(*q));
	if (sqlite3_column_bytes(stmt, 0) == 6)
		memcpy(q->mac, sqlite3_column_blob(stmt, 0), 6);
	q->vlan = (uint16_t)sqlite3_column_int(stmt, 1);
	q->since = sqlite3_column_int64(stmt, 2);
	snprintf(q->actor, sizeof(q->actor), "%s", (const char *)sqlite3_column_text(stmt, 3));
	snprintf(q->name, sizeof(q->name), "%s", (const char *)sqlite3_column_text(stmt, 4));
}

int store_quarantines(struct store *store, struct stored_quarantine **v, size_t *n, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store,
		"SELECT mac, vlan, since, actor, name FROM quarantine ORDER BY since, mac, vlan", f);
	struct stored_quarantine *more;
	int code = SQLITE_DONE, err = 0;

	*v = NULL;
	*n = 0;
	if (!stmt)
		return -EIO;
	while (!err && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		more = reallocarray(*v, *n + 1, sizeof(**v));
		if (!more) {
			err = fail_sys(f, ENOMEM, "cannot read the quarantines");
			break;
		}
		*v = more;
		read_quarantine(stmt, &more[(*n)++]);
	}
	if (!err && code != SQLITE_DONE)
		err = store_fail(store, f);
	sqlite3_finalize(stmt);
	if (err)
		free(*v);
	return err;
}

/* Audit log: hash = SHA-256(previous hash, seq, boot, wall, uid, actor NUL action NUL detail NUL) ------------------- */

struct entry {
	uint64_t seq, boot_ns, wall, uid;
	const char *actor, *action, *detail;
	uint8_t prev[32], hash[32];
};

static int entry_hash(const struct entry *e, uint8_t out[32])
{
	uint64_t numbers[4] = { htole64(e->seq), htole64(e->boot_ns), htole64(e->wall), htole64(e->uid) };
	struct digest_part parts[] = {
		{ e->prev, sizeof(e->prev) }, { numbers, sizeof(numbers) }, { e->actor, strlen(e->actor) + 1 },
		{ e->action, strlen(e->action) + 1 }, { e->detail, strlen(e->detail) + 1 },
	};

	return digest_sha256(parts, sizeof(parts) / sizeof(parts[0]), out);
}

static int audit_head(struct store *store, struct entry *e, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", f);
	int code;

	if (!stmt)
		return -EIO;
	code = sqlite3_step(stmt);
	e->seq = 1;
	if (code == SQLITE_ROW) {
		e->seq = (uint64_t)sqlite3_column_int64(stmt, 0) + 1;
		if (sqlite3_column_bytes(stmt, 1) == sizeof(e->prev))
			memcpy(e->prev, sqlite3_column_blob(stmt, 1), sizeof(e->prev));
	}
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : store_fail(store, f);
}

static int audit_insert(struct store *store, const struct entry *e, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", f);

	if (!stmt)
		return -EIO;
	sqlite3_bind_int64(stmt, 1, (sqlite3_int64)e->seq);
	sqlite3_bind_int64(stmt, 2, (sqlite3_int64)e->boot_ns);
	sqlite3_bind_int64(stmt, 3, (sqlite3_int64)e->wall);
	sqlite3_bind_int64(stmt, 4, (sqlite3_int64)e->uid);
	sqlite3_bind_text(stmt, 5, e->actor, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 6, e->action, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 7, e->detail, -1, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 8, e->prev, sizeof(e->prev), SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 9, e->hash, sizeof(e->hash), SQLITE_STATIC);
	return store_step_done(store, stmt, f);
}

int store_audit(struct store *store, uint32_t uid, const char *actor, const char *action, const char *detail,
		struct failure *f)
{
	struct entry e = { .boot_ns = store_clock_ns(), .wall = (uint64_t)time(NULL), .uid = uid, .actor = actor,
			   .action = action, .detail = detail };
	int err = audit_head(store, &e, f);

	if (!err && entry_hash(&e, e.hash))
		err = fail(f, CORDON_EXIT_FAILED, EIO, "cannot make a SHA-256 digest");
	return err ? err : audit_insert(store, &e, f);
}

static bool audit_row_ok(sqlite3_stmt *stmt, const uint8_t prev[32], uint8_t hash[32])
{
	struct entry e = {
		.seq = (uint64_t)sqlite3_column_int64(stmt, 0), .boot_ns = (uint64_t)sqlite3_column_int64(stmt, 1),
		.wall = (uint64_t)sqlite3_column_int64(stmt, 2), .uid = (uint64_t)sqlite3_column_int64(stmt, 3),
		.actor = (const char *)sqlite3_column_text(stmt, 4), .action = (const char *)sqlite3_column_text(stmt, 5),
		.detail = (const char *)sqlite3_column_text(stmt, 6),
	};

	memcpy(e.prev, prev, sizeof(e.prev));
	return e.actor && e.action && e.detail && sqlite3_column_bytes(stmt, 7) == 32 &&
	       !memcmp(sqlite3_column_blob(stmt, 7), prev, 32) && !entry_hash(&e, hash) &&
	       sqlite3_column_bytes(stmt, 8) == 32 && !memcmp(sqlite3_column_blob(stmt, 8), hash, 32);
}

int store_audit_verify(struct store *store, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, "SELECT * FROM audit ORDER BY seq", f);
	uint8_t prev[32] = { 0 }, hash[32];
	int code = SQLITE_DONE, err = 0;

	if (!stmt)
		return -EIO;
	while (!err && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (!audit_row_ok(stmt, prev, hash))
			err = fail(f, CORDON_EXIT_FAILED, EBADMSG, "the audit log is broken at entry %lld",
				   (long long)sqlite3_column_int64(stmt, 0));
		memcpy(prev, hash, sizeof(prev));
	}
	if (!err && code != SQLITE_DONE)
		err = store_fail(store, f);
	sqlite3_finalize(stmt);
	return err;
}

int store_audit_list(struct store *store, uint32_t n, store_audit_cb cb, void *arg, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store,
		"SELECT seq, wall, uid, actor, action, detail FROM (SELECT * FROM audit ORDER BY seq DESC LIMIT ?1) ORDER BY seq", f);
	int code;

	if (!stmt)
		return -EIO;
	sqlite3_bind_int64(stmt, 1, n);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
		cb((uint64_t)sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
		   (uint32_t)sqlite3_column_int64(stmt, 2), (const char *)sqlite3_column_text(stmt, 3),
		   (const char *)sqlite3_column_text(stmt, 4), (const char *)sqlite3_column_text(stmt, 5), arg);
	sqlite3_finalize(stmt);
	return code == SQLITE_DONE ? 0 : store_fail(store, f);
}

int store_meta_get(struct store *store, const char *key, char *out, size_t room, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, "SELECT value FROM meta WHERE key = ?1", f);
	int code;

	out[0] = '\0';
	if (!stmt)
		return -EIO;
	sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
	code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		snprintf(out, room, "%s", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : store_fail(store, f);
}

int store_meta_set(struct store *store, const char *key, const char *value, struct failure *f)
{
	sqlite3_stmt *stmt = store_prepare(store, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", f);

	if (!stmt)
		return -EIO;
	sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, value, -1, SQLITE_STATIC);
	return store_step_done(store, stmt, f);
}
