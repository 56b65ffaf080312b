// SPDX-License-Identifier: GPL-2.0-or-later
/* A command line as key=value pairs, and the endpoints that a test names. */
#include "lab.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct host hosts[MAX_HOSTS];
static int n_hosts;

bool words_split(struct words *w, char *line)
{
	char *save = NULL, *it;

	w->n = 0;
	w->text = line;
	for (it = strtok_r(line, " \t\r\n", &save); it; it = strtok_r(NULL, " \t\r\n", &save)) {
		char *value = strchr(it, '=');

		if (w->n == MAX_WORDS)
			return false;
		if (value)
			*value++ = '\0';
		w->v[w->n].key = it;
		w->v[w->n++].value = value ? value : it + strlen(it);
	}
	return w->n > 0;
}

/* The last one counts, so that a test can override what a function of it says. */
const char *word(const struct words *w, const char *key)
{
	for (int i = w->n - 1; i >= 0; i--)
		if (!strcmp(w->v[i].key, key))
			return w->v[i].value;
	return NULL;
}

bool word_has(const struct words *w, const char *key)
{
	return word(w, key) != NULL;
}

long word_num(const struct words *w, const char *key, long otherwise)
{
	const char *value = word(w, key);

	return value && value[0] ? strtol(value, NULL, 0) : otherwise;
}

/* Whether @name is one of a list "a,b,c". */
bool word_lists(const char *list, const char *name)
{
	size_t len = strlen(name);

	while (list && list[0]) {
		size_t item = strcspn(list, ",");

		if (item == len && !strncmp(list, name, len))
			return true;
		list += item + (list[item] == ',');
	}
	return false;
}

bool parse_mac(const char *text, uint8_t mac[6])
{
	return text && sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]) == 6;
}

struct host *host_find(const char *name)
{
	for (int i = 0; name && i < n_hosts; i++)
		if (!strcmp(hosts[i].name, name))
			return &hosts[i];
	return NULL;
}

static void copy(char *to, size_t room, const char *from)
{
	snprintf(to, room, "%s", from ? from : "");
}

/* host name=d1 ns=d1 tap=d1 mac=.. ip4=.. ip6=.. vlan=N */
int host_add(const struct words *w)
{
	struct host *h = host_find(word(w, "name"));

	if (!word(w, "name") || (!h && n_hosts == MAX_HOSTS))
		return -1;
	if (!h)
		h = &hosts[n_hosts++];
	memset(h, 0, sizeof(*h));
	copy(h->name, sizeof(h->name), word(w, "name"));
	copy(h->ns, sizeof(h->ns), word(w, "ns"));
	copy(h->tap, sizeof(h->tap), word(w, "tap"));
	h->vlan = (int)word_num(w, "vlan", 0);
	if (word(w, "mac") && !parse_mac(word(w, "mac"), h->mac))
		return -1;
	if (word(w, "ip4") && inet_pton(AF_INET, word(w, "ip4"), &h->ip4) != 1)
		return -1;
	if (word(w, "ip6") && inet_pton(AF_INET6, word(w, "ip6"), &h->ip6) != 1)
		return -1;
	return 0;
}
