// SPDX-License-Identifier: GPL-2.0-or-later
/* The caller's connection. A guard against mistakes, not against the caller. */
#include "userland/cordon/session.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include "userland/lib/file.h"
#include "userland/lib/text.h"

#define SSH "SSH_CONNECTION="
#define MOST_ANCESTORS 64

static bool first_word(const char *text, char *address, size_t room)
{
	size_t n = strcspn(text, " ");

	if (!n || n >= room)
		return false;
	memcpy(address, text, n);
	address[n] = '\0';
	address[strcspn(address, "%")] = '\0';
	return true;
}

static bool in_environment(const char *environment, size_t len, char *address, size_t room)
{
	for (size_t at = 0; at < len; at += strlen(environment + at) + 1) {
		if (!strncmp(environment + at, SSH, strlen(SSH)))
			return first_word(environment + at + strlen(SSH), address, room);
	}
	return false;
}

static long parent_of(long pid)
{
	char path[64], line[512], *at;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	if (file_read_line(path, line, sizeof(line)))
		return 0;
	at = strrchr(line, ')');	/* the command before it may hold anything */
	return at && strlen(at) > 4 ? strtol(at + 4, NULL, 10) : 0;
}

static bool from_ancestors(char *address, size_t room)
{
	long pid = (long)getpid();
	bool found = false;

	for (int i = 0; i < MOST_ANCESTORS && pid > 1 && !found; i++) {
		char path[64], *environment;
		size_t len;

		snprintf(path, sizeof(path), "/proc/%ld/environ", pid);
		if (!file_read(path, 1 << 20, &environment, &len, NULL)) {
			found = in_environment(environment, len, address, room);
			free(environment);
		}
		pid = parent_of(pid);
	}
	return found;
}

static bool from_terminal(char *address, size_t room)
{
	static const uint8_t nothing[12];
	const char *tty = ttyname(STDIN_FILENO);
	struct utmpx want = { 0 }, *entry;
	uint8_t bytes[16] = { 0 };
	bool v4;

	if (!tty || strncmp(tty, "/dev/", 5))
		return false;
	snprintf(want.ut_line, sizeof(want.ut_line), "%s", tty + 5);
	setutxent();
	entry = getutxline(&want);
	if (entry)
		memcpy(bytes, entry->ut_addr_v6, sizeof(bytes));
	endutxent();
	v4 = !memcmp(bytes + 4, nothing, sizeof(nothing));
	if (v4 && !memcmp(bytes, nothing, 4))
		return false;
	if (v4) {
		memcpy(bytes + 12, bytes, 4);
		memcpy(bytes, "\0\0\0\0\0\0\0\0\0\0\377\377", 12);
	}
	if (room < TEXT_ADDRESS_LEN)
		return false;
	text_address(bytes, address);
	return true;
}

bool session_peer(char *address, size_t room)
{
	return from_ancestors(address, room) || from_terminal(address, room);
}
