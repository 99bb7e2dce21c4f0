/* SPDX-License-Identifier: MIT */
/* mail.c - header fields folded and encoded (RFC 2047), parts in quoted-printable (RFC 2045). */
#include "alerts/mail.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/text.h"

#define LINE_MAX_QP 76 /* RFC 2045 section 6.7 */
#define WORD_BYTES  42 /* of text: 56 characters of base64, 68 of an encoded word */
#define ADDRESS_MAX 254

/* ---- addresses ------------------------------------------------------------------------------- */

static bool is_local(const char *text, size_t length)
{
    static const char also[] = "!#$%&'*+-/=?^_`{|}~.";

    if (!length || length > 64 || *text == '-' || *text == '.' || text[length - 1] == '.')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!ascii_is_alnum((unsigned char)text[i]) && !strchr(also, text[i]))
            return false;
    return true;
}

static bool is_domain(const char *text)
{
    if (!*text || *text == '.' || *text == '-')
        return false;
    for (const char *at = text; *at; at++)
        if (!ascii_is_alnum((unsigned char)*at) && *at != '-' && (*at != '.' || at[1] == '.'))
            return false;
    return text[strlen(text) - 1] != '.';
}

bool mail_is_address(const char *text)
{
    const char *at = strrchr(text, '@');

    return at && strlen(text) <= ADDRESS_MAX && is_local(text, (size_t)(at - text)) &&
           is_domain(at + 1);
}

/* ---- header fields --------------------------------------------------------------------------- */

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
            return false;
    return true;
}

/* So many bytes of it are whole characters, and at most WORD_BYTES. */
static size_t word_length(const char *text)
{
    size_t length = 0, left = strlen(text);

    while (left) {
        size_t next = text_character(text + length, left);

        if (length + next > WORD_BYTES)
            break;
        length += next;
        left -= next;
    }
    return length;
}

static char *encoded_words(TALLOC_CTX *ctx, const char *text)
{
    char *all = talloc_strdup(ctx, "");

    while (all && *text) {
        size_t length = word_length(text);
        char *word = base64_encode(ctx, text, length);

        if (!word)
            return NULL;
        all = talloc_asprintf_append_buffer(all, "%s=?UTF-8?B?%s?=", *all ? "\n " : "", word);
        text += length;
    }
    return all;
}

/* A plain text is folded at blanks, so that no line is longer than 78 characters where it can be
 * helped. */
static char *folded(TALLOC_CTX *ctx, const char *text)
{
    char *all = talloc_strdup(ctx, text);
    size_t column = sizeof("Subject: ") - 1;
    char *blank = NULL;

    for (char *at = all; at && *at; at++, column++) {
        if (*at == ' ')
            blank = at;
        if (column >= 78 && blank && at - blank < 77 && blank[1] != ' ') {
            column = (size_t)(at - blank);
            *blank = '\n';
            blank = NULL;
        }
    }
    return all;
}

/* Where a line was broken the blank is to be there still, at the beginning of the next. */
char *mail_field_text(TALLOC_CTX *ctx, const char *text)
{
    char *line, *rest, *all;

    if (!is_plain(text))
        return encoded_words(ctx, text);
    line = folded(ctx, text);
    all = line ? talloc_strdup(ctx, "") : NULL;
    while (all && (rest = strchr(line, '\n'))) {
        all = talloc_asprintf_append_buffer(all, "%.*s\n ", (int)(rest - line), line);
        line = rest + 1;
    }
    return all ? talloc_strdup_append_buffer(all, line) : NULL;
}

char *mail_quoted_string(TALLOC_CTX *ctx, const char *text)
{
    char *quoted = talloc_size(ctx, strlen(text) * 2 + 3), *to = quoted;

    if (!quoted)
        return NULL;
    *to++ = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            *to++ = '\\';
        *to++ = *text;
    }
    memcpy(to, "\"", 2);
    return quoted;
}

