/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy library: YAML text -> checked model -> compiled ruleset. It never talks to the kernel.
 * No function keeps global state; all may be called from any thread on distinct objects.
 */
#ifndef CORDON_POLICY_H
#define CORDON_POLICY_H

#include <stdio.h>

#include "policy/model.h"

/** struct policy_diag - one message about a policy */
struct policy_diag {
	/* a note belongs to the error or warning before it */
	enum policy_level { POLICY_ERROR, POLICY_WARNING, POLICY_NOTE } level;
	struct policy_pos pos; /* file name owned by the diag list */
	char *text;	       /* what is wrong; what would be right */
};

/**
 * struct policy_diags - the messages of one load and check, in order; zero-initialise before use
 */
struct policy_diags {
	struct policy_diag *v;
	size_t n;
	size_t errors;
	char **files;
	size_t n_files;
};

void policy_diags_free(struct policy_diags *diags);
/** policy_diags_print - print as "file:line:column: error: text" lines; @colour for a terminal */
void policy_diags_print(const struct policy_diags *diags, FILE *out, bool colour);

/**
 * policy_load - read and check a policy
 * @path: the main file; *.yaml in the directory policy.d beside it are added in name order
 * @diags: receives errors and warnings; an error list is complete, not only the first
 *
 * Return: the checked policy, to be freed with policy_free(); NULL when @diags has an error
 * (syntax, meaning, or a file that cannot be read).
 */
struct policy *policy_load(const char *path, struct policy_diags *diags);
/** policy_load_memory - the same for one text in memory, named @name in messages; no policy.d */
struct policy *policy_load_memory(const char *name, const char *text, size_t len,
				  struct policy_diags *diags);
void policy_free(struct policy *policy);

/** struct policy_pair - what may be started from one zone to another, denies already taken away */
struct policy_pair {
	int from, to; /* zone indexes */
	bool log;
	/* normalised: sorted, disjoint, merged; one ALL entry if everything */
	struct policy_entries entries;
};

/** struct policy_pairs - all non-empty pairs and all logged ones, sorted by (from, to) */
struct policy_pairs {
	struct policy_pair *v;
	size_t n;
};

/** policy_pairs_make - normalise the flows. Return: 0, or -ENOMEM. */
int policy_pairs_make(const struct policy *policy, struct policy_pairs *out);
void policy_pairs_free(struct policy_pairs *pairs);
/**
 * policy_flow_for - the flow that decides whether @entry may start from @from to @to; NULL: no
 * flow speaks of it (default deny)
 */
const struct policy_flow *policy_flow_for(const struct policy *policy, int from, int to,
					  const struct policy_entry *entry);

/**
 * struct policy_zone_ids - wire ids by zone name, kept while a name lives so that old and new
 * rulesets can be told apart
 */
struct policy_zone_ids {
	struct {
		char name[CORDON_ZONE_NAME_LEN];
		uint8_t id;
	} v[256];
	size_t n;
};

/**
 * policy_compile - encode the policy as ruleset bytes (layout: linux/cordon.h; the same bytes for
 * the same input on every host)
 * @ids: in: the running ruleset's ids (n 0: none); out: the ids used
 * @blob, @len: receives a malloc'ed buffer and its length
 *
 * Return: 0; -ENOMEM; -ENOSPC when old and new zones together need more ids than there are ("apply
 * in two steps"); -EFBIG when the ruleset would be larger than CORDON_MAX_BLOB_BYTES
 * or one pair has more than 65535 entries, or there are more than 65535 different limits.
 */
int policy_compile(const struct policy *policy, struct policy_zone_ids *ids, uint8_t **blob,
		   size_t *len);

/** struct policy_explain_step - one place a frame meets, and what it said there */
struct policy_explain_step {
	const char *direction; /* "start" or "reply" */
	const char *hook;      /* "ingress", "forward", ... */
	const char *port;      /* or NULL */
	bool accepted;
	uint8_t reason;	    /* CORDON_REASON_* */
	const char *detail; /* e.g. "cameras -> video", valid during the call */
};

/** struct policy_explain - the answer to "may SRC start SERVICE to DST" */
struct policy_explain {
	struct policy_explain_step steps[8];
	size_t n_steps;
	bool allowed; /* start and reply passed everywhere */
	uint8_t reason;
	int from, to;			/* zone indexes */
	const struct policy_flow *flow; /* what decided; NULL: default deny */
	char details[8][96];
};

/**
 * policy_explain - run decide() over every place that a start and its reply meet
 * @src, @dst: a device name, MAC or address, a zone name, or an IP address; the box's own addresses
 *   are not in a policy, so for those the caller says "gateway"
 * @service: a service name or an entry such as tcp/443
 * @error: receives a sentence when an argument means nothing
 *
 * Return: 0; -EINVAL with @error; -ENOMEM.
 */
int policy_explain(const struct policy *policy, const char *src, const char *dst,
		   const char *service, struct policy_explain *out, char *error, size_t error_len);

#define POLICY_EDIT_ADDRESSES 8

/*
 * The policy change that admit, move and forget make: rewrites policy.d/90-devices.yaml (only),
 * atomically. See edit.c.
 */
struct policy_edit {
	enum { POLICY_ADMIT, POLICY_MOVE, POLICY_FORGET } verb;
	const char *device; /* name, MAC or address (admit: MAC) */
	const char *zone;   /* admit, move */
	const char *name;   /* admit: optional */
	uint16_t vlan;	    /* admit: 0 = default */
	const char *port;   /* admit: optional */
	const char *const *addresses; /* admit: its IP addresses, at most POLICY_EDIT_ADDRESSES */
	size_t n_addresses;
};

/**
 * policy_edit_make - the new text of policy.d/90-devices.yaml after @edit
 * @text: receives a malloc'ed text; @diff: a malloc'ed human-readable change ("+ cam2: ..." lines)
 *
 * Return: 0; -EINVAL with @error (a device of a hand-written file is never changed here: the error
 * names its file and line).
 */
int policy_edit_make(const char *path, const struct policy *policy, const struct policy_edit *edit,
		     char **text, char **diff, char *error, size_t error_len);

#endif /* CORDON_POLICY_H */
