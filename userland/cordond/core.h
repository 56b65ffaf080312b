/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The core of cordond: policy, state, the socket of cordon. No capability; one event loop; one change at a time. */
#ifndef CORDON_CORDOND_CORE_H
#define CORDON_CORDOND_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "userland/cordond/options.h"
#include "userland/cordond/roles.h"
#include "userland/lib/compiled.h"
#include "userland/lib/kernel.h"
#include "userland/lib/resolve.h"
#include "userland/lib/store.h"

struct event_base;
struct server;

/** struct running - the policy in force */
struct running {
	bool valid;
	bool unrecorded;	/* still an intent in the state database */
	uint64_t generation;
	struct compiled c;
	struct name_index *names;
};

struct core {
	const struct options *options;
	struct event_base *base;
	struct kernel *kernel;
	struct store *store;
	struct running running;
	struct roles roles;
	struct server *server;
	struct api_list zones;		/* names of zone ids, for events */
	char last_step[16];		/* the journal's end as this start found it */
	bool disarmed;			/* on purpose: nothing is repaired or restored */
	char trouble[256];		/* "": all is well; else what is not, for status and doctor */
	char work[4096];		/* directory for the moment of a compile */
};

/** struct caller - who asks */
struct caller {
	uint32_t uid;
	enum role role;
	char name[64];
};

/** core_run - be the core until SIGTERM. Return: exit code */
int core_run(const struct options *o);

/** running_set - take over @c (emptied) as what is in force */
void running_set(struct core *core, struct compiled *c, uint64_t generation);
void running_clear(struct core *core);
/** core_trouble - remember, log and show what is not well; "" clears it */
void core_trouble(struct core *core, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* reconcile.c: Return: 0, or a negative errno with @f when the daemon must not start */
int reconcile(struct core *core, struct failure *f);
/** core_restore - put the running policy into a module that has no ruleset */
int core_restore(struct core *core, struct failure *f);

/* repair.c: look at nftables soon; bring them back to the running generation when they differ */
int repair_start(struct core *core);
void repair_stop(void);
void repair_soon(struct core *core);
/** repair_links_soon - the links changed: tell nftables which stackable devices stand on no managed port */
void repair_links_soon(struct core *core);

/* Changing verbs; each returns a reply object or NULL with @f. */
json_t *core_apply(struct core *core, const struct caller *caller, const json_t *args, const struct buf *source,
		   struct failure *f);
json_t *core_quarantine(struct core *core, const struct caller *caller, const json_t *args, struct failure *f);
json_t *core_release(struct core *core, const struct caller *caller, const json_t *args, struct failure *f);
json_t *core_disarm(struct core *core, const struct caller *caller, const json_t *args, struct failure *f);
json_t *core_audit(struct core *core, const json_t *args, struct failure *f);
/** core_cut - delete the flows that the running ruleset no longer allows; failure is a warning */
void core_cut(struct core *core, struct failure *warning);

#endif /* CORDON_CORDOND_CORE_H */
