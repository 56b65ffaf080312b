// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What cordon doctor makes of a daemon's answer that no guest can bring about: a module that is newer than the programs, and on
 * kernels with nf_tables inside, nftables that cannot be read. The rest is tests/kselftest/61_doctor.sh.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/userland/tap.h"
#include "userland/lib/ipc.h"

#define STATUS(findings, nft) \
	"{\"ok\":true,\"armed\":true,\"generation\":7,\"hooks_missing\":[],\"daemon\":{\"state\":\"ok\"}," \
	"\"ports\":[{\"name\":\"lan1\",\"mode\":\"devices\",\"findings\":[" findings "]}],\"nft\":{" nft "}}"
#define NFT_WELL "\"present\":true,\"drift\":false,\"drift_text\":\"\",\"generations\":[7]"

static char path[sizeof(((struct sockaddr_un *)0)->sun_path)];

/* A daemon that gives one answer, whatever is asked. */
static pid_t serve(int listener, const char *answer)
{
	struct buf body = { 0 };
	uint16_t type;
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = accept(listener, NULL, NULL);
	if (fd < 0 || ipc_receive(fd, &type, IPC_MAX_REQUEST, &body) || ipc_send(fd, IPC_REPLY, answer, strlen(answer)))
		_exit(1);
	_exit(0);
}

/* Return: whether doctor's answer, which came with exit 5 or 0, has the finding. */
static bool finds(int listener, const char *answer, const char *id)
{
	char command[256], out[16384], want[64];
	pid_t daemon = serve(listener, answer);
	FILE *doctor;
	size_t n;

	snprintf(command, sizeof(command), "build/cordon doctor --json --socket %s --state-dir /nonexistent", path);
	snprintf(want, sizeof(want), "\"id\": \"%s\"", id);
	doctor = popen(command, "r");
	if (!doctor)
		return false;
	n = fread(out, 1, sizeof(out) - 1, doctor);
	out[n] = '\0';
	pclose(doctor);
	waitpid(daemon, NULL, 0);
	if (!strstr(out, "\"findings\""))
		printf("# doctor said: %s\n", out);
	return strstr(out, want);
}

static int listen_at(char *dir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(path, sizeof(path), "%s/socket", dir);
	memcpy(address.sun_path, path, sizeof(path));
	return fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1) ? -1 : fd;
}

int main(void)
{
	static const char well[] = STATUS("", NFT_WELL);
	char dir[] = "/tmp/cordon-doctor.XXXXXX";
	int listener = mkdtemp(dir) ? listen_at(dir) : -1;

	if (!ok(listener >= 0, "a daemon to ask"))
		return 1;
	ok(finds(listener, STATUS("\"newer\"", NFT_WELL), "port-newer"), "port-newer is found");
	ok(!finds(listener, well, "port-newer"), "port-newer is gone");
	ok(finds(listener, STATUS("", "\"present\":false,\"error\":\"no\""), "nft-unreadable"), "nft-unreadable is found");
	ok(!finds(listener, well, "nft-unreadable"), "nft-unreadable is gone");
	unlink(path);
	rmdir(dir);
	return tap_end();
}
