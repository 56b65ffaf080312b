/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One policy file as a tree of values with positions: the subset of YAML that the language takes.
 * Knows nothing of policies. The tree is built from libfyaml's events, so that depth, duplicate
 * keys, anchors and tags are judged while they arrive.
 */
#ifndef CORDON_POLICY_YAML_H
#define CORDON_POLICY_YAML_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/policy.h"

#define YAML_MAX_DEPTH 16
#define YAML_MAX_NODES (16U << 20) /* what 1 048 575 devices with all their keys need, not more */

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAPPING };

/** struct yaml_node - a value; in a mapping keys and values take turns */
struct yaml_node {
	struct yaml_node *next; /* next element of the parent; NULL: last */
	union {
		struct yaml_node *first; /* YAML_LIST, YAML_MAPPING */
		const char *text;	 /* YAML_SCALAR: NUL-terminated, valid UTF-8 */
	};
	uint32_t line;
	uint32_t column;
	uint32_t n;	/* list: elements; mapping: pairs */
	uint8_t kind;	/* enum yaml_kind */
	bool quoted;	/* scalar in quotes (or a block scalar) */
	bool duplicate; /* key that stood in its mapping before: reported, to be skipped */
};

struct yaml_chunk;

/** struct yaml_doc - a parsed file; zero-initialise before yaml_parse() */
struct yaml_doc {
	const char *file;	   /* for positions; not owned */
	struct yaml_node *root;	   /* NULL: empty or refused */
	struct yaml_chunk *chunks; /* all nodes and texts */
	uint32_t n_nodes;
};

/**
 * yaml_parse - check bytes and build the tree
 * @doc: file name set by the caller; receives the tree
 * @text: not needed to be NUL-terminated; may be freed afterwards
 * @diags: receives every error
 *
 * Return: 0 when the tree is complete (@diags may have got errors that leave it so: duplicate keys,
 * anchors, tags); -EINVAL when @diags got an error and the tree must not be read; -ENOMEM.
 */
int yaml_parse(struct yaml_doc *doc, const char *text, size_t len, struct policy_diags *diags);
void yaml_free(struct yaml_doc *doc);

static inline struct policy_pos yaml_pos(const struct yaml_doc *doc, const struct yaml_node *node)
{
	return (struct policy_pos){ .file = doc->file, .line = node->line, .column = node->column };
}

/**
 * yaml_kind_name - "a mapping", "a list", "true", "nothing", "a string", ...: what stands there,
 * for messages
 */
const char *yaml_kind_name(const struct yaml_node *node);
/** yaml_is_null - an absent value: nothing, ~ or null */
bool yaml_is_null(const struct yaml_node *node);
/**
 * yaml_is_word - a scalar that every YAML reader takes for a string or number, not for null or a
 * truth value
 */
bool yaml_is_word(const struct yaml_node *node);

/** yaml_each - walk a list, or keys and values of a mapping */
#define yaml_each(node, parent)                                                                    \
	for (const struct yaml_node *node = (parent)->first; node; node = node->next)
/** yaml_each_pair - walk a mapping by its keys, without duplicates; the value is key->next */
#define yaml_each_pair(key, parent)                                                                \
	for (const struct yaml_node *key = (parent)->first; key; key = key->next->next)            \
		if (!key->duplicate)

#endif /* CORDON_POLICY_YAML_H */
