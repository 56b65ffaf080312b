// SPDX-License-Identifier: GPL-2.0-or-later
/* The state database: generations, journal, quarantines, audit chain, damage. */
#include "userland/lib/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "tests/unit/userland/tap.h"
#include "userland/lib/file.h"

static char dir[] = "/tmp/cordon-store-XXXXXX";

static struct compiled make(const char *bytes)
{
	struct compiled c = { .blob = (uint8_t *)bytes, .len = strlen(bytes) };
	struct digest_part part = { c.blob, c.len };

	digest_sha256(&part, 1, c.digest);
	return c;
}

static void sql(const char *text)
{
	char path[256];
	sqlite3 *db;

	file_path(path, sizeof(path), dir, STORE_FILE);
	if (sqlite3_open(path, &db) == SQLITE_OK)
		sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_close(db);
}

static void generations(struct store *store)
{
	struct compiled a = make("first"), b = make("second");
	struct buf source = { (uint8_t *)"src", 3, 3, false };
	struct stored s;
	uint64_t max = 0;

	ok(store_active(store, &s, NULL) == 0 && store_intent(store, &s, NULL) == 0, "nothing at first");
	ok(!store_put_intent(store, 1, "me", &a, &source, NULL) && store_active(store, &s, NULL) == 0,
	   "an intent is not active");
	ok(!store_mark_active(store, 1, NULL) && store_active(store, &s, NULL) == 1 && s.generation == 1 &&
	   s.blob_len == 5 && s.source_len == 3, "marked active, it comes back whole");
	stored_free(&s);
	ok(!store_put_intent(store, 2, "me", &b, &source, NULL) && store_intent(store, &s, NULL) == 1 && s.generation == 2,
	   "an intent beside the active one");
	stored_free(&s);
	ok(!store_mark_aborted(store, 2, NULL) && store_intent(store, &s, NULL) == 0, "aborted, it is gone");
	ok(!store_max_generation(store, &max, NULL) && max == 2, "but its number is not used again");
	store_put_intent(store, 4, "me", &b, &source, NULL);
	ok(!store_mark_active(store, 4, NULL) && store_active(store, &s, NULL) == 1 && s.generation == 4,
	   "one active generation");
	stored_free(&s);
}

static void quarantines(struct store *store)
{
	struct stored_quarantine q = { .mac = { 2, 0, 0, 0, 0, 1 }, .vlan = 7, .since = 1, .actor = "me" }, *v = NULL;
	size_t n = 0;

	ok(!store_quarantine_add(store, &q, NULL) && store_quarantine_add(store, &q, NULL) == 1 &&
	   !store_quarantines(store, &v, &n, NULL) && n == 1 && v[0].vlan == 7, "a quarantine, once");
	free(v);
	ok(!store_quarantine_remove(store, q.mac, 8, NULL) && !store_quarantines(store, &v, &n, NULL) && n == 1,
	   "another VLAN is another device");
	free(v);
	ok(!store_quarantine_remove(store, q.mac, 7, NULL) && !store_quarantines(store, &v, &n, NULL) && !n, "removed");
	free(v);
}

static void audit(struct store *store)
{
	struct failure f = { 0 };

	for (int i = 0; i < 5; i++)
		store_audit(store, 0, "me", "apply", "x", NULL);
	ok(!store_audit_verify(store, &f), "the chain is whole");
	sql("UPDATE audit SET detail = 'y' WHERE seq = 3");
	ok(store_audit_verify(store, &f) == -EBADMSG && strstr(f.text, "entry 3"), "a changed entry is found");
	sql("UPDATE audit SET detail = 'x' WHERE seq = 3; DELETE FROM audit WHERE seq = 2");
	ok(store_audit_verify(store, &f) == -EBADMSG, "a removed entry is found");
}

static void damage(void)
{
	struct failure f = { 0 };
	struct store *store;
	struct stored s;

	sql("UPDATE generation SET blob = X'00' WHERE state = 'active'");
	ok(!store_open(dir, true, &store, &f) && store_active(store, &s, &f) == -EBADMSG,
	   "a ruleset that is not what was digested is refused");
	store_close(store);
	sql("UPDATE meta SET value = '2' WHERE key = 'schema'");
	ok(store_open(dir, false, &store, &f) == -EPROTO && strstr(f.text, "newer"), "a newer schema is refused");
	ok(store_open("/nonexistent", true, &store, &f) == -ENOENT, "no database");
}

int main(void)
{
	struct failure f = { 0 };
	struct store *store, *reader;
	char step[16];
	uint64_t generation;

	if (!mkdtemp(dir) || !ok(!store_open(dir, false, &store, &f), "a new database"))
		return 1;
	generations(store);
	quarantines(store);
	ok(!store_journal(store, 9, "receive", NULL) && !store_last_step(store, step, sizeof(step), &generation, NULL) &&
	   !strcmp(step, "receive") && generation == 9, "the journal's end");
	ok(!store_open(dir, true, &reader, &f) && store_quarantine_remove(reader, (const uint8_t *)"123456", 1, &f),
	   "a reader cannot write");
	store_close(reader);
	audit(store);
	store_close(store);
	damage();
	file_remove_tree(dir);
	return tap_end();
}
