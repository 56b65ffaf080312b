/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing text. Errors stick: write freely, ask once at the end. */
#ifndef CORDON_NFT_TEXT_H
#define CORDON_NFT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

struct nft_text {
	FILE *f;
	char *buf;
	size_t len;
	int error;		/* negative errno; 0: all well so far */
};

/** nft_text_open - Return: 0, or -ENOMEM (writing is then harmless, and the end reports it) */
int nft_text_open(struct nft_text *t);
/** nft_text_close - hand over the malloc'ed string. Return: 0; else the first error, and *@out is NULL. */
int nft_text_close(struct nft_text *t, char **out);
void nft_put(struct nft_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** nft_put_name - an interface name in quotes; a name that nftables cannot quote is the text's error -EINVAL */
void nft_put_name(struct nft_text *t, const char *name);

/** nft_say - write a sentence into a caller's error buffer; all of the library's messages end up here */
void nft_say(char *error, size_t error_len, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif /* CORDON_NFT_TEXT_H */
