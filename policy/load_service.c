// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The section `services`, and service lists in flows. A service may name others in any order and
 * any file, so all names are taken first and then resolved; the chain of open services is an array,
 * not the stack.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/value.h"

enum state { NEW, OPEN, DONE };

/*
 * What a declared service still is while names are resolved; one per policy->services, at the same
 * index.
 */
struct pending {
	const struct yaml_doc *doc;
	const struct yaml_node *value;
	enum state state;
};

/* An open service: where its list was left. */
struct frame {
	size_t service;
	const struct yaml_node *next;
	struct entries_set set;
};

struct resolve {
	struct load *load;
	struct pending *pending;
	struct frame *frames;
	size_t depth;
};

static const char *service_word(const void *arg, size_t i)
{
	const struct policy *policy = arg;

	return policy->services[i].name;
}

static void unknown_service(struct load *load, const struct yaml_node *node)
{
	const char *near =
		policy_nearest(node->text, load->policy->n_services, service_word, load->policy);
	struct policy_pos pos = load_pos(load, node);

	if (node->text[0] && !node->text[strspn(node->text, "0123456789")])
		policy_error(load->diags, pos,
			     "%s is a number without a protocol; write tcp/%.6s or udp/%.6s",
			     policy_quote(node->text), node->text, node->text);
	else if (near)
		policy_error(load->diags, pos, "there is no service %s; did you mean '%s'?",
			     policy_quote(node->text), near);
	else
		policy_error(
			load->diags, pos,
			"there is no service %s; declare it under 'services' or write an entry such as tcp/8443",
			policy_quote(node->text));
}

/* An entry such as tcp/443 into @set. Return: whether @node was one, good or bad. */
static bool inline_entry(struct load *load, const struct yaml_node *node, struct entries_set *set)
{
	struct policy_entry entry;
	const char *fault;

	if (!strchr(node->text, '/'))
		return false;
	fault = value_entry(node->text, &entry);
	if (fault)
		policy_error(load->diags, load_pos(load, node), "%s is no service entry; %s",
			     policy_quote(node->text), fault);
	else if (entries_set_add(set, &entry))
		load->no_memory = true;
	return true;
}

static void add_entries(struct load *load, struct entries_set *set,
			const struct policy_entries *entries)
{
	if (entries_set_add_all(set, entries))
		load->no_memory = true;
	/*
	 * Each time, so that a long list of overlapping services stays as small as what it means.
	 */
	if (set->n > ENTRIES_MAX)
		entries_set_normalise(set);
}

static void resolve_open(struct resolve *resolve, size_t service)
{
	struct pending *pending = &resolve->pending[service];
	struct frame *frame = &resolve->frames[resolve->depth++];

	pending->state = OPEN;
	resolve->load->doc = pending->doc;
	*frame = (struct frame){ .service = service };
	frame->next = pending->value->kind == YAML_LIST ? pending->value->first : pending->value;
	if (pending->value->kind == YAML_LIST && !pending->value->n)
		policy_error(resolve->load->diags, load_pos(resolve->load, pending->value),
			     "a service without entries; write at least one, such as tcp/8443");
}

static void resolve_close(struct resolve *resolve)
{
	struct frame *frame = &resolve->frames[--resolve->depth];
	struct load *load = resolve->load;
	struct policy_service *service = &load->policy->services[frame->service];

	entries_set_normalise(&frame->set);
	if (frame->set.n > ENTRIES_MAX)
		policy_error(load->diags, service->pos,
			     "service %s has %zu separate ranges; a service has at most %d",
			     policy_quote(service->name), frame->set.n, ENTRIES_MAX);
	else if (entries_from_set(&frame->set, &service->entries))
		load->no_memory = true;
	entries_set_free(&frame->set);
	resolve->pending[frame->service].state = DONE;
	if (resolve->depth)
		load->doc = resolve->pending[resolve->frames[resolve->depth - 1].service].doc;
}

/* One element of the innermost open service. */
static void resolve_element(struct resolve *resolve, const struct yaml_node *node)
{
	struct frame *frame = &resolve->frames[resolve->depth - 1];
	struct load *load = resolve->load;
	const char *text =
		load_word(load, node, "an entry such as tcp/8443 or the name of a service");
	struct policy *policy = load->policy;
	long found;

	if (!text || inline_entry(load, node, &frame->set))
		return;
	found = names_find(load->service_names, policy->n_services, text);
	if (found < 0) {
		unknown_service(load, node);
	} else if (resolve->pending[found].state == OPEN) {
		policy_error(load->diags, load_pos(load, node),
			     "service %s contains itself; remove one link of the circle",
			     policy_quote(text));
		policy_note(load->diags, policy->services[found].pos, "%s is defined here",
			    policy_quote(text));
	} else if (resolve->pending[found].state == NEW) {
		resolve_open(resolve, (size_t)found);
	} else {
		add_entries(load, &frame->set, &policy->services[found].entries);
	}
}

static void resolve_service(struct resolve *resolve, size_t service)
{
	if (resolve->pending[service].state != NEW)
		return;
	resolve_open(resolve, service);
	while (resolve->depth) {
		struct frame *frame = &resolve->frames[resolve->depth - 1];
		const struct yaml_node *node = frame->next;
		size_t depth = resolve->depth;

		if (!node) {
			resolve_close(resolve);
			continue;
		}
		resolve_element(resolve, node);
		/*
		 * A service opened just now is read first; then this element again, which is done
		 * by then.
		 */
		if (resolve->depth == depth)
			frame->next = resolve->pending[frame->service].value->kind == YAML_LIST
					      ? node->next
					      : NULL;
	}
}

static void service_declare(struct load *load, const struct yaml_node *key,
			    struct pending **pending, size_t *n)
{
	struct policy_service *service;
	struct pending *slot;

