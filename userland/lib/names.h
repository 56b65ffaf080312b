/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of the wire's numbers, for messages and JSON. Every function returns a static string, never NULL. */
#ifndef CORDON_LIB_NAMES_H
#define CORDON_LIB_NAMES_H

#include <stdint.h>

const char *name_attr(uint16_t attr);
const char *name_hook(uint8_t hook);
const char *name_event(uint8_t event);
const char *name_port_mode(uint8_t mode);
/** name_finding - id of finding bit number @bit; NULL behind the last */
const char *name_finding(unsigned int bit);
/** name_place - words for enum cordon_place */
const char *name_place(unsigned int place);
/** name_zone_builtin - name of a built-in zone id; NULL: declared zone */
const char *name_zone_builtin(uint8_t id);

#endif /* CORDON_LIB_NAMES_H */
