/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the caller sits: the address at the other end of this session, if there is one. */
#ifndef CORDON_CLI_SESSION_H
#define CORDON_CLI_SESSION_H

#include <stdbool.h>
#include <stddef.h>

/**
 * session_peer - the caller's own address: SSH_CONNECTION of this process or of an ancestor (sudo removes it), else the login record of its
 * terminal
 *
 * Return: whether there is one; false on a console
 */
bool session_peer(char *address, size_t room);

#endif /* CORDON_CLI_SESSION_H */
