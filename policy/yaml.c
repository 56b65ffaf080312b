// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libfyaml events -> struct yaml_node. Iterative: the open collections stand in an array of
 * YAML_MAX_DEPTH + 1 frames, so no input reaches the stack. Nodes and texts live in chunks that are
 * freed together.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfyaml.h>

#include "policy/diag.h"
#include "policy/mem.h"
#include "policy/utf8.h"
#include "policy/yaml.h"

#define CHUNK_BYTES (64U << 10)

/*
 * libfyaml queues tokens without limit while an open bracket may still turn out to be a key, about
 * 350 bytes of memory for each byte of input, before it gives an event. So a byte that ends every
 * lookahead (it is in no UTF-8 text) stands in its input at least this far behind the latest event,
 * and moves on with the events. Input by callback would be simpler, but libfyaml 0.7.12 then reads
 * buffers that it has freed.
 */
#define FENCE_BYTE  0xff
#define FENCE_AHEAD ((size_t)128 << 10)

struct yaml_chunk {
	struct yaml_chunk *next;
	size_t used, size;
	max_align_t data[];
};

/* One open collection. */
struct frame {
	struct yaml_node *node;
	struct yaml_node *last; /* its last child */
	bool want_value;	/* mapping: @last is a key whose value comes next */
};

struct build {
	struct yaml_doc *doc;
	struct policy_diags *diags;
	struct frame frame[YAML_MAX_DEPTH];
	size_t depth;
	size_t documents;
	struct policy_pos last; /* of the latest value: where an absent one would stand */
	char *text;		/* the input, a copy of our own */
	size_t len;
	size_t fence;		/* where FENCE_BYTE stands; @len: nowhere any more */
	char fenced;		/* the byte in its place */
	bool fence_met;		/* something ended at the fence, so it is cut off */
	bool broken;		/* the tree lacks something, read on for further errors */
	int error;		/* 0: go on; -EINVAL, -ENOMEM: stop */
};

static void *chunk_alloc(struct yaml_doc *doc, size_t bytes, size_t align)
{
	struct yaml_chunk *chunk = doc->chunks;
	size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
	void *at;

	if (chunk)
		chunk->used = (chunk->used + align - 1) & ~(align - 1);
	if (!chunk || chunk->used > chunk->size || chunk->size - chunk->used < bytes) {
		chunk = malloc(sizeof(*chunk) + size);
		if (!chunk)
			return NULL;
		chunk->next = doc->chunks;
		chunk->used = 0;
		chunk->size = size;
		doc->chunks = chunk;
	}
	at = (char *)chunk->data + chunk->used;
	chunk->used += bytes;
	return at;
}

void yaml_free(struct yaml_doc *doc)
{
	while (doc->chunks) {
		struct yaml_chunk *next = doc->chunks->next;

		free(doc->chunks);
		doc->chunks = next;
	}
	doc->root = NULL;
}

static struct policy_pos mark_pos(const struct build *build, const struct fy_mark *mark)
{
	struct policy_pos pos = { .file = build->doc->file, .line = 1, .column = 1 };

	if (mark && mark->line >= 0 && mark->column >= 0) {
		pos.line = (uint32_t)mark->line + 1;
		pos.column = (uint32_t)mark->column + 1;
	}
	return pos;
}

/* Put the fence behind what follows @seen, the offset of the latest event. */
static void fence_set(struct build *build, size_t seen)
{
	build->fence = build->len - seen > 2 * FENCE_AHEAD ? seen + 2 * FENCE_AHEAD : build->len;
	if (build->fence == build->len)
		return;
	build->fenced = build->text[build->fence];
	build->text[build->fence] = (char)FENCE_BYTE;
}

/* After an event of @token, which starts at @mark. */
static void fence_move(struct build *build, const struct fy_mark *mark, struct fy_token *token)
{
	const struct fy_mark *end = fy_token_end_mark(token);

	if (build->fence == build->len)
		return;
	if (end && end->input_pos >= build->fence)
		build->fence_met = true;
	if (build->fence_met || build->fence - mark->input_pos >= FENCE_AHEAD)
		return;
	build->text[build->fence] = build->fenced;
	fence_set(build, mark->input_pos);
}

static struct yaml_node *node_new(struct build *build, int kind, struct fy_token *token)
{
	const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
	struct policy_pos pos = mark ? mark_pos(build, mark) : build->last;
	struct yaml_node *node;