void mail_date(int64_t at, char text[MAIL_DATE_SIZE])
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t when = (time_t)at;
    struct tm tm;

    (void)gmtime_r(&when, &tm);
    snprintf(text, MAIL_DATE_SIZE, "%.3s, %d %.3s %d %02d:%02d:%02d +0000",
             days + (size_t)tm.tm_wday * 3, tm.tm_mday, months + (size_t)tm.tm_mon * 3,
             tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* ---- parts ----------------------------------------------------------------------------------- */

struct quoting {
    char *text;
    size_t length, column;
};

static void emit(struct quoting *q, const char *piece, size_t length, bool last_of_line)
{
    if (q->column + length > LINE_MAX_QP - (last_of_line ? 0 : 1)) {
        memcpy(q->text + q->length, "=\n", 2);
        q->length += 2;
        q->column = 0;
    }
    memcpy(q->text + q->length, piece, length);
    q->length += length;
    q->column += length;
}

static void quote_byte(struct quoting *q, const char *at)
{
    unsigned char byte = (unsigned char)*at;
    bool last = at[1] == '\n' || at[1] == '\0';
    char piece[4];

    if (byte == '\n') {
        q->text[q->length++] = '\n';
        q->column = 0;
        return;
    }
    /* A line of a single dot ends a message for some programs; "From " begins one for others. */
    if ((byte == ' ' && last) || (byte == '.' && q->column == 0) ||
        (byte == 'F' && q->column == 0) || byte == '=' || byte < ' ' || byte > '~')
        snprintf(piece, sizeof(piece), "=%02X", byte);
    else
        snprintf(piece, sizeof(piece), "%c", byte);
    emit(q, piece, strlen(piece), last);
}

char *mail_quoted(TALLOC_CTX *ctx, const char *text)
{
    /* each byte becomes three at most, and a break of two comes after 70 */
    struct quoting q = {.text = talloc_size(ctx, strlen(text) * 4 + 4)};

    for (; q.text && *text; text++)
        quote_byte(&q, text);
    if (q.text)
        q.text[q.length] = '\0';
    return q.text;
}

static char *part(TALLOC_CTX *ctx, const char *boundary, const char *type, const char *text)
{
    char *body = mail_quoted(ctx, text);

    return body ? talloc_asprintf(ctx,
                                  "--%s\nContent-Type: %s; charset=utf-8\n"
                                  "Content-Transfer-Encoding: quoted-printable\n\n%s\n",
                                  boundary, type, body)
                : NULL;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static char *head(TALLOC_CTX *ctx, const struct mail *mail, const char *boundary)
{
    const char *host = strrchr(mail->from, '@') + 1;
    char *subject = mail_field_text(ctx, mail->subject), *text;
    char date[MAIL_DATE_SIZE];

    mail_date(mail->at, date);
    if (!subject)
        return NULL;
    text = talloc_asprintf(ctx,
                           "From: mtasts <%s>\nTo: <%s>\nSubject: %s\nDate: %s\n"
                           "Message-ID: <%s@%s>\n",
                           mail->from, mail->to, subject, date, mail->id, host);
    if (text && mail->thread)
        text = talloc_asprintf_append_buffer(text, "In-Reply-To: <%s@%s>\nReferences: <%s@%s>\n",
                                             mail->thread, host, mail->thread, host);
    if (text && mail->unsubscribe)
        text = talloc_asprintf_append_buffer(text, "List-Unsubscribe: <%s>\n", mail->unsubscribe);
    return text ? talloc_asprintf_append_buffer(
                      text,
                      "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n"
                      "Content-Language: %s\nMIME-Version: 1.0\n"
                      "Content-Type: multipart/alternative; boundary=\"%s\"\n\n",
                      mail->language, boundary)
                : NULL;
}

char *mail_write(TALLOC_CTX *ctx, const struct mail *mail)
{
    TALLOC_CTX *work = talloc_new(ctx);
    /* "=_" stands in no quoted-printable text */
    char *boundary = work ? talloc_asprintf(work, "=_%s", mail->id) : NULL;
    char *top = boundary ? head(work, mail, boundary) : NULL;
    char *text = top ? part(work, boundary, "text/plain", mail->text) : NULL;
    char *html = text ? part(work, boundary, "text/html", mail->html) : NULL;
    char *all = html ? talloc_asprintf(ctx, "%s%s%s--%s--\n", top, text, html, boundary) : NULL;

    talloc_free(work);
    return all;
}
