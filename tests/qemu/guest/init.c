// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PID 1 of every test guest. Reads /etc/plan, runs what it lists, writes KTAP
 * to the port the plan names, and gives the verdict as the very last line.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* What calibrate() takes on the machine the time limits were chosen on. */
#define REFERENCE_MS 60
#define SLOWEST 60

int port_fd = -1;
int scale = 1;

void say(const char *fmt, ...)
{
	char line[4096];
	va_list args;
	int len, done = 0;

	va_start(args, fmt);
	len = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (len >= (int)sizeof(line))
		len = sizeof(line) - 1;
	while (done < len) {
		ssize_t n = write(port_fd < 0 ? 1 : port_fd, line + done, len - done);

		if (n > 0)
			done += n;
		else if (errno != EINTR && errno != EAGAIN)
			return;
	}
}

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

static void mount_all(void)
{
	static const struct { const char *type, *where, *options; } table[] = {
		{ "proc", "/proc", NULL }, { "sysfs", "/sys", NULL },
		{ "devtmpfs", "/dev", NULL }, { "tmpfs", "/run", "mode=755" },
		{ "tmpfs", "/tmp", "mode=1777" }, { "devpts", "/dev/pts", NULL },
		{ "tmpfs", "/dev/shm", "mode=1777" },
		{ "debugfs", "/sys/kernel/debug", NULL },
		{ "tracefs", "/sys/kernel/tracing", NULL },
		{ "securityfs", "/sys/kernel/security", NULL },
		{ "cgroup2", "/sys/fs/cgroup", NULL },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		mkdir(table[i].where, 0755);
		mount(table[i].type, table[i].where, table[i].type, 0, table[i].options);
	}
	mkdir("/run/netns", 0755);
	mkdir("/run/lock", 0755);
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

static void take_word(struct plan *plan, char *key, char *value)
{
	if (!strcmp(key, "port"))
		plan->port = value;
	else if (!strcmp(key, "vehicle"))
		plan->vehicle = value;
	else if (!strcmp(key, "variant"))
		plan->variant = value;
	else if (!strcmp(key, "taint"))
		plan->taint_ok = strtoul(value, NULL, 0);
	else if (!strcmp(key, "leakcheck"))
		plan->leakcheck = value[0] == '1';
	else if (!strcmp(key, "shell"))
		plan->shell = value[0] == '1';
	else if (!strcmp(key, "env"))
		putenv(value);
	else if (!strcmp(key, "module") && plan->n_modules < MAX_MODULES)
		plan->modules[plan->n_modules++] = value;
	else if (!strcmp(key, "test") && plan->n_tests < MAX_TESTS) {
		struct test *test = &plan->tests[plan->n_tests++];
		char *limit = strchr(value, ' ');

		test->name = value;
		if (limit)
			*limit++ = '\0';
		test->timeout_s = limit ? atoi(limit) : 60;
	}
}

static bool read_plan(struct plan *plan)
{
	FILE *file = fopen(PLAN_FILE, "r");
	char line[512];

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		char *value = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (!value)
			continue;
		*value++ = '\0';
		take_word(plan, line, strdup(value));
	}
	fclose(file);
	return true;
}

static void load_modules(const struct plan *plan)
{
	for (int i = 0; i < plan->n_modules; i++) {
		int fd = open(plan->modules[i], O_RDONLY | O_CLOEXEC);

		if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
			fprintf(stderr, "init: %s: %s\n", plan->modules[i], strerror(errno));
		if (fd >= 0)
			close(fd);
	}
}