	build->last = pos;
	if (mark)
		fence_move(build, mark, token);
	if (build->doc->n_nodes >= YAML_MAX_NODES) {
		policy_error(build->diags, pos,
			     "more than %u values; split the policy over several gateways",
			     YAML_MAX_NODES);
		build->error = -EINVAL;
		return NULL;
	}
	node = chunk_alloc(build->doc, sizeof(*node), _Alignof(struct yaml_node));
	if (!node) {
		build->error = -ENOMEM;
		return NULL;
	}
	memset(node, 0, sizeof(*node));
	node->kind = (uint8_t)kind;
	node->line = pos.line;
	node->column = pos.column;
	build->doc->n_nodes++;
	return node;
}

static bool frame_wants_key(const struct build *build)
{
	const struct frame *top = build->depth ? &build->frame[build->depth - 1] : NULL;

	return top && top->node->kind == YAML_MAPPING && !top->want_value;
}

/* Hang @node under the innermost open collection, or make it the root. */
static void attach(struct build *build, struct yaml_node *node)
{
	struct frame *top;

	if (!build->depth) {
		build->doc->root = node;
		return;
	}
	top = &build->frame[build->depth - 1];
	if (top->last)
		top->last->next = node;
	else
		top->node->first = node;
	top->last = node;
	if (top->node->kind == YAML_MAPPING)
		top->want_value = !top->want_value;
	if (!top->want_value)
		top->node->n++;
}

static void refuse_decoration(struct build *build, struct fy_token *anchor, struct fy_token *tag)
{
	if (anchor)
		policy_error(
			build->diags, mark_pos(build, fy_token_start_mark(anchor)),
			"anchors are not part of the policy language; write the value where it is needed");
	if (tag)
		policy_error(
			build->diags, mark_pos(build, fy_token_start_mark(tag)),
			"tags are not part of the policy language; write the value without '!'");
}

static void on_alias(struct build *build, struct fy_token *anchor)
{
	struct yaml_node *node = node_new(build, YAML_SCALAR, anchor);

	if (!node)
		return;
	policy_error(
		build->diags, yaml_pos(build->doc, node),
		"aliases are not part of the policy language; write the value itself, or quote a string that starts with '*'");
	build->broken = true;
	node->text = "";
	attach(build, node);
}

static void on_scalar(struct build *build, const struct fy_event_scalar_data *data)
{
	enum fy_scalar_style style;
	struct yaml_node *node;
	const char *text;
	size_t len = 0;
	char *copy;

	refuse_decoration(build, data->anchor, data->tag);
	node = node_new(build, YAML_SCALAR, data->value);
	if (!node)
		return;
	text = data->value ? fy_token_get_text(data->value, &len) : "";
	copy = text ? chunk_alloc(build->doc, len + 1, 1) : NULL;
	if (!copy) {
		build->error = -ENOMEM;
		return;
	}
	memcpy(copy, text, len);
	copy[len] = '\0';
	node->text = copy;
	style = data->value ? fy_token_scalar_style(data->value) : FYSS_PLAIN;
	node->quoted = style != FYSS_PLAIN;
	/* The parser's mark stands behind the quote. */
	if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) && node->column > 1)
		node->column--;
	/* "\0" in double quotes makes a NUL that the check of the raw bytes cannot see. */
	if (memchr(copy, 0, len)) {
		policy_error(build->diags, yaml_pos(build->doc, node),
			     "NUL in a string; names and values are plain text");
		build->broken = true;
	}
	attach(build, node);
}

static void on_open(struct build *build, int kind, struct fy_token *anchor, struct fy_token *tag,
		    struct fy_token *start)
{
	struct yaml_node *node;

	refuse_decoration(build, anchor, tag);
	node = node_new(build, kind, start);
	if (!node)
		return;
	if (build->depth == YAML_MAX_DEPTH) {
		policy_error(build->diags, yaml_pos(build->doc, node),
			     "nested more than %d deep; a policy needs far less", YAML_MAX_DEPTH);
		build->error = -EINVAL;
		return;
	}
	if (frame_wants_key(build)) {
		policy_error(
			build->diags, yaml_pos(build->doc, node),
			"%s as a key; a key is a plain name (quote an IPv6 address inside [ ] or { })",
			kind == YAML_MAPPING ? "a mapping" : "a list");
		build->error = -EINVAL;
		return;
	}
	attach(build, node);
	build->frame[build->depth++] = (struct frame){ .node = node };
}

