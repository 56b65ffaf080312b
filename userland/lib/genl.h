/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The generic netlink client of family "cordon": one request, its answers, and a readable sentence when the kernel refuses.
 * Blocking; one request at a time per object.
 */
#ifndef CORDON_LIB_GENL_H
#define CORDON_LIB_GENL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "userland/lib/failure.h"

struct mnl_socket;
struct nlmsghdr;

struct genl {
	struct mnl_socket *socket;
	uint32_t port;
	uint32_t seq;
	uint32_t group;		/* multicast group "events"; 0: none */
	uint16_t family;
};

/** genl_attrs_cb - receives the attributes of one answer. Return: 0, or a negative errno that ends the call. */
typedef int (*genl_attrs_cb)(const void *attrs, size_t len, void *arg);

/** genl_open - open a socket and resolve the family. Return: 0, -ENOENT when the module is not loaded, or another errno. */
int genl_open(struct genl *g, struct failure *f);
void genl_close(struct genl *g);
/** genl_subscribe - join the events group; needs CAP_NET_ADMIN */
int genl_subscribe(struct genl *g, struct failure *f);
int genl_fd(const struct genl *g);

/** GENL_BUFFER_BYTES - a request of this module's family fits: 61440 bytes of data and the headers */
#define GENL_BUFFER_BYTES 65536

/** genl_request - start a request in @buffer (GENL_BUFFER_BYTES); add attributes with mnl_attr_put*() */
struct nlmsghdr *genl_request(struct genl *g, void *buffer, uint8_t cmd, bool dump);
/**
 * genl_call - send it, deliver every answer
 * @cb: may be NULL
 *
 * Return: 0; -EAGAIN when a dump was interrupted by a change; else the kernel's errno with its sentence in @f.
 */
int genl_call(struct genl *g, struct nlmsghdr *request, genl_attrs_cb cb, void *arg, struct failure *f);
/**
 * genl_receive - deliver the events that wait on the socket, without blocking
 * @lost: incremented when the kernel says that messages were lost
 */
int genl_receive(struct genl *g, genl_attrs_cb cb, void *arg, uint64_t *lost, struct failure *f);

/**
 * netlink_refusal - the sentence of a NLMSG_ERROR message: extended ack text, offending or missing attribute
 * @request: the message that was refused, to name the attribute at the reported offset; may be NULL
 */
void netlink_refusal(const struct nlmsghdr *error, const struct nlmsghdr *request, struct failure *f);

#endif /* CORDON_LIB_GENL_H */
