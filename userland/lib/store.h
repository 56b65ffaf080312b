/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state database (SQLite, write-ahead log, synchronous=FULL): generations with source and ruleset bytes, the journal of applies,
 * quarantines, the audit log. Every function that changes something has made it durable when it returns 0.
 */
#ifndef CORDON_LIB_STORE_H
#define CORDON_LIB_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "userland/lib/compiled.h"
#include "userland/lib/failure.h"

#define STORE_FILE "state.db"
#define STORE_SCHEMA 1

struct store;

/** store_open - open or create @dir/state.db; @read_only never writes and fails with -ENOENT when there is none */
int store_open(const char *dir, bool read_only, struct store **store, struct failure *f);
void store_close(struct store *store);

/** struct stored - one generation; freed with stored_free() */
struct stored {
	uint64_t generation;
	int64_t created;	/* wall clock, seconds */
	char actor[64];
	uint8_t digest[CORDON_DIGEST_BYTES];
	uint8_t *blob;
	size_t blob_len;
	uint8_t *source;	/* bundle_pack() */
	size_t source_len;
};

void stored_free(struct stored *s);
/** store_active, store_intent - Return: 1 found, 0 none, or a negative errno */
int store_active(struct store *store, struct stored *out, struct failure *f);
int store_intent(struct store *store, struct stored *out, struct failure *f);
int store_max_generation(struct store *store, uint64_t *out, struct failure *f);

/* The steps of an apply. */
int store_put_intent(struct store *store, uint64_t generation, const char *actor, const struct compiled *c,
		     const struct buf *source, struct failure *f);
int store_mark_active(struct store *store, uint64_t generation, struct failure *f);
/** store_renumber - the active generation is enforced under another number (the module never takes a lower one again) */
int store_renumber(struct store *store, uint64_t generation, struct failure *f);
int store_mark_aborted(struct store *store, uint64_t generation, struct failure *f);
int store_journal(struct store *store, uint64_t generation, const char *step, struct failure *f);

/** store_active_id - generation recorded as active, 0: none */
int store_active_id(struct store *store, uint64_t *out, struct failure *f);
/** store_last_step - the last journal entry: its step ("" for an empty journal) and generation */
int store_last_step(struct store *store, char *step, size_t room, uint64_t *generation, struct failure *f);

struct stored_quarantine {
	uint8_t mac[6];
	uint16_t vlan;
	int64_t since;
	char actor[64];
	char name[64];		/* as the device was called then */
};

/** store_quarantine_add - Return: 0; 1 when it was there already (kept as it was); a negative errno */
int store_quarantine_add(struct store *store, const struct stored_quarantine *q, struct failure *f);
int store_quarantine_remove(struct store *store, const uint8_t mac[6], uint16_t vlan, struct failure *f);
/** store_quarantines - all of them, oldest first; @v is malloc'ed */
int store_quarantines(struct store *store, struct stored_quarantine **v, size_t *n, struct failure *f);

/** store_audit - append to the hash-chained audit log */
int store_audit(struct store *store, uint32_t uid, const char *actor, const char *action, const char *detail,
		struct failure *f);
/** store_audit_verify - walk the chain. Return: 0; -EBADMSG with the first bad entry in @f */
int store_audit_verify(struct store *store, struct failure *f);

/** store_audit_list - the last @n entries, oldest first: @cb(seq, wall, uid, actor, action, detail, arg) each */
typedef void (*store_audit_cb)(uint64_t seq, int64_t wall, uint32_t uid, const char *actor, const char *action,
			       const char *detail, void *arg);
int store_audit_list(struct store *store, uint32_t n, store_audit_cb cb, void *arg, struct failure *f);

/** store_meta_get - "" when absent */
int store_meta_get(struct store *store, const char *key, char *out, size_t room, struct failure *f);
int store_meta_set(struct store *store, const char *key, const char *value, struct failure *f);

#endif /* CORDON_LIB_STORE_H */
