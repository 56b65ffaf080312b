// SPDX-License-Identifier: GPL-2.0-or-later
/* What the prober says to each kind of server, and what counts as its answer. */
#include "prober.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define DNS_ID 0x4d, 0x21
#define DNS_QUESTION 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, \
	4, 'd', 'e', 'm', 'o', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1

static const char http_get[] = "GET / HTTP/1.0\r\nHost: demo.test\r\n\r\n";
static const uint8_t mqtt_connect[] = {
	0x10, 16, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 4, 'd', 'e', 'm', 'o'
};
static const uint8_t dns_udp[] = { DNS_ID, DNS_QUESTION };
static const uint8_t dns_tcp[] = { 0, 27, DNS_ID, DNS_QUESTION };
static const uint8_t ntp_request[48] = { 0x23 };

/*
 * TLS 1.2 ClientHello: version, random (zeros), no session, three suites that
 * every server has, and the groups and signatures that go with them.
 */
static const uint8_t tls_hello[] = {
	0x16, 3, 1, 0, 79, 1, 0, 0, 75, 3, 3,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 6, 0xc0, 0x2b, 0xc0, 0x2f, 0x00, 0x9c, 1, 0, 0, 28,
	0, 10, 0, 6, 0, 4, 0, 23, 0, 29,
	0, 13, 0, 8, 0, 6, 4, 3, 8, 4, 4, 1,
	0, 11, 0, 2, 1, 0,
};

static enum answer starts(const uint8_t *data, size_t len, const char *word)
{
	size_t want = strlen(word);

	if (memcmp(data, word, len < want ? len : want))
		return ANSWER_ODD;
	return len < want ? ANSWER_MORE : ANSWER_OK;
}

static enum answer judge_http(const uint8_t *data, size_t len)
{
	return starts(data, len, "HTTP/1.");
}

static enum answer judge_ssh(const uint8_t *data, size_t len)
{
	return starts(data, len, "SSH-2.0");
}

static enum answer judge_mqtt(const uint8_t *data, size_t len)
{
	static const uint8_t connack[] = { 0x20, 2, 0, 0 };

	if (len < sizeof(connack))
		return ANSWER_MORE;
	return memcmp(data, connack, sizeof(connack)) ? ANSWER_ODD : ANSWER_OK;
}

/* A handshake record with a ServerHello, not an alert. */
static enum answer judge_tls(const uint8_t *data, size_t len)
{
	if (len < 6)
		return ANSWER_MORE;
	return data[0] == 0x16 && data[1] == 3 && data[5] == 2 ? ANSWER_OK : ANSWER_ODD;
}

/* A response to our question without an error and with an answer in it. */
static enum answer judge_dns(const uint8_t *data, size_t len)
{
	if (len < 12)
		return ANSWER_MORE;
	if (memcmp(data, dns_udp, 2) || !(data[2] & 0x80) || data[3] & 0x0f)
		return ANSWER_ODD;
	return data[6] || data[7] ? ANSWER_OK : ANSWER_ODD;
}

static enum answer judge_dns_tcp(const uint8_t *data, size_t len)
{
	return len < 2 ? ANSWER_MORE : judge_dns(data + 2, len - 2);
}

static enum answer judge_ntp(const uint8_t *data, size_t len)
{
	return len >= 48 && (data[0] & 7) == 4 ? ANSWER_OK : ANSWER_ODD;
}

static const struct kind kinds[] = {
	{ "ping", SOCK_DGRAM, true, NULL, 0, NULL },
	{ "http", SOCK_STREAM, false, http_get, sizeof(http_get) - 1, judge_http },
	{ "ssh", SOCK_STREAM, false, NULL, 0, judge_ssh },
	{ "tls", SOCK_STREAM, false, tls_hello, sizeof(tls_hello), judge_tls },
	{ "mqtt", SOCK_STREAM, false, mqtt_connect, sizeof(mqtt_connect), judge_mqtt },
	{ "dns", SOCK_DGRAM, false, dns_udp, sizeof(dns_udp), judge_dns },
	{ "dns-tcp", SOCK_STREAM, false, dns_tcp, sizeof(dns_tcp), judge_dns_tcp },
	{ "ntp", SOCK_DGRAM, false, ntp_request, sizeof(ntp_request), judge_ntp },
};

const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

/* An echo request for a ping socket: the kernel fills in id and checksum. */
size_t kind_echo(int family, uint16_t seq, uint8_t *out, size_t size)
{
	static const char filling[] = "cordon demo echo";
	size_t len = 8 + sizeof(filling);

	if (size < len)
		return 0;
	memset(out, 0, 8);
	out[0] = family == AF_INET ? 8 : 128;
	out[6] = seq >> 8;
	out[7] = seq;
	memcpy(out + 8, filling, sizeof(filling));
	return len;
}

bool kind_is_reply(int family, const uint8_t *data, size_t len)
{
	return len >= 8 && data[0] == (family == AF_INET ? 0 : 129);
}
