/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lab: one resident process with a socket in every namespace of a test, so that a case costs no fork. A shell test talks to it line by
 * line (lib_lab.sh); every command gets exactly one line back, "ok ..." or "bad ...".
 */
#ifndef LAB_H
#define LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>

#include <linux/cordon.h>

#define MAX_WORDS 64
#define MAX_HOSTS 32
#define MAX_TAPS 32
#define FRAME_ROOM 9000
#define CANARY_BYTES 16

/** struct words - a command line as key=value pairs; a word without '=' has an empty value */
struct words {
	int n;
	struct {
		char *key;
		char *value;
	} v[MAX_WORDS];
	char *text;
};

bool words_split(struct words *w, char *line);
const char *word(const struct words *w, const char *key);		/* NULL: not given */
long word_num(const struct words *w, const char *key, long otherwise);
bool word_has(const struct words *w, const char *key);
bool word_lists(const char *list, const char *name);

/** struct host - an endpoint: where it sits and what it is called on the wire */
struct host {
	char name[16];
	char ns[32];
	char tap[16];		/* what it sends through */
	uint8_t mac[6];
	struct in_addr ip4;
	struct in6_addr ip6;
	int vlan;		/* tagged frames; 0: none */
};

struct host *host_find(const char *name);
int host_add(const struct words *w);
bool parse_mac(const char *text, uint8_t mac[6]);

/* netns.c */
int netns_enter(const char *name);	/* "": where lab was started */

/** struct tap - packet sockets on one interface; counts canaries of the current run */
struct tap {
	char name[16];
	int fd[6];
	int n_fds;
	int ifindex;
	bool inner;		/* inside the gateway, behind its ingress hook */
	bool vnet;		/* the far end of a TAP: read() and writev() instead */
	unsigned int arrived;	/* distinct canaries of the current run */
	uint64_t seen[64];	/* bits by sequence number */
	unsigned int last_len;	/* of the last that arrived */
};

extern struct tap taps[MAX_TAPS];
extern int n_taps;

int tap_add(const struct words *w, const char **why);
struct tap *tap_find(const char *name);
const char *tap_adopt(const char *name, int fd);	/* the far end of a TAP as a tap; NULL, or why not */
void taps_begin_run(uint32_t run);
void taps_drain(void);
void taps_drain_ready(void);		/* cheap when nothing has come */
int tap_send(struct tap *tap, const uint8_t *frame, size_t len);
/* @frames of FRAME_ROOM bytes each, at most 64. Return: 0 or -errno. */
int tap_send_many(struct tap *tap, uint8_t (*frames)[FRAME_ROOM], const size_t *len, int n);
void taps_close(void);

/* frame.c: bytes of a frame from its description; sequence @seq of run @run. Return: length, 0 with *why set. */
size_t frame_make(const struct words *w, uint32_t run, uint64_t seq, uint8_t *out, const char **why);
void canary_put(uint8_t *to, uint32_t run, uint64_t seq);
bool canary_find(const uint8_t *data, size_t len, size_t *where, uint32_t *run, uint64_t *seq);

/** struct part - what frame_body.c hands to frame.c: everything behind the network header */
struct part {
	uint8_t bytes[FRAME_ROOM];
	size_t len;
	int csum_at;		/* -1: no checksum */
	unsigned int udp_bytes;	/* what the UDP header says; 0: the truth */
	uint8_t proto;
	bool v6;
	bool router_alert;	/* wants one by default */
};

/** struct ends - the addresses a frame is made with */
struct ends {
	uint8_t smac[6], dmac[6];
	struct in_addr src4, dst4;
	struct in6_addr src6, dst6;
	const struct host *from, *to;
};

bool body_make(const struct words *w, const char *kind, const struct ends *ends, struct part *part, const char **why);
void part_canary(struct part *part, uint32_t run, uint64_t seq, size_t more);
size_t put_hex(const char *text, uint8_t *out, size_t room);
void body_put16(uint8_t *p, unsigned int v);
void body_put32(uint8_t *p, uint32_t v);
bool word_addr4(const struct words *w, const char *key, struct in_addr *to);
bool word_addr6(const struct words *w, const char *key, struct in6_addr *to);

/* kernel.c: the module's netlink family in the namespace it was opened in */
struct counters {
	uint64_t v[__CORDON_HOOK_MAX][__CORDON_REASON_MAX];
	bool there;
};

int kernel_open(const char *ns);
void kernel_forget(void);	/* closes the socket: it keeps its namespace alive */
void ruleset_forget(void);
bool kernel_counters(struct counters *c);
uint64_t counters_drops(const struct counters *now, const struct counters *before);
uint64_t counters_drops_at(const struct counters *now, const struct counters *before, int hook);
int reason_by_name(const char *name, size_t len);
int hook_by_name(const char *name, size_t len);
const char *reason_name(int reason);
const char *hook_name(int hook);
uint64_t device_drops(const struct words *w);	/* of= host, of_vlan= */
uint64_t events_lost(void);
void events_forget(void);			/* those that have come */
uint64_t events_of(const char *mac);		/* drops told since; NULL: of any source */
void describe_drops(const struct counters *now, const struct counters *before, char *out, size_t room);

/* The commands; each prints its one line of answer. */
void do_try(const struct words *w);
void do_send(const struct words *w);
void do_probe(const struct words *w);
void do_stats(const struct words *w);
void do_device(const struct words *w);
void do_info(const struct words *w);
void do_ruleset(const struct words *w);
void do_events(const struct words *w);
void do_stream(const struct words *w);
void do_conn(const struct words *w);
void do_join(const struct words *w);
void do_flood(const struct words *w);
void do_pour(const struct words *w);
void do_turns(const struct words *w);
void do_asks(const struct words *w);
void do_vnet(const struct words *w);
void do_helped(const struct words *w);
void do_requeue(const struct words *w);
void do_bridge(const struct words *w);

/** struct want - "arrive", "drop:HOOK/REASON[*FACTOR]" and the like, parsed */
struct want {
	int hook, reason, factor;
	bool drop, silent;
};

bool want_parse(const char *text, struct want *want);

void answer(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
long now_ms(void);
long patience_ms(const struct words *w, long otherwise);
long watch_ms(const struct words *w, long otherwise);

/* stream.c and conn.c: what goes on between commands */
long stream_tick(void);			/* milliseconds until it wants to be called again, -1: never */
bool stream_take(uint32_t run, uint64_t seq, const struct tap *tap);	/* true: the canary is one of a stream */

/* flood.c: true: the canary is one of the flood */
bool flood_take(uint32_t run, uint64_t seq, const struct tap *tap);

/* pour.c: likewise */
bool pour_take(uint32_t run, uint64_t seq, const struct tap *tap);

/* sender.c: true: the canary is one of `turns` */
bool turns_take(uint32_t run, uint64_t seq, const struct tap *tap);

/* Steps that other commands are made of. Return: NULL, or why not. */
const char *ruleset_load(const char *file);
const char *device_hold(const uint8_t mac[6], int vlan, bool on);	/* quarantine, or release */
const char *module_disarm(void);

/* vnet.c: a tap that is a TAP's own descriptor, and its frames have the shape that the description asks for */
const char *vnet_send(struct tap *tap, const struct words *w, const uint8_t *frame, size_t len);

/* sock.c */
struct endpoint {
	struct sockaddr_storage addr;
	socklen_t len;
};

bool endpoint_of(const struct words *w, const char *host_key, const char *addr_key, int port, struct endpoint *out);
int sock_open(const struct words *w, const char *host_key, int type, int proto, int family);
bool wait_fd(int fd, short events, long ms);

#endif /* LAB_H */
