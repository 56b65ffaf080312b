// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One load from files or memory to a checked policy: reads the sources, then the sections of all
 * files in the order in which they need each other (zones, services, gateway, devices, flows), then
 * checks what only the whole shows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/mem.h"
#include "policy/source.h"
#include "policy/value.h"

struct policy_pos load_pos(const struct load *load, const struct yaml_node *node)
{
	return yaml_pos(load->doc, node);
}

void load_wrong_type(struct load *load, const struct yaml_node *node, const char *wanted)
{
	policy_error(load->diags, load_pos(load, node), "found %s; this is %s",
		     yaml_kind_name(node), wanted);
}

const char *load_word(struct load *load, const struct yaml_node *node, const char *wanted)
{
	if (node->kind == YAML_SCALAR && (node->quoted || yaml_is_word(node)))
		return node->text;
	load_wrong_type(load, node, wanted);
	return NULL;
}

uint16_t load_vlan(struct load *load, const struct yaml_node *node)
{
	uint32_t vlan;

	if (node->kind == YAML_SCALAR && !node->quoted &&
	    value_number(node->text, VALUE_VLAN_MAX, &vlan) && vlan)
		return (uint16_t)vlan;
	if (node->kind == YAML_SCALAR && !node->quoted)
		policy_error(load->diags, load_pos(load, node), "%s is no VLAN; VLAN ids are 1-%d",
			     policy_quote(node->text), VALUE_VLAN_MAX);
	else
		load_wrong_type(load, node, "a VLAN id, 1-4094 without quotes");
	return 0;
}

static const char *known_word(const void *arg, size_t i)
{
	return ((const char *const *)arg)[i];
}

