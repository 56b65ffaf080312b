/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values as people write them: MACs, addresses, numbers, durations, sizes, digests. */
#ifndef CORDON_LIB_TEXT_H
#define CORDON_LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_MAC_LEN 18
#define TEXT_ADDRESS_LEN 46

void text_mac(const uint8_t mac[6], char out[TEXT_MAC_LEN]);
/** text_parse_mac - exactly xx:xx:xx:xx:xx:xx. Return: whether it is one. */
bool text_parse_mac(const char *text, uint8_t mac[6]);
/** text_address - @addr has 16 bytes, IPv4 as v4-mapped */
void text_address(const uint8_t addr[16], char out[TEXT_ADDRESS_LEN]);
bool text_parse_address(const char *text, uint8_t addr[16]);
/** text_parse_number - decimal digits only, at most @max */
bool text_parse_number(const char *text, uint64_t max, uint64_t *out);
void text_hex(const uint8_t *bytes, size_t n, char *out, size_t out_len);
/** text_age - "12 s", "3 min", "2 h 5 min", "4 d" */
void text_age(uint64_t seconds, char *out, size_t out_len);
/** text_bytes - "512 B", "3.4 MiB" */
void text_bytes(uint64_t bytes, char *out, size_t out_len);
/** time_boot_s, time_boot_ns - CLOCK_BOOTTIME, the clock of every lease and event */
uint64_t time_boot_s(void);
uint64_t time_boot_ns(void);

#endif /* CORDON_LIB_TEXT_H */
