// SPDX-License-Identifier: GPL-2.0-or-later
/* policy/schema/ for editors says the same keys, and the same required ones, as the loader. */
#include <jansson.h>
#include <string.h>

#include "policy/load.h"
#include "tests/unit/policy/test.h"

static const char *const definitions[LOAD_MAPPINGS] = {
	[LOAD_POLICY] = NULL,
	[LOAD_GATEWAY] = "gateway",
	[LOAD_PORT] = "port",
	[LOAD_UPLINK] = "uplink",
	[LOAD_MANAGEMENT] = "management",
	[LOAD_ZONE] = "zone",
	[LOAD_DEVICE] = "device",
	[LOAD_FLOW] = "flow",
	[LOAD_LIMITS] = "limits",
	[LOAD_UNKNOWN] = "unknown",
};

static bool is_required(const json_t *definition, const char *name)
{
	const json_t *required = json_object_get(definition, "required"), *element;
	size_t i;

	json_array_foreach (required, i, element)
		if (!strcmp(json_string_value(element), name))
			return true;
	return false;
}

static bool same_keys(const json_t *definition, const struct load_keys *known)
{
	const json_t *properties = json_object_get(definition, "properties");
	size_t n = 0;

	for (; known->keys[n].name; n++) {
		const struct load_key *key = &known->keys[n];

		if (json_object_get(properties, key->name) &&
		    is_required(definition, key->name) == !!key->required)
			continue;
		test_note("%s: the schema says otherwise of '%s'", known->what, key->name);
		return false;
	}
	return json_object_size(properties) == n &&
	       json_is_false(json_object_get(definition, "additionalProperties"));
}

void test_schema(void)
{
	json_error_t error;
	json_t *schema = json_load_file("policy/schema/cordon.schema.json", 0, &error);

	if (!test_ok(schema != NULL, "the schema is JSON"))
		return;
	for (size_t i = 0; i < LOAD_MAPPINGS; i++) {
		const json_t *definition =
			definitions[i]
				? json_object_get(json_object_get(schema, "$defs"), definitions[i])
				: schema;

		test_ok(definition && same_keys(definition, &load_mappings[i]),
			"the schema knows the keys of %s", load_mappings[i].what);
	}
	json_decref(schema);
}
