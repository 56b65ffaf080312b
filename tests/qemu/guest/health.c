// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is the kernel still well? Lockdep and RCU reports are plain text on 6.1 and
 * trip no panic, so every line of the kernel log is read.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define KMEMLEAK "/sys/kernel/debug/kmemleak"
#define SHOWN_AFTER_SPLAT 60
/* kmemleak does not report objects younger than this. */
#define LEAK_AGE_MS 5500

static const char *const complaints =
	"BUG:|WARNING: |[Pp]ossible circular locking|possible recursive locking"
	"|possible irq lock inversion|inconsistent lock state|suspicious RCU usage"
	"|bad unlock balance|held lock freed|lock held when returning|ref_tracker"
	"|unreferenced object|new suspected memory leaks|unregister_netdevice: waiting"
	"|KASAN|UBSAN|Call Trace|RIP: |task .* blocked for more than|rcu: INFO"
	"|rcu_.*detected.*stall|Oops|general protection|refcount_t:|ODEBUG:"
	"|scheduling while atomic|sleeping function called|list_(add|del) corruption"
	"|Bad page|double free|workqueue lockup|soft lockup|hard LOCKUP"
	"|percpu ref.*<= 0|leaked (percpu|[0-9]+)|Objects remaining in";
static const char *const harmless =
	"kasan: KernelAddressSanitizer initialized|KASAN initialized|KernelAddressSanitizer init"
	"|Spectre V2 : WARNING|kmemleak: Kernel memory leak detector"
	"|Lock dependency validator|ODEBUG: selftest passed|ODEBUG: Out of memory";

static int kmsg_fd = -1;
static regex_t complaint, excuse;
static int total;

void kmsg_open(void)
{
	kmsg_fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	regcomp(&complaint, complaints, REG_EXTENDED | REG_NOSUB);
	regcomp(&excuse, harmless, REG_EXTENDED | REG_NOSUB);
}

/* One write() a line: /dev/kmsg takes no seeking, and so no dprintf(). */
void kmsg_note(const char *fmt, ...)
{
	char line[300] = "<14>cordon-test: ";
	size_t used = strlen(line);
	va_list args;

	va_start(args, fmt);
	vsnprintf(line + used, sizeof(line) - used - 1, fmt, args);
	va_end(args);
	strcat(line, "\n");
	if (kmsg_fd >= 0)
		(void)!write(kmsg_fd, line, strlen(line));
}

/* One record of the log without its prefix; NULL at the end. */
static char *next_record(char *buffer, size_t size, bool *kernel)
{
	for (;;) {
		ssize_t n = read(kmsg_fd, buffer, size - 1);
		char *text;

		if (n < 0 && errno == EPIPE) {
			say("    # the kernel log ran over: lines were lost\n");
			total++;
			continue;
		}
		if (n <= 0)
			return NULL;
		buffer[n] = '\0';
		*kernel = strtoul(buffer, NULL, 10) < 8;
		text = strchr(buffer, ';');
		if (!text)
			continue;
		text++;
		text[strcspn(text, "\n")] = '\0';
		return text;
	}
}

/* Reads what is new in the kernel log; how many complaints were in it. */
int kmsg_splats(void)
{
	char buffer[8192], *text;
	int found = 0, show = 0;
	bool kernel;

	if (kmsg_fd < 0)
		return 0;
	while ((text = next_record(buffer, sizeof(buffer), &kernel))) {
		if (kernel && !regexec(&complaint, text, 0, NULL, 0) &&
		    regexec(&excuse, text, 0, NULL, 0)) {
			found++;
			show = SHOWN_AFTER_SPLAT;
		}
		if (show > 0) {
			show--;
			say("    # kmsg: %s\n", text);
		}
	}
	total += found;
	return found;
}

static long read_number(const char *path)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtol(text, NULL, 10);
}

int write_word(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, word, strlen(word));
	close(fd);
	return n < 0 ? -1 : 0;
}

void kmemleak_clear(void)
{
	if (access(KMEMLEAK, W_OK))
		return;
	write_word(KMEMLEAK, "scan=off");
	write_word(KMEMLEAK, "clear");
}

static int report(int number, const char *name, bool ok, const char *why)
{
	say("    %s %d - %s%s%s\n", ok ? "ok" : "not ok", number, name,
	    why[0] ? " # " : "", why);
	return !ok;
}

static int unload_check(int number)
{
	char why[128] = "";
	struct stat there;
	bool ok = true;

	if (stat("/sys/module/cordon", &there)) {
		snprintf(why, sizeof(why), "not loaded at the end");
	} else if (syscall(SYS_delete_module, "cordon", O_NONBLOCK)) {
		snprintf(why, sizeof(why), "cordon.ko: %s", strerror(errno));
		ok = false;
	}
	return report(number, "module_unloads", ok, why);
}

static int taint_check(int number, unsigned long allowed)
{
	unsigned long taint = read_number("/proc/sys/kernel/tainted");
	char why[128];

	snprintf(why, sizeof(why), "tainted=%lu allowed=%lu", taint, allowed);
	return report(number, "taint", !(taint & ~allowed), why);
}

static int lockdep_check(int number)
{
	FILE *file = fopen("/proc/lockdep_stats", "r");
	bool alive = false;
	char line[256];

	if (!file)
		return report(number, "lockdep", true, "SKIP not in this kernel");
	while (fgets(line, sizeof(line), file))
		if (strstr(line, "debug_locks:") && strstr(line, " 1"))
			alive = true;
	fclose(file);
	return report(number, "lockdep", alive, alive ? "" : "lockdep turned itself off");
}

static int leak_count(void)
{
	FILE *file = fopen(KMEMLEAK, "r");
	char line[512];
	int found = 0, shown = 0;

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		found += strstr(line, "unreferenced object") != NULL;
		if (shown++ < 200)
			say("    # kmemleak: %s\n", line);
	}
	if (file)
		fclose(file);
	return found;
}

static int leak_check(int number, bool wanted)
{
	char why[64];
	int found;

	if (access(KMEMLEAK, W_OK))
		return report(number, "kmemleak", true, "SKIP not in this kernel");
	if (!wanted)
		return report(number, "kmemleak", true, "not asked for");
	write_word(KMEMLEAK, "scan");
	nanosleep(&(struct timespec){ LEAK_AGE_MS / 1000, LEAK_AGE_MS % 1000 * 1000000L }, NULL);
	write_word(KMEMLEAK, "scan");
	found = leak_count();
	snprintf(why, sizeof(why), "%d objects", found);
	return report(number, "kmemleak", !found, why);
}

/* The last test of every guest: 1 when the kernel is not well. */
int health_report(const struct plan *plan)
{
	long start = now_ms();
	char why[64];
	int failed;

	say("# test health timeout 120\n    1..5\n");
	failed = unload_check(1);
	failed += taint_check(2, plan->taint_ok);
	failed += lockdep_check(3);
	failed += leak_check(4, plan->leakcheck);
	kmsg_note(VERDICT_NOTE);
	kmsg_splats();
	snprintf(why, sizeof(why), "%d complaints", total);
	failed += report(5, "kernel_log", !total, why);
	say("%s %d - health # time=%ldms\n", failed ? "not ok" : "ok",
	    plan->n_tests + 1, now_ms() - start);
	return failed != 0;
}
