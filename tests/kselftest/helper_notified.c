// SPDX-License-Identifier: GPL-2.0-or-later
/* notified SOCKET: a service manager's end of sd_notify(3). Prints each datagram as a line, for ever. */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	char text[256];
	ssize_t n;

	if (argc != 2 || fd < 0)
		return 2;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[1]);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return 1;
	while ((n = recv(fd, text, sizeof(text), 0)) > 0) {
		printf("%.*s\n", (int)n, text);
		fflush(stdout);
	}
	return 1;
}
