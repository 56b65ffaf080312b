// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs every fuzz target over its corpus in tests/fuzz/corpus/<target>/; built with ASan and UBSan. Prints TAP. */
#include <dirent.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define X(name) int fuzz_##name(const uint8_t *data, size_t size);
FUZZ_LIST
#undef X

static const struct {
	const char *name;
	int (*run)(const uint8_t *data, size_t size);
} targets[] = {
#define X(name) { #name, fuzz_##name },
	FUZZ_LIST
#undef X
};

/* Return: 1; 0: it cannot be read. What does not hold ends the process, after the file's name. */
static int one(const char *path, int (*run)(const uint8_t *data, size_t size))
{
	static uint8_t bytes[1 << 20];
	FILE *file = fopen(path, "rb");
	size_t n;

	if (!file)
		return 0;
	n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	printf("# %s\n", path);
	fflush(stdout);
	run(bytes, n);
	return 1;
}

static unsigned int corpus(const char *name, int (*run)(const uint8_t *data, size_t size))
{
	char path[512];
	struct dirent **names;
	unsigned int files = 0;
	int n;

	snprintf(path, sizeof(path), "tests/fuzz/corpus/%s", name);
	n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			snprintf(path, sizeof(path), "tests/fuzz/corpus/%s/%s", name, names[i]->d_name);
			files += (unsigned int)one(path, run);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return files;
}

int main(void)
{
	size_t n = sizeof(targets) / sizeof(targets[0]);
	int failed = 0;

	printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		unsigned int files = corpus(targets[i].name, targets[i].run);

		printf("%sok %zu - fuzz: corpus of %s, %u inputs\n", files ? "" : "not ", i + 1, targets[i].name, files);
		failed |= !files;
	}
	return failed;
}
