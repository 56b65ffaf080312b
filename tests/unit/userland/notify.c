// SPDX-License-Identifier: GPL-2.0-or-later
/* What the service manager hears: one datagram a state, by path or by abstract name; nothing when nobody listens. */
#include "userland/cordond/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/userland/tap.h"

static int listen_at(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	size_t len = strlen(name);

	memcpy(address.sun_path, name, len);
	if (*name == '@')
		address.sun_path[0] = '\0';
	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len))) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool hears(int fd, const char *want)
{
	char got[64] = "";

	return recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT) == (ssize_t)strlen(want) && !strcmp(got, want);
}

static void one(const char *name, const char *what)
{
	int fd = listen_at(name);
	char byte;

	ok(fd >= 0, "a service manager listens at %s", what);
	setenv("NOTIFY_SOCKET", name, 1);
	notify("READY=1");
	ok(hears(fd, "READY=1"), "%s: it hears that the daemon is ready", what);
	notify("STOPPING=1");
	ok(hears(fd, "STOPPING=1"), "%s: and that it stops", what);
	ok(recv(fd, &byte, 1, MSG_DONTWAIT) < 0, "%s: and nothing else", what);
	close(fd);
}

static uint64_t watchdog(const char *text)
{
	setenv("WATCHDOG_USEC", text, 1);
	return notify_watchdog_us();
}

int main(void)
{
	char directory[] = "/tmp/cordon-notify-XXXXXX", path[64], name[64];

	ok(mkdtemp(directory) != NULL, "a directory");
	snprintf(path, sizeof(path), "%s/notify", directory);
	snprintf(name, sizeof(name), "@%s", directory);
	one(path, "a path");
	one(name, "an abstract name");
	setenv("NOTIFY_SOCKET", "relative", 1);
	notify("READY=1");
	unsetenv("NOTIFY_SOCKET");
	notify("READY=1");
	ok(true, "without a service manager nothing happens");
	ok(watchdog("60000000") == 60000000, "the watchdog's period");
	ok(!watchdog("") && !watchdog("-1") && !watchdog("1x"), "what is no period is none");
	unsetenv("WATCHDOG_USEC");
	ok(!notify_watchdog_us(), "no period is none");
	unlink(path);
	rmdir(directory);
	return tap_end();
}
