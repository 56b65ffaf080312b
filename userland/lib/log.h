/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line per message to stderr; under systemd with its <N> priority prefix. No secrets, no addresses of memory. */
#ifndef CORDON_LIB_LOG_H
#define CORDON_LIB_LOG_H

/** log_open - @process is the prefix of every line ("cordond[priv]"), kept by reference */
void log_open(const char *process);
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* CORDON_LIB_LOG_H */
