/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the loading files share: one load's state, reading of typed values, and the steps in their
 * order.
 */
#ifndef CORDON_POLICY_LOAD_H
#define CORDON_POLICY_LOAD_H

#include "policy/diag.h"
#include "policy/entries.h"
#include "policy/yaml.h"

#define LOAD_MAX_BYTES	   (64U << 20)
#define LOAD_MAX_SERVICES  4096
#define LOAD_MAX_FLOWS	   65536
#define LOAD_MAX_ADDRESSES 256 /* of one device */
#define LOAD_MAX_ZONES	   (CORDON_ZONE_LAST - CORDON_ZONE_FIRST + 1)

/** struct load_key - a key that a mapping may have */
struct load_key {
	const char *name;
	const char *required; /* what to write where it is missing; NULL: it may be missing */
};

/**
 * struct load_keys - the keys of one kind of mapping; all kinds stand in load_mappings for the
 * schema's test
 */
struct load_keys {
	const char *what;	     /* for messages: "a device" */
	const struct load_key *keys; /* up to a NULL name */
};

/* In the order of load_mappings; each index enum names its keys in their order. */
enum load_mapping {
	LOAD_POLICY,
	LOAD_GATEWAY,
	LOAD_PORT,
	LOAD_UPLINK,
	LOAD_MANAGEMENT,
	LOAD_ZONE,
	LOAD_DEVICE,
	LOAD_FLOW,
	LOAD_LIMITS,
	LOAD_UNKNOWN,
	LOAD_MAPPINGS
};
enum { POLICY_CORDON, POLICY_GATEWAY, POLICY_ZONES, POLICY_SERVICES, POLICY_DEVICES, POLICY_FLOWS };
enum { GATEWAY_PORTS, GATEWAY_UPLINKS, GATEWAY_MANAGEMENT, GATEWAY_OFFLOAD, GATEWAY_UNKNOWN };
enum { PORT_MODE, PORT_UNTAGGED, PORT_TAGGED, PORT_ZONE };
enum { UPLINK_MASQUERADE };
enum { MANAGEMENT_FROM, MANAGEMENT_ALLOW };
enum { ZONE_SUBNETS, ZONE_LIMITS, ZONE_GROUPS, ZONE_IP_OPTIONS, ZONE_FRAGMENTS };
enum { DEVICE_MAC, DEVICE_ZONE, DEVICE_PORT, DEVICE_VLAN, DEVICE_ADDRESSES, DEVICE_LIMITS, DEVICE_ROLES };
enum { FLOW_FROM, FLOW_TO, FLOW_ALLOW, FLOW_DENY, FLOW_LOG };
enum { UNKNOWN_PACKETS }; /* those of LOAD_LIMITS are enum cordon_quantity */
#define LOAD_MAX_KEYS 8

extern const struct load_keys load_mappings[LOAD_MAPPINGS];
/** load_later_keys - keys of later versions, up to NULL */
extern const char *const load_later_keys[];

/** struct load_file - one source and its sections */
struct load_file {
	struct yaml_doc doc;
	const struct yaml_node *sections[LOAD_MAX_KEYS];
};

/** struct load_name - a name and what it stands for, sorted for look-up */
struct load_name {
	const char *name;
	size_t index;
};

/** struct load - the state of one load */
struct load {
	struct policy *policy;
	struct policy_diags *diags;
	struct load_file *files;
	size_t n_files;
	const struct yaml_doc *doc;   /* of the section being read */
	struct load_name *zone_names; /* sorted, built-in ones too */
	struct load_name *service_names;
	struct policy_pos gateway_pos;
	struct policy_pos management_pos;
	bool no_memory;
};

/* load.c */
/**
 * load_mapping - read the keys of @node into @values by their index; false: not a mapping
 * (reported)
 */
bool load_mapping(struct load *load, const struct yaml_node *node, enum load_mapping kind,
		  const struct yaml_node *values[LOAD_MAX_KEYS]);
struct policy_pos load_pos(const struct load *load, const struct yaml_node *node);
/** load_wrong_type - report that @node is not @wanted, e.g. "a list of zones" */
void load_wrong_type(struct load *load, const struct yaml_node *node, const char *wanted);
/** load_word - the text of a plain or quoted string; NULL when @node is none (reported) */
const char *load_word(struct load *load, const struct yaml_node *node, const char *wanted);
/** load_vlan - a VLAN id; 0 when @node is none (reported) */
uint16_t load_vlan(struct load *load, const struct yaml_node *node);
/**
 * load_word_set - a list of words of @known (up to NULL): bit i for word i; what is wrong is
 * reported
 * @wanted: "a list of roles"
 * @what: "role"
 */
uint8_t load_word_set(struct load *load, const struct yaml_node *node, const char *const *known,
		      const char *wanted, const char *what);
/** load_push - policy_push() that remembers a failure */
void *load_push(struct load *load, void *array, size_t *n, size_t size);
char *load_copy(struct load *load, const char *text);

/* names.c */
/** names_sort - a sorted index over @n names; NULL without memory (remembered) or names */
struct load_name *names_sort(struct load *load, size_t n,
			     const char *(*name)(const struct policy *policy, size_t i));
/** names_find - index of @text, or -1 */
long names_find(const struct load_name *names, size_t n, const char *text);
/** names_twice - report every name that a second file defines again */
void names_twice(struct load *load, const struct load_name *names, size_t n, const char *what,
		 struct policy_pos (*pos)(const struct policy *policy, size_t i));
/** names_zone - the zone that @node names; -1: none (reported) */
int names_zone(struct load *load, const struct yaml_node *node, const char *text);

/* builtin.c */
int builtin_services_add(struct policy *policy);
bool builtin_service(const char *name);

/* load_service.c */
void load_services(struct load *load);
/**
 * load_service_entries - what @node (name, entry, list or `all`) means, normalised; @text: as
 * written, or NULL
 */
int load_service_entries(struct load *load, const struct yaml_node *node, bool deny,
			 struct policy_entries *out, char **text);

/* load_limits.c */
/** load_limits - the limits of a device or a zone; what it does not name stays in @out */
void load_limits(struct load *load, const struct yaml_node *node, struct policy_limits *out);
/** load_unknown - gateway.unknown */
void load_unknown(struct load *load, const struct yaml_node *node);

/* load_zone.c, load_gateway.c, load_device.c, load_flow.c */
void load_zones(struct load *load);
void load_gateway(struct load *load);
void load_management(struct load *load);
void load_devices(struct load *load);
void load_flows(struct load *load);

/* check.c, check_flows.c */
void check_policy(struct load *load);
void check_flows(struct load *load);

#endif /* CORDON_POLICY_LOAD_H */
