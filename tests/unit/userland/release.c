// SPDX-License-Identifier: GPL-2.0-or-later
/* Release programs contain nothing of the failpoints; the test build does. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/userland/tap.h"
#include "userland/lib/file.h"

static bool contains(const char *program, const char *word)
{
	bool found = false;
	char *bytes;
	size_t len;

	if (file_read(program, (size_t)1 << 30, &bytes, &len, NULL))
		return true;
	found = memmem(bytes, len, word, strlen(word)) != NULL;
	free(bytes);
	return found;
}

int main(void)
{
	static const char *const words[] = { "CORDON_FAILPOINT", "list-failpoints", "before-commit", "after-nft-add" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ok(!contains("build/cordond", words[i]), "cordond has no \"%s\"", words[i]);
		ok(!contains("build/cordon", words[i]), "cordon has no \"%s\"", words[i]);
		ok(contains("build/test/cordond", words[i]), "the test build has \"%s\"", words[i]);
	}
	return tap_end();
}