	if (builtin_service(key->text)) {
		policy_error(load->diags, load_pos(load, key),
			     "service %s is built in; choose another name",
			     policy_quote(key->text));
		return;
	}
	if (!value_zone_name(key->text) || !strcmp(key->text, "all") || !strcmp(key->text, "any")) {
		policy_error(
			load->diags, load_pos(load, key),
			"%s is no name of a service; 1-30 of a-z, 0-9, '_' and '-', a letter first, not 'all' or 'any'",
			policy_quote(key->text));
		return;
	}
	service = load_push(load, &load->policy->services, &load->policy->n_services,
			    sizeof(*service));
	if (!service)
		return;
	service->pos = load_pos(load, key);
	service->name = load_copy(load, key->text);
	slot = load_push(load, pending, n, sizeof(*slot));
	if (slot)
		*slot = (struct pending){ .doc = load->doc, .value = key->next };
}

static const char *service_name(const struct policy *policy, size_t i)
{
	return policy->services[i].name ? policy->services[i].name : "";
}

static struct policy_pos service_pos(const struct policy *policy, size_t i)
{
	return policy->services[i].pos;
}

static void services_resolve(struct load *load, struct pending *pending, size_t n)
{
	struct resolve resolve = { .load = load, .pending = pending };

	resolve.frames = calloc(n, sizeof(*resolve.frames));
	if (!resolve.frames) {
		load->no_memory = true;
		return;
	}
	for (size_t i = 0; i < n && !load->no_memory; i++)
		resolve_service(&resolve, i);
	free(resolve.frames);
}

static void services_declare(struct load *load, struct pending **pending, size_t *n)
{
	for (size_t i = 0; i < load->policy->n_services; i++) {
		struct pending *slot = load_push(load, pending, n, sizeof(*slot));

		if (slot)
			slot->state = DONE;
	}
	for (size_t i = 0; i < load->n_files; i++) {
		const struct yaml_node *section = load->files[i].sections[POLICY_SERVICES];

		load->doc = &load->files[i].doc;
		if (section && section->kind != YAML_MAPPING) {
			load_wrong_type(load, section, "a mapping of service names, or {}");
		} else if (section) {
			yaml_each_pair (key, section)
				service_declare(load, key, pending, n);
		}
	}
}

void load_services(struct load *load)
{
	struct policy *policy = load->policy;
	size_t n_builtin = policy->n_services, n = 0;
	struct pending *pending = NULL;

	services_declare(load, &pending, &n);
	load->service_names = names_sort(load, policy->n_services, service_name);
	names_twice(load, load->service_names, policy->n_services, "service", service_pos);
	if (policy->n_services > n_builtin + LOAD_MAX_SERVICES)
		policy_error(load->diags, policy->services[n_builtin + LOAD_MAX_SERVICES].pos,
			     "%zu services; a policy has at most %d",
			     policy->n_services - n_builtin, LOAD_MAX_SERVICES);
	else if (!load->no_memory)
		services_resolve(load, pending, n);
	free(pending);
}

/* One element of a flow's list. */
static void flow_element(struct load *load, const struct yaml_node *node, struct entries_set *set)
{
	const char *text =
		load_word(load, node, "a service, an entry such as tcp/8443, or a list of them");
	long found;

	if (!text || inline_entry(load, node, set))
		return;
	if (!strcmp(text, "all")) {
		policy_error(load->diags, load_pos(load, node),
			     "'all' in a list; it stands alone, without brackets");
		return;
	}
	found = names_find(load->service_names, load->policy->n_services, text);
	if (found < 0)
		unknown_service(load, node);
	else
		add_entries(load, set, &load->policy->services[found].entries);
}

static char *written(struct load *load, const struct yaml_node *node)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (node->kind == YAML_SCALAR)
		return load_copy(load, node->text);
	out = open_memstream(&text, &size);
	if (out) {
		yaml_each (element, node)
			fprintf(out, "%s%s", element == node->first ? "" : ", ",
				element->kind == YAML_SCALAR ? element->text : "?");
		if (fclose(out))
			load->no_memory = true;
	}
	load->no_memory |= !text;
	return text;
}

/* `all` is what IP has. Denied it is all that a flow can allow: a deny leaves nothing open. */
static void add_all(struct load *load, bool deny, struct entries_set *set)
{
	static const struct policy_entry all = { .kind = CORDON_ENTRY_ALL },
					 ethertypes = { .kind = CORDON_ENTRY_ETHER,
							.high = UINT16_MAX };

	load->no_memory |= entries_set_add(set, &all) != 0;
	if (deny)
		load->no_memory |= entries_set_add(set, &ethertypes) != 0;
}

int load_service_entries(struct load *load, const struct yaml_node *node, bool deny,
			 struct policy_entries *out, char **text)
{
	struct entries_set set = { 0 };
	int ret;

	if (node->kind == YAML_SCALAR && !strcmp(node->text, "all")) {
		add_all(load, deny, &set);
	} else if (node->kind != YAML_LIST) {
		flow_element(load, node, &set);
	} else if (!node->n) {
		policy_error(load->diags, load_pos(load, node),
			     "an empty list; name at least one service");
	} else {
		yaml_each (element, node)
			flow_element(load, element, &set);
	}
	entries_set_normalise(&set);
	if (set.n > ENTRIES_MAX)
		policy_error(load->diags, load_pos(load, node),
			     "%zu separate ranges; a flow has at most %d", set.n, ENTRIES_MAX);
	ret = entries_from_set(&set, out);
	entries_set_free(&set);
	load->no_memory |= ret != 0;
	if (text)
		*text = written(load, node);
	return ret;
}
