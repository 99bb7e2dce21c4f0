/* SPDX-License-Identifier: MIT */
/* report_mail.c - head, words, the packed report in base64, and the signatures in front. */
#include "submit/report_mail.h"

#include <string.h>

#include "alerts/mail.h"
#include "base/base64.h"
#include "dkim/signing.h"

#define LINE_BASE64 76 /* RFC 2045 section 6.8 */

/* Another mail server may break this delivery, which its report is about: "TLS-Required: No" (RFC
 * 8689) lets it through all the same, and makes no event of it that would be reported in turn. */
static char *head(TALLOC_CTX *ctx, const struct report_mail *mail, const char *boundary)
{
    const struct sts_report_labels *labels = &mail->report->labels;
    char *name = mail_field_text(ctx, mail->sender->organization);
    char *subject = mail_field_text(ctx, labels->subject);
    char date[MAIL_DATE_SIZE];

    mail_date(mail->at, date);
    if (!name || !subject)
        return NULL;
    if (name[0] != '=' || name[1] != '?')
        name = mail_quoted_string(ctx, name);
    return name ? talloc_asprintf(ctx,
                                  "From: %s <%s>\nTo: <%s>\nSubject: %s\nDate: %s\n"
                                  "Message-ID: <%s>\n"
                                  "TLS-Report-Domain: %s\nTLS-Report-Submitter: %s\n"
                                  "TLS-Required: No\nAuto-Submitted: auto-generated\n"
                                  "MIME-Version: 1.0\n"
                                  "Content-Type: multipart/report; report-type=\"tlsrpt\";\n"
                                  " boundary=\"%s\"\n\n",
                                  name, mail->sender->from, mail->to, subject, date, labels->id,
                                  labels->domain, labels->submitter, boundary)
                : NULL;
}

static char *words(TALLOC_CTX *ctx, const struct report_mail *mail, const char *boundary)
{
    char *body = mail_quoted(ctx, mail->text);
    const char *language = i18n_language_name(mail->sender->language);

    return body ? talloc_asprintf(ctx,
                                  "--%s\nContent-Type: text/plain; charset=utf-8\n"
                                  "Content-Language: %s\n"
                                  "Content-Transfer-Encoding: quoted-printable\n\n%s\n",
                                  boundary, language, body)
                : NULL;
}

static char *in_lines(TALLOC_CTX *ctx, const char *text)
{
    size_t length = strlen(text);
    char *lines = talloc_size(ctx, length + length / LINE_BASE64 + 2), *to = lines;

    for (size_t i = 0; lines && i < length; i += LINE_BASE64) {
        size_t piece = length - i < LINE_BASE64 ? length - i : LINE_BASE64;

        memcpy(to, text + i, piece);
        to += piece;
        *to++ = '\n';
    }
    if (to)
        *to = '\0';
    return lines;
}

static char *report(TALLOC_CTX *ctx, const struct report_mail *mail, const char *boundary)
{
    struct bytes packed = mail->report->packed;
    char *encoded = base64_encode(ctx, packed.data, packed.length);
    char *lines = encoded ? in_lines(ctx, encoded) : NULL;

    return lines ? talloc_asprintf(
                       ctx,
                       "--%s\nContent-Type: " STS_REPORT_MEDIA_TYPE_GZIP "\n"
                       "Content-Transfer-Encoding: base64\nContent-Disposition: attachment;\n"
                       " filename=\"%s.gz\"\n\n%s--%s--\n",
                       boundary, mail->report->labels.file_name, lines, boundary)
                 : NULL;
}

/* Each key signs the mail as it is without the others' signatures. */
static enum sts_status sign(TALLOC_CTX *ctx, const struct report_mail *mail, char *text, char **ret)
{
    char *fields = talloc_strdup(ctx, "");
    enum sts_status status = fields ? STS_OK : STS_E_NOMEM;

    for (size_t i = 0; !status && i < mail->sender->key_count; i++) {
        char *field;

        status = signer_sign(ctx, mail->signer, &mail->sender->keys[i], mail->at, bytes_of(text),
                             &field);
        if (!status && !(fields = talloc_strdup_append(fields, field)))
            status = STS_E_NOMEM;
    }
    if (status)
        return status;
    *ret = talloc_asprintf(ctx, "%s%s", fields, text);
    return *ret ? STS_OK : STS_E_NOMEM;
}

enum sts_status report_mail_write(TALLOC_CTX *ctx, const struct report_mail *mail, char **ret)
{
    TALLOC_CTX *work = talloc_new(ctx);
    /* "=_" stands in no quoted-printable text */
    char *boundary = work ? talloc_asprintf(work, "=_%.60s", mail->report->labels.file_name) : NULL;
    char *top, *text, *packed, *all;
    enum sts_status status = STS_E_NOMEM;

    if (boundary)
        for (char *at = boundary + 2; *at; at++)
            if (*at == '!')
                *at = '_';
    top = boundary ? head(work, mail, boundary) : NULL;
    text = top ? words(work, mail, boundary) : NULL;
    packed = text ? report(work, mail, boundary) : NULL;
    all = packed ? talloc_asprintf(work, "%s%s%s", top, text, packed) : NULL;
    if (all)
        status = sign(work, mail, all, ret);
    if (!status)
        (void)talloc_steal(ctx, *ret);
    talloc_free(work);
    return status;
}
