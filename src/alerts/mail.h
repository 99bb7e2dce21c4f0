/* SPDX-License-Identifier: MIT */
/* mail.h - an internet message (RFC 5322) with text and HTML, as sendmail(1) -t takes it.  Pure. */
#ifndef ALERTS_MAIL_H
#define ALERTS_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

struct mail {
    const char *from, *to;   /* addresses */
    const char *subject;     /* UTF-8 */
    const char *id;          /* the left side of its Message-ID */
    const char *thread;      /* likewise, of what it belongs to; NULL: nothing */
    const char *language;    /* "en" */
    const char *unsubscribe; /* a URL; NULL */
    int64_t at;
    const char *text, *html; /* UTF-8 */
};

/* Lines end with LF.  Owned by ctx; NULL: no memory. */
char *mail_write(TALLOC_CTX *ctx, const struct mail *mail);
/* local@domain, ASCII, of characters that need no quotes: nothing in it could be another field,
 * another recipient or an option. */
bool mail_is_address(const char *text);

/* ---- pieces, for messages of other kinds ----------------------------------------------------- */

/* The text of a header field, folded, and encoded where it is not ASCII (RFC 2047). */
char *mail_field_text(TALLOC_CTX *ctx, const char *text);
/* A phrase of ASCII in quotation marks. */
char *mail_quoted_string(TALLOC_CTX *ctx, const char *text);
/* "Mon, 30 Nov 2026 14:00:00 +0000", in English whatever the locale. */
#define MAIL_DATE_SIZE 40
void mail_date(int64_t at, char text[MAIL_DATE_SIZE]);
/* A body in quoted-printable (RFC 2045). */
char *mail_quoted(TALLOC_CTX *ctx, const char *text);

#endif