static int key_compare(const void *left, const void *right)
{
	const struct yaml_node *a = *(struct yaml_node *const *)left,
			       *b = *(struct yaml_node *const *)right;
	int order = strcmp(a->text, b->text);

	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

static void duplicate_report(struct build *build, struct yaml_node *again,
			     const struct yaml_node *before)
{
	again->duplicate = true;
	policy_error(build->diags, yaml_pos(build->doc, again),
		     "duplicate key %s; a key stands once in a mapping", policy_quote(again->text));
	policy_note(build->diags, yaml_pos(build->doc, before), "%s stands here already",
		    policy_quote(before->text));
}

/* Sorted, because a mapping may have a million keys. */
static void duplicates_find(struct build *build, const struct yaml_node *mapping)
{
	struct yaml_node **keys;
	size_t n = 0;

	if (mapping->n < 2)
		return;
	keys = calloc(mapping->n, sizeof(*keys));
	if (!keys) {
		build->error = -ENOMEM;
		return;
	}
	for (struct yaml_node *key = mapping->first; key; key = key->next->next)
		keys[n++] = key;
	qsort(keys, n, sizeof(*keys), key_compare);
	for (size_t i = 1; i < n; i++)
		if (!strcmp(keys[i - 1]->text, keys[i]->text))
			duplicate_report(build, keys[i], keys[i - 1]);
	free(keys);
}

static void on_close(struct build *build)
{
	if (!build->depth)
		return;
	build->depth--;
	if (build->frame[build->depth].node->kind == YAML_MAPPING)
		duplicates_find(build, build->frame[build->depth].node);
}

static void on_document(struct build *build, const struct fy_event_document_start_data *data)
{
	struct policy_pos pos = mark_pos(
		build, data->document_start ? fy_token_start_mark(data->document_start) : NULL);

	if (!build->documents++)
		return;
	policy_error(build->diags, pos,
		     "a second document; a policy file has one, further files go to policy.d/");
	build->error = -EINVAL;
}

/* Where the parser takes the fence for the end, the end is not where the text ends. */
static void on_end(struct build *build, struct fy_token *token)
{
	const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;

	build->fence_met |= build->fence != build->len || (mark && mark->input_pos < build->len);
}

static void on_event(struct build *build, const struct fy_event *event)
{
	switch (event->type) {
	case FYET_STREAM_END:
		on_end(build, event->stream_end.stream_end);
		break;
	case FYET_DOCUMENT_START:
		on_document(build, &event->document_start);
		break;
	case FYET_ALIAS:
		on_alias(build, event->alias.anchor);
		break;
	case FYET_SCALAR:
		on_scalar(build, &event->scalar);
		break;
	case FYET_SEQUENCE_START:
		on_open(build, YAML_LIST, event->sequence_start.anchor, event->sequence_start.tag,
			event->sequence_start.sequence_start);
		break;
	case FYET_MAPPING_START:
		on_open(build, YAML_MAPPING, event->mapping_start.anchor, event->mapping_start.tag,
			event->mapping_start.mapping_start);
		break;
	case FYET_SEQUENCE_END:
	case FYET_MAPPING_END:
		on_close(build);
		break;
	default:
		break;
	}
}

/*
 * Whether the fence was met. Where it stands the parser fails, complains of UTF-8 (which was checked
 * before and is good but for the fence), or takes it for the end.
 */
static bool stopped_by_fence(const struct build *build, struct fy_diag *diag, bool ended)
{
	struct fy_diag_error *error;
	void *iterator = NULL;
	int line = 1;

	if (build->fence_met)
		return true;
	if (build->fence == build->len || ended)
		return false;
	for (size_t i = 0; i < build->fence; i++)
		line += build->text[i] == '\n';
	while ((error = fy_diag_errors_iterate(diag, &iterator)))
		if (error->line < line && !strstr(error->msg, "UTF8"))
			return false;
	return true;
}

/* The parser's own complaints, with their places. */
static void parser_errors(struct build *build, struct fy_diag *diag, bool ended)
{
	struct fy_diag_error *error;
	void *iterator = NULL;
	bool any = false;

	if (stopped_by_fence(build, diag, ended)) {
		policy_error(build->diags, build->last,
			     "no value is complete within 128 KiB from here; close the brackets and "
			     "break long lines");
		build->error = -EINVAL;
		return;
	}
	while ((error = fy_diag_errors_iterate(diag, &iterator))) {
		struct policy_pos pos = { .file = build->doc->file,
					  .line = error->line > 0 ? (uint32_t)error->line : 1,
					  .column =
						  error->column > 0 ? (uint32_t)error->column : 1 };

		policy_error(build->diags, pos,
			     "not YAML: %s; check quotes, brackets and indentation here",
			     error->msg);
		any = true;
	}
	if (!any)
		policy_error(build->diags, mark_pos(build, NULL),
			     "not YAML; check quotes, brackets and indentation");
	build->error = -EINVAL;
}

static void events_read(struct build *build, struct fy_parser *parser, struct fy_diag *diag)
{
	struct fy_event *event;
	bool ended = false;

	while (!build->error && (event = fy_parser_parse(parser))) {
		ended = event->type == FYET_STREAM_END;
		on_event(build, event);
		fy_parser_event_free(parser, event);
	}
	if (!build->error && (!ended || build->fence_met || fy_parser_get_stream_error(parser)))
		parser_errors(build, diag, ended);
}

/*
 * Discards what libfyaml would print: its errors are collected, and nothing else may reach stderr.
 */
static void output_nothing(struct fy_diag *diag, void *user, const char *buf, size_t len)
{
	(void)diag;
	(void)user;
	(void)buf;
	(void)len;
}

static struct fy_diag *diag_new(void)
{
	struct fy_diag_cfg config;
	struct fy_diag *diag;

	fy_diag_cfg_default(&config);
	config.fp = NULL;
	config.output_fn = output_nothing;
	config.colorize = false;
	diag = fy_diag_create(&config);
	if (diag)
		fy_diag_set_collect_errors(diag, true);
	return diag;
}

static int parser_run(struct build *build)
{
	struct fy_parse_cfg config = { .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 |
						FYPCF_JSON_NONE | FYPCF_DISABLE_ACCELERATORS };
	struct fy_parser *parser;

	config.diag = diag_new();
	if (!config.diag)
		return -ENOMEM;
	parser = fy_parser_create(&config);
	fence_set(build, 0);
	if (!parser || fy_parser_set_string(parser, build->text, build->len))
		build->error = -ENOMEM;
	else
		events_read(build, parser, config.diag);
	fy_parser_destroy(parser);
	fy_diag_destroy(config.diag);
	return !build->error && build->broken ? -EINVAL : build->error;
}

int yaml_parse(struct yaml_doc *doc, const char *text, size_t len, struct policy_diags *diags)
{
	struct build build = { .doc = doc,
			       .diags = diags,
			       .len = len,
			       .last = { .file = doc->file, .line = 1, .column = 1 } };
	struct utf8_fault fault = utf8_check(text, len);
	int ret;

	if (fault.what) {
		struct policy_pos pos = { .file = doc->file,
					  .line = fault.line,
					  .column = fault.column };

		policy_error(diags, pos, "%s", fault.what);
		return -EINVAL;
	}
	if (!len)
		return 0;
	build.text = policy_strndup(text, len);
	if (!build.text)
		return -ENOMEM;
	ret = parser_run(&build);
	free(build.text);
	return ret;
}

bool yaml_is_null(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && !node->quoted &&
	       (!*node->text || !strcmp(node->text, "~") || !strcasecmp(node->text, "null"));
}

static bool is_truth(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && !node->quoted &&
	       (!strcasecmp(node->text, "true") || !strcasecmp(node->text, "false"));
}

bool yaml_is_word(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && !yaml_is_null(node) && !is_truth(node);
}

const char *yaml_kind_name(const struct yaml_node *node)
{
	if (node->kind == YAML_MAPPING)
		return "a mapping";
	if (node->kind == YAML_LIST)
		return "a list";
	if (yaml_is_null(node))
		return "nothing";
	if (is_truth(node))
		return "a truth value";
	if (node->quoted)
		return "a string";
	return node->text[strspn(node->text, "0123456789")] ? "a word" : "a number";
}