/* The port may appear a little after its driver: poll for it. */
static void open_port(const char *path)
{
	struct termios raw;

	for (int tries = 0; path && tries < 6000 && port_fd < 0; tries++) {
		port_fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		if (port_fd < 0)
			nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	if (port_fd >= 0 && !tcgetattr(port_fd, &raw)) {
		cfmakeraw(&raw);
		tcsetattr(port_fd, TCSANOW, &raw);
	}
}

/* Arithmetic, system calls and forks: what tests are made of. */
static long measure(unsigned int share)
{
	volatile unsigned long sum = 0;
	long start = now_ms();

	for (unsigned long i = 0; i < 10000000 / share; i++)
		sum += i * i;
	for (unsigned int i = 0; i < 10000 / share; i++)
		syscall(SYS_getppid);
	for (unsigned int i = 0; i < 50 / share; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(0);
		waitpid(child, NULL, 0);
	}
	return (now_ms() - start) * share;
}

/*
 * How slow this machine is: every time limit is multiplied by it. The first
 * look takes its time; a short one before each test sees what else runs by then.
 */
static void calibrate(unsigned int share)
{
	static int at_first = 1;
	long spent = measure(share);
	int seen = (spent + REFERENCE_MS - 1) / REFERENCE_MS;
	char text[16];

	if (seen > SLOWEST)
		seen = SLOWEST;
	if (seen < at_first)
		seen = at_first;
	if (share == 1)
		at_first = seen;
	else if (seen == scale)
		return;
	scale = seen;
	snprintf(text, sizeof(text), "%d", scale);
	setenv("CORDON_SCALE", text, 1);
	say("# calibration %ld ms\n# scale %d\n", spent, scale);
}

static void set_up(const struct plan *plan)
{
	sethostname("gateway", 7);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("LANG", "C", 1);
	setenv("TERM", "linux", 1);
	setenv("TMPDIR", "/tmp", 1);
	setenv("CORDON_VEHICLE", plan->vehicle ? plan->vehicle : "", 1);
	setenv("CORDON_VARIANT", plan->variant ? plan->variant : "", 1);
	/* No tunl0, sit0 and the like in every new namespace. */
	write_word("/proc/sys/net/core/fb_tunnels_only_for_init_net", "2");
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 65536, 65536 });
	setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
	if (system("ip link set lo up") != 0)
		say("# lo stays down\n");
	(void)chdir("/tests");
}

static void one_test(const struct test *test, int number, int *failed)
{
	static const char *const words[] = { "ok", "not ok", "ok" };
	char reason[256] = "";
	enum outcome outcome;
	long start;

	calibrate(4);
	start = now_ms();
	kmsg_note("start %s", test->name);
	say("# test %s timeout %d\n", test->name, test->timeout_s);
	outcome = run_test(test, reason, sizeof(reason));
	kill_leftovers();
	if (kmsg_splats() && outcome != OUTCOME_FAIL) {
		outcome = OUTCOME_FAIL;
		snprintf(reason, sizeof(reason), "the kernel complained");
	}
	kmsg_note("end %s", test->name);
	*failed += outcome == OUTCOME_FAIL;
	say("%s %d - %s # %s%s%stime=%ldms\n", words[outcome], number, test->name,
	    outcome == OUTCOME_SKIP ? "SKIP " : "", reason, reason[0] ? " " : "",
	    now_ms() - start);
}

static void run_all(const struct plan *plan)
{
	int failed = 0;

	say("KTAP version 1\n1..%d\n", plan->n_tests + 1);
	kmsg_splats();
	kmemleak_clear();
	for (int i = 0; i < plan->n_tests; i++)
		one_test(&plan->tests[i], i + 1, &failed);
	failed += health_report(plan);
	if (failed)
		say("verdict: fail %d\n", failed);
	else
		say("verdict: pass\n");
}

static void run_shell(void)
{
	pid_t child = fork();

	if (child == 0) {
		int tty;

		setsid();
		tty = open("/dev/ttyS0", O_RDWR);
		ioctl(tty, TIOCSCTTY, 0);
		for (int fd = 0; fd < 3; fd++)
			dup2(tty, fd);
		(void)chdir("/root");
		execl("/bin/bash", "bash", "-i", NULL);
		_exit(127);
	}
	while (waitpid(-1, NULL, 0) != child)
		;
}

static void leave(bool uml)
{
	if (port_fd >= 0) {
		tcdrain(port_fd);
		fsync(port_fd);
	}
	sync();
	/* With -no-reboot a restart ends QEMU and needs no ACPI; UML would start anew. */
	reboot(uml ? RB_POWER_OFF : RB_AUTOBOOT);
	for (;;)
		pause();
}

int main(void)
{
	static struct plan plan;

	signal(SIGPIPE, SIG_IGN);
	umask(022);
	mount_all();
	if (!read_plan(&plan))
		leave(false);
	load_modules(&plan);
	kmsg_open();
	open_port(plan.port);
	calibrate(1);
	set_up(&plan);
	if (plan.shell)
		run_shell();
	else
		run_all(&plan);
	leave(plan.vehicle && !strcmp(plan.vehicle, "uml"));
}