/* The bit of one word; 0: reported. */
static uint8_t word_bit(struct load *load, const struct yaml_node *node, const char *const *known,
			const char *what)
{
	const char *text = load_word(load, node, what), *near;
	char all[128] = "";
	size_t n = 0, i = 0;

	for (; known[n]; n++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", n ? ", " : "", known[n]);
	while (text && i < n && strcmp(known[i], text) != 0)
		i++;
	if (!text || i < n)
		return text ? (uint8_t)(1U << i) : 0;
	near = policy_nearest(text, n, known_word, known);
	if (near)
		policy_error(load->diags, load_pos(load, node),
			     "there is no %s %s; did you mean '%s'?", what, policy_quote(text), near);
	else
		policy_error(load->diags, load_pos(load, node), "there is no %s %s; known are %s",
			     what, policy_quote(text), all);
	return 0;
}

uint8_t load_word_set(struct load *load, const struct yaml_node *node, const char *const *known,
		      const char *wanted, const char *what)
{
	uint8_t set = 0, bit;

	if (node->kind != YAML_LIST) {
		load_wrong_type(load, node, wanted);
		return 0;
	}
	yaml_each (element, node) {
		bit = word_bit(load, element, known, what);
		if (set & bit)
			policy_error(load->diags, load_pos(load, element),
				     "%s is listed twice; once is enough",
				     policy_quote(element->text));
		set |= bit;
	}
	return set;
}

void *load_push(struct load *load, void *array, size_t *n, size_t size)
{
	void *slot = policy_push(array, n, size);

	load->no_memory |= !slot;
	return slot;
}

char *load_copy(struct load *load, const char *text)
{
	char *copy = strdup(text);

	load->no_memory |= !copy;
	return copy;
}

static const char *key_word(const void *arg, size_t i)
{
	const struct load_key *keys = arg;

	return keys[i].name;
}

static void unknown_key(struct load *load, const struct yaml_node *key,
			const struct load_keys *known)
{
	struct policy_pos pos = load_pos(load, key);
	const char *near;
	size_t n = 0;

	for (size_t i = 0; load_later_keys[i]; i++) {
		if (strcmp(load_later_keys[i], key->text) != 0)
			continue;
		policy_error(load->diags, pos,
			     "%s needs a newer cordon; remove it, this one would not enforce it",
			     policy_quote(key->text));
		return;
	}
	if (!strcmp(key->text, "limits")) {
		policy_error(load->diags, pos, "%s has no limits; devices and declared zones have",
			     known->what);
		return;
	}
	while (known->keys[n].name)
		n++;
	near = policy_nearest(key->text, n, key_word, known->keys);
	if (near)
		policy_error(load->diags, pos, "unknown key %s in %s; did you mean '%s'?",
			     policy_quote(key->text), known->what, near);
	else
		policy_error(load->diags, pos,
			     "unknown key %s in %s; see cordon-policy(5) for its keys",
			     policy_quote(key->text), known->what);
}

bool load_mapping(struct load *load, const struct yaml_node *node, enum load_mapping kind,
		  const struct yaml_node *values[LOAD_MAX_KEYS])
{
	const struct load_keys *known = &load_mappings[kind];

	memset(values, 0, LOAD_MAX_KEYS * sizeof(*values));
	if (node->kind != YAML_MAPPING) {
		policy_error(load->diags, load_pos(load, node),
			     "found %s; %s is a mapping such as {%s: ...}", yaml_kind_name(node),
			     known->what, known->keys[0].name);
		return false;
	}
	yaml_each_pair (key, node) {
		size_t i = 0;

		while (known->keys[i].name && strcmp(known->keys[i].name, key->text) != 0)
			i++;
		if (known->keys[i].name)
			values[i] = key->next;
		else
			unknown_key(load, key, known);
	}
	for (size_t i = 0; known->keys[i].name; i++)
		if (known->keys[i].required && !values[i])
			policy_error(load->diags, load_pos(load, node), "%s needs the key '%s'; write %s",
				     known->what, known->keys[i].name, known->keys[i].required);
	return true;
}

/* The version comes first, so that a reader of any version knows what follows. */
static void version_check(struct load *load, const struct yaml_node *root,
			  const struct yaml_node *value)
{
	if (!value)
		return;
	if (root->first->next != value)
		policy_error(load->diags, load_pos(load, root),
			     "the first key of every policy file is 'cordon: 1'; write it before all others");
	if (value->kind == YAML_SCALAR && !value->quoted && !strcmp(value->text, "1"))
		return;
	if (value->kind == YAML_SCALAR && !value->quoted && *value->text &&
	    strspn(value->text, "0123456789.") == strlen(value->text))
		policy_error(load->diags, load_pos(load, value),
			     "language version %s needs a newer cordon; this one knows 'cordon: 1'",
			     policy_quote(value->text));
	else
		load_wrong_type(load, value, "the language version, 'cordon: 1'");
}

static void file_sections(struct load *load, struct load_file *file)
{
	const struct yaml_node *root = file->doc.root;
	struct policy_pos top = { .file = file->doc.file, .line = 1, .column = 1 };

	load->doc = &file->doc;
	if (!root || (root->kind == YAML_SCALAR && yaml_is_null(root)))
		policy_error(load->diags, top,
			     "the file is empty; a policy file starts with 'cordon: 1'");
	else if (load_mapping(load, root, LOAD_POLICY, file->sections))
		version_check(load, root, file->sections[POLICY_CORDON]);
}

static void sections_read(struct load *load)
{
	for (size_t i = 0; i < load->n_files; i++)
		file_sections(load, &load->files[i]);
	load_zones(load);
	load_services(load);
	load_gateway(load);
	load_devices(load);
	load_management(load);
	load_flows(load);
	if (load->no_memory)
		return;
	check_policy(load);
	check_flows(load);
}

static void load_finish(struct load *load)
{
	for (size_t i = 0; i < load->n_files; i++)
		yaml_free(&load->files[i].doc);
	free(load->files);
	free(load->zone_names);
	free(load->service_names);
}

static void out_of_memory(struct policy_diags *diags, const char *name)
{
	struct policy_pos pos = { .file = name, .line = 1, .column = 1 };

	policy_error(diags, pos, "out of memory; nothing was changed");
}

/*
 * One text; what it says is read only when all texts are there. Return: whether its tree can be
 * read.
 */
static bool file_parse(struct load *load, const char *name, const char *text, size_t len)
{
	struct load_file *file = load_push(load, &load->files, &load->n_files, sizeof(*file));
	int ret;

	if (!file)
		return false;
	file->doc.file = name;
	ret = yaml_parse(&file->doc, text, len, load->diags);
	load->no_memory |= ret == -ENOMEM;
	return ret == 0;
}

static struct policy *policy_new(void)
{
	static const char *const builtin[] = { "gateway", "wan", "unknown", "quarantine" };
	struct policy *policy = calloc(1, sizeof(*policy));

	if (!policy)
		return NULL;
	policy->management_zone = -1;
	policy->unknown_packets = POLICY_UNKNOWN_PACKETS;
	for (size_t i = 0; i < POLICY_ZONE_FIRST; i++) {
		struct policy_zone *zone =
			policy_push(&policy->zones, &policy->n_zones, sizeof(*zone));

		if (zone)
			zone->name = strdup(builtin[i]);
		if (!zone || !zone->name) {
			policy_free(policy);
			return NULL;
		}
	}
	if (builtin_services_add(policy)) {
		policy_free(policy);
		return NULL;
	}
	return policy;
}

/* Sorts the messages; the policy if there is no error. */
static struct policy *load_result(struct load *load, const char *name)
{
	if (load->no_memory)
		out_of_memory(load->diags, name);
	load_finish(load);
	if (load->diags->errors)
		policy_diags_drop_warnings(load->diags);
	if (policy_diags_sort(load->diags, load->policy->files, load->policy->n_files))
		out_of_memory(load->diags, name);
	if (!load->diags->errors)
		return load->policy;
	policy_free(load->policy);
	return NULL;
}

struct policy *policy_load_memory(const char *name, const char *text, size_t len,
				  struct policy_diags *diags)
{
	struct load load = { .policy = policy_new(), .diags = diags };
	struct policy_pos pos = { .file = name, .line = 1, .column = 1 };
	char **file;

	if (!load.policy) {
		out_of_memory(diags, name);
		return NULL;
	}
	file = load_push(&load, &load.policy->files, &load.policy->n_files, sizeof(*file));
	if (file)
		*file = load_copy(&load, name);
	if (len > LOAD_MAX_BYTES)
		policy_error(diags, pos, "the policy is larger than %u MiB; split the network over several gateways", LOAD_MAX_BYTES >> 20);
	else if (!load.no_memory && file_parse(&load, *file, text, len))
		sections_read(&load);
	return load_result(&load, name);
}

static void unreadable(struct load *load, const char *path, int error)
{
	struct policy_pos pos = { .file = path, .line = 1, .column = 1 };

	if (error == -EFBIG)
		policy_error(load->diags, pos, "the policy is larger than %u MiB in all; split the network over several gateways",
			     LOAD_MAX_BYTES >> 20);
	else if (error == -EINVAL)
		policy_error(load->diags, pos, "not a regular file; a policy is a text file");
	else if (error == -EAGAIN)
		policy_error(load->diags, pos, "the file grew while it was read; try again");
	else
		policy_error(load->diags, pos, "cannot be read: %s; a policy is made of text files",
			     strerror(-error));
}

static bool files_parse(struct load *load)
{
	size_t left = LOAD_MAX_BYTES;
	bool good = true;

	for (size_t i = 0; i < load->policy->n_files; i++) {
		const char *path = load->policy->files[i];
		size_t len = 0;
		char *text;
		int ret = source_read(path, left, &text, &len);

		if (ret) {
			unreadable(load, path, ret);
			good = false;
			continue;
		}
		left -= len;
		good &= file_parse(load, path, text, len);
		free(text);
	}
	return good;
}

struct policy *policy_load(const char *path, struct policy_diags *diags)
{
	struct load load = { .policy = policy_new(), .diags = diags };
	char *failed;
	bool good;
	int ret;

	if (!load.policy) {
		out_of_memory(diags, path);
		return NULL;
	}
	ret = source_list(path, &load.policy->files, &load.policy->n_files, &failed);
	if (ret == -ENOMEM)
		load.no_memory = true;
	else if (ret)
		unreadable(&load, failed, ret);
	free(failed);
	good = files_parse(&load);
	if (good && !ret && !load.no_memory)
		sections_read(&load);
	return load_result(&load, path);
}
