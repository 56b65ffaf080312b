// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF; and no
 * control characters.
 */
#include <stdbool.h>

#include "policy/utf8.h"

static bool continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Length of the well-formed sequence at @s; 0: there is none. */
static size_t sequence_length(const unsigned char *s, size_t left)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		return left >= 2 && continuation(s[1]) ? 2 : 0;
	if (s[0] >= 0xe0 && s[0] <= 0xef) {
		if (left < 3 || !continuation(s[1]) || !continuation(s[2]))
			return 0;
		if (s[0] == 0xe0 && s[1] < 0xa0)
			return 0;
		return s[0] == 0xed && s[1] >= 0xa0 ? 0 : 3;
	}
	if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		if (left < 4 || !continuation(s[1]) || !continuation(s[2]) || !continuation(s[3]))
			return 0;
		if (s[0] == 0xf0 && s[1] < 0x90)
			return 0;
		return s[0] == 0xf4 && s[1] >= 0x90 ? 0 : 4;
	}
	return 0;
}

static const char *refuse(unsigned char c)
{
	if (c == 0)
		return "NUL byte; a policy is UTF-8 text";
	if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
		return "control character; a policy is UTF-8 text with tabs and line ends only";
	return NULL;
}

struct utf8_fault utf8_check(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	struct utf8_fault fault = { .what = NULL, .line = 1, .column = 1 };

	for (size_t i = 0; i < len;) {
		size_t n = sequence_length(s + i, len - i);

		fault.what = n ? refuse(s[i]) : "invalid UTF-8; save the file as UTF-8";
		if (fault.what)
			return fault;
		if (s[i] == '\n') {
			fault.line++;
			fault.column = 1;
		} else {
			fault.column++;
		}
		i += n;
	}
	return fault;
}
