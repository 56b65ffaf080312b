// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A port that is a TAP, whose frames come in any layout an skb can have:
 *
 *   vnet open name=t6 ns=gw if=p6 [frags]      the TAP appears as p6; t6 is a tap that sends through it and sees what leaves by it
 *
 * Frames that are sent through such a tap (flood ... tap=t6, or a host whose tap it is) may say
 *
 *   cut_at=N         N bytes in the linear part, the rest in page fragments (with frags; 0: all linear)
 *   frag_bytes=N     so many in each fragment (default: as few fragments as there can be)
 *   gso=tcp4|tcp6|udp mss=N     one super-packet, its checksum left to whoever cuts it up
 */
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096
#define MAX_PARTS 17	/* fragments of an skb */

static const char *open_tap(const struct words *w, int *fd)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	if (!word(w, "name") || !word(w, "if") || !word(w, "ns") || netns_enter(word(w, "ns")))
		return "vnet open name= ns= if=";
	if (word_has(w, "frags"))
		ifr.ifr_flags |= IFF_NAPI | IFF_NAPI_FRAGS;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", word(w, "if"));
	*fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0 || ioctl(*fd, TUNSETIFF, &ifr))
		return strerror(errno);
	return NULL;
}

void do_vnet(const struct words *w)
{
	const char *what = w->n > 1 ? w->v[1].key : "", *why;
	int fd = -1;

	why = strcmp(what, "open") ? "vnet open" : open_tap(w, &fd);
	if (!why)
		why = tap_adopt(word(w, "name"), fd);
	if (why && fd >= 0)
		close(fd);
	answer(why ? "bad %s" : "ok", why);
}

/* Where the transport header begins, of a frame without extension headers. */
static size_t transport(const uint8_t *frame)
{
	size_t at = 14;

	if (frame[12] == 0x81 && frame[13] == 0)
		at += 4;
	return at + (frame[at] >> 4 == 6 ? 40 : (size_t)(frame[at] & 15) * 4);
}

/* The sum of the pseudo header alone is what stands in a checksum that is still to be made. */
static void leave_checksum(uint8_t *frame, size_t len, size_t l4, size_t csum)
{
	bool v6 = frame[l4 - 40] >> 4 == 6 && l4 >= 54;
	const uint8_t *ends = frame + l4 - (v6 ? 32 : 8);
	uint32_t sum = (uint32_t)(len - l4) + (csum == 16 ? 6 : 17);

	for (size_t i = 0; i < (v6 ? 32U : 8U); i += 2)
		sum += (uint32_t)ends[i] << 8 | ends[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	body_put16(frame + l4 + csum, sum);
}

static void super_packet(const struct words *w, struct virtio_net_hdr *hdr, uint8_t *frame, size_t len)
{
	const char *gso = word(w, "gso");
	bool tcp = !strncmp(gso, "tcp", 3);
	size_t l4 = transport(frame), csum = tcp ? 16 : 6;

	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->gso_type = !tcp ? VIRTIO_NET_HDR_GSO_UDP : gso[3] == '6' ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
	hdr->gso_size = (uint16_t)word_num(w, "mss", 1000);
	hdr->hdr_len = (uint16_t)(l4 + (tcp ? 20 : 8));
	hdr->csum_start = (uint16_t)l4;
	hdr->csum_offset = (uint16_t)csum;
	leave_checksum(frame, len, l4, csum);
}

/* The frame in parts: the linear one, and as many fragments as it takes. */
static int layout(const struct words *w, uint8_t *frame, size_t len, struct iovec *part)
{
	size_t at = (size_t)word_num(w, "cut_at", 0), step = (size_t)word_num(w, "frag_bytes", 0);
	int n = 0;

	if (!at || at > len)
		at = len;
	if (!step || (len - at) / step >= MAX_PARTS)
		step = PAGE;
	part[n++] = (struct iovec){ .iov_base = frame, .iov_len = at };
	while (at < len && n <= MAX_PARTS) {
		size_t bytes = len - at < step ? len - at : step;

		part[n++] = (struct iovec){ .iov_base = frame + at, .iov_len = bytes };
		at += bytes;
	}
	return n;
}

const char *vnet_send(struct tap *tap, const struct words *w, const uint8_t *frame, size_t len)
{
	struct virtio_net_hdr hdr = { .gso_type = VIRTIO_NET_HDR_GSO_NONE };
	static uint8_t copy[FRAME_ROOM];
	struct iovec part[MAX_PARTS + 2];
	int n;

	memcpy(copy, frame, len);
	if (word(w, "gso"))
		super_packet(w, &hdr, copy, len);
	part[0] = (struct iovec){ .iov_base = &hdr, .iov_len = sizeof(hdr) };
	n = layout(w, copy, len, part + 1);
	for (int tries = 0; tries < 1000; tries++) {
		if (writev(tap->fd[0], part, n + 1) >= 0)
			return NULL;
		if (errno != EAGAIN && errno != ENOBUFS)
			break;
		wait_fd(tap->fd[0], 0, 1);
	}
	return strerror(errno);
}
