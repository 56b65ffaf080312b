/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames on a Unix stream socket: 4 bytes length of the body, 2 bytes type, 2 bytes zero (little-endian), then the body. Between cordon and cordond
 * requests and replies are JSON objects; the two processes of cordond speak fixed structures (cordond/priv.h).
 */
#ifndef CORDON_LIB_IPC_H
#define CORDON_LIB_IPC_H

#include <stdint.h>
#include <sys/socket.h>

#include "userland/lib/buf.h"
#include "userland/lib/failure.h"

#define IPC_HEADER_BYTES 8
#define IPC_SOCKET "/run/cordon/cordond.sock"

enum ipc_type {
	IPC_REQUEST = 1,	/* JSON {"verb": ..., ...} */
	IPC_SOURCE = 2,		/* bundle_pack() bytes, behind a request that says "source": true */
	IPC_REPLY = 3,		/* JSON {"ok": true, ...} or {"ok": false, "exit": N, "error": "..."} */
	IPC_EVENT = 4,		/* JSON, for watch */
};

#define IPC_MAX_REQUEST (64U << 10)
#define IPC_MAX_SOURCE ((64U << 20) + (1U << 20))
#define IPC_MAX_REPLY (1U << 30)

/** ipc_header - write a header; ipc_parse_header - Return: 0, or -EBADMSG */
void ipc_header(uint8_t out[IPC_HEADER_BYTES], uint32_t len, uint16_t type);
int ipc_parse_header(const uint8_t in[IPC_HEADER_BYTES], uint32_t *len, uint16_t *type);

/** ipc_send - write one frame, blocking. Return: 0 or a negative errno (-EPIPE: the other end is gone). */
int ipc_send(int fd, uint16_t type, const void *body, size_t len);
/**
 * ipc_receive - read one frame, blocking
 * @max: longest body taken
 * @body: emptied first; the body has a NUL behind its last byte
 *
 * Return: 0; -EPIPE end of stream; -EBADMSG; or another negative errno
 */
int ipc_receive(int fd, uint16_t *type, size_t max, struct buf *body);

/** ipc_connect - connect to a Unix socket. Return: descriptor, or a negative errno with @f. */
int ipc_connect(const char *path, struct failure *f);

#endif /* CORDON_LIB_IPC_H */
