// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF; no control
 * characters, one kind of line ends, and no YAML directives.
 */
#include <stdbool.h>
#include <string.h>

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

static bool is_sequence(const unsigned char *s, size_t left, const char *sequence, size_t len)
{
	return left >= len && !memcmp(s, sequence, len);
}

/* One well-formed character at the start of @s. */
static const char *refuse(const unsigned char *s, size_t left)
{
	if (s[0] == 0)
		return "NUL byte; a policy is UTF-8 text";
	if (s[0] == 0x7f || (s[0] < 0x20 && s[0] != '\t' && s[0] != '\n' && s[0] != '\r'))
		return "control character; a policy is UTF-8 text with tabs and line ends only";
	/* What one reader takes for a line end and another does not. */
	if ((s[0] == '\r' && (left < 2 || s[1] != '\n')) || is_sequence(s, left, "\xc2\x85", 2) ||
	    is_sequence(s, left, "\xe2\x80\xa8", 3) || is_sequence(s, left, "\xe2\x80\xa9", 3))
		return "odd line separator; lines end with LF or CRLF";
	return NULL;
}

struct utf8_fault utf8_check(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	struct utf8_fault fault = { .what = NULL, .line = 1, .column = 1 };
	bool line_start = true;

	for (size_t i = 0; i < len;) {
		size_t n = sequence_length(s + i, len - i);
		bool mark = i == 0 && is_sequence(s, len, "\xef\xbb\xbf", 3);

		fault.what = n ? refuse(s + i, len - i) : "invalid UTF-8; save the file as UTF-8";
		/* Found here because libfyaml 0.7.12 can hang on one. */
		if (!fault.what && line_start && s[i] == '%')
			fault.what =
				"directives are not part of the policy language; remove the line with '%'";
		if (fault.what)
			return fault;
		line_start = s[i] == '\n' || mark;
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
