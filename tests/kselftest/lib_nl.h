/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A netlink socket to the module that shows refusals as the kernel states them. */
#ifndef LIB_NL_H
#define LIB_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/cordon.h>

#define NL_TEXT 160

/* The answer to the last request. */
struct nl_answer {
	int error;		/* 0 or a positive errno */
	char text[NL_TEXT];	/* extack sentence, "" without one */
	int missing;		/* attribute type that is said to be missing, -1: none */
	int offset;		/* of the attribute that is said to be wrong, -1: none */
	int messages;		/* replies without the acknowledgement */
	uint64_t number[CORDON_A_MAX + 1];	/* last reply: integers, or length of other attributes */
	bool has[CORDON_A_MAX + 1];
	uint8_t bytes[CORDON_A_MAX + 1][64];	/* last reply: first bytes of each attribute */
};

struct nl {
	int fd;
	uint16_t family;
	uint32_t group;		/* of the events */
	uint32_t seq;
	char request[70000];
	size_t len;
	struct nl_answer answer;
};

/* Loads the module if it can. Return: 0, or -1 when the module is not there. */
int nl_open(struct nl *nl);
void nl_close(struct nl *nl);

/* A request is begun, given attributes, and sent; nl_send() fills the answer and returns its error. */
void nl_begin(struct nl *nl, uint8_t cmd, bool dump);
void nl_put(struct nl *nl, uint16_t type, const void *data, size_t len);
void nl_put_int(struct nl *nl, uint16_t type, uint64_t value, size_t len);
int nl_send(struct nl *nl);

/* Who holds the module: armed namespaces and staged transactions. -1: it is not loaded. */
int nl_references(void);

#endif /* LIB_NL_H */
