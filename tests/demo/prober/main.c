// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prober serve SOCKET            stay, and do what the socket says
 * prober ask SOCKET WORD...      send one command, print the reply
 *
 * Commands: probe MS FILE | watch MAC|IPV4 [INTERFACE] | count | unwatch
 */
#include "prober.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

static bool unix_address(struct sockaddr_un *address, const char *path)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(address->sun_path))
		return false;
	strcpy(address->sun_path, path);
	return true;
}

static void do_probe(long deadline_ms, const char *path, FILE *out)
{
	FILE *list = fopen(path, "r");

	if (!list) {
		fprintf(out, "error %s: %s\n", path, strerror(errno));
		return;
	}
	cells_run(list, deadline_ms, out);
	fclose(list);
}

static void obey(char *line, FILE *out)
{
	char *words[4] = { NULL }, *rest = line;
	int n = 0;

	line[strcspn(line, "\n")] = '\0';
	while (n < 4 && (words[n] = strtok_r(rest, " ", &rest)))
		n++;
	if (n == 3 && !strcmp(words[0], "probe"))
		do_probe(atol(words[1]), words[2], out);
	else if (n >= 2 && !strcmp(words[0], "watch"))
		fprintf(out, "%s\n", watch_start(words[1], words[2]) ? "error watch" : "watching");
	else if (n == 1 && !strcmp(words[0], "count"))
		watch_count(out);
	else if (n == 1 && !strcmp(words[0], "unwatch"))
		watch_stop();
	else
		fprintf(out, "error unknown command\n");
}

static int serve(const char *path)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || !unix_address(&address, path))
		return 1;
	unlink(path);
	if (bind(fd, (void *)&address, sizeof(address)) || listen(fd, 8)) {
		perror(path);
		return 1;
	}
	for (;;) {
		int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
		FILE *in = peer < 0 ? NULL : fdopen(peer, "r");
		FILE *out = peer < 0 ? NULL : fdopen(dup(peer), "w");
		char line[512];

		if (in && out && fgets(line, sizeof(line), in))
			obey(line, out);
		if (out)
			fclose(out);
		if (in)
			fclose(in);
	}
}

static int ask(const char *path, char **words)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char chunk[4096];
	ssize_t n;

	if (fd < 0 || !unix_address(&address, path))
		return 1;
	if (connect(fd, (void *)&address, sizeof(address))) {
		perror(path);
		return 1;
	}
	for (; *words; words++)
		dprintf(fd, "%s%s", *words, words[1] ? " " : "\n");
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		fwrite(chunk, 1, n, stdout);
	return n < 0 || fflush(stdout);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc == 3 && !strcmp(argv[1], "serve"))
		return serve(argv[2]);
	if (argc >= 4 && !strcmp(argv[1], "ask"))
		return ask(argv[2], argv + 3);
	fprintf(stderr, "usage: prober serve SOCKET | ask SOCKET WORD...\n");
	return 2;
}
