/* SPDX-License-Identifier: MIT */
/* text_transcript.c - what was asked and answered, for --verbose: DNS, HTTPS, certificates, SMTP.
 */
#include "render/text.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/selftest.h"

#define SHOWN 1000 /* bytes of one text of a peer */

static char *shown(struct textout *out, struct bytes text)
{
    return text_printable(out, text.data ? text.data : "", text.data ? text.length : 0, SHOWN);
}

static char *shown_text(struct textout *out, const char *text)
{
    return shown(out, (struct bytes){text, text ? strlen(text) : 0});
}

__attribute__((format(printf, 3, 4))) static void put(struct textout *out, size_t indent,
                                                      const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = talloc_vasprintf(out, format, arguments);
    va_end(arguments);
    textout_line(out, indent, STYLE_PLAIN, text);
    talloc_free(text);
}

static void heading(struct textout *out, const char *text)
{
    textout_blank(out);
    textout_line(out, 0, STYLE_BOLD, text);
}

/* A line only where there is something to say. */
static void put_member(struct textout *out, size_t indent, const char *name, const char *value)
{
    if (value)
        put(out, indent, "%s: %s", name, shown_text(out, value));
}

/* ---- DNS ------------------------------------------------------------------------------------- */

static void record_line(struct textout *out, enum dns_type type, const struct dns_record *record)
{
    switch (type) {
    case DNS_TXT:
        put(out, 4, "\"%s\"", shown(out, record->text));
        break;
    case DNS_MX:
        put(out, 4, "%lld %s", (long long)record->preference, shown_text(out, record->host));
        break;
    case DNS_A:
    case DNS_AAAA:
        put(out, 4, "%s", shown_text(out, record->address));
        break;
    case DNS_SOA:
        put(out, 4, "%s serial %lld minimum %lld", shown_text(out, record->host),
            (long long)record->serial, (long long)record->minimum);
        break;
    case DNS_TLSA:
        put(out, 4, "%lld %lld %lld %s", (long long)record->usage, (long long)record->selector,
            (long long)record->matching, shown(out, record->data));
        break;
    case DNS_CAA:
        put(out, 4, "%lld %s \"%s\"", (long long)record->flags, shown_text(out, record->tag),
            shown(out, record->text));
        break;
    default:
        put(out, 4, "%s", shown_text(out, record->host));
    }
}

static void answer_lines(struct textout *out, const struct dns_answer *answer)
{
    if (!answer)
        return;
    put(out, 2, "%s %s: %s, DNSSEC %s, TTL %lld, %lld ms", dns_type_name(answer->type),
        shown_text(out, answer->name), dns_outcome_name(answer->outcome),
        dns_security_name(answer->security), (long long)answer->ttl, (long long)answer->elapsed_ms);
    put_member(out, 4, "rcode", answer->rcode);
    put_member(out, 4, "bogus", answer->why_bogus);
    for (size_t i = 0; i < answer->cname_count; i++)
        put_member(out, 4, "CNAME", answer->cnames[i]);
    for (size_t i = 0; i < answer->record_count; i++)
        record_line(out, answer->type, &answer->records[i]);
}

static void answer_list(struct textout *out, const struct dns_answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        answer_lines(out, &answers[i]);
}

static void authority_lines(struct textout *out, const struct authority *authority)
{
    put(out, 2, "%s [%s]:", shown_text(out, authority->server),
        shown_text(out, authority->address));
    answer_lines(out, authority->sts_txt);
    for (size_t i = 0; i < authority->answer_count; i++)
        answer_lines(out, &authority->answers[i]);
    answer_lines(out, authority->soa);
}

static void dns_lines(struct textout *out, const struct facts *facts)
{
    heading(out, _("DNS"));
    answer_lines(out, facts->sts_txt);
    answer_list(out, facts->sts_strays, facts->sts_stray_count);
    answer_lines(out, facts->domain_soa);
    answer_lines(out, facts->wildcard_txt);
    answer_lines(out, facts->policy_host.a);
    answer_lines(out, facts->policy_host.aaaa);
    answer_lines(out, facts->policy_host.caa);
    answer_lines(out, facts->mx_answer);
    for (size_t i = 0; i < facts->mx_count; i++) {
        answer_lines(out, facts->mx[i].a);
        answer_lines(out, facts->mx[i].aaaa);
        answer_lines(out, facts->mx[i].tlsa);
        answer_lines(out, facts->mx[i].caa);
    }
    answer_list(out, facts->pattern_soas, facts->pattern_soa_count);
    answer_lines(out, facts->tlsrpt_txt);
    answer_list(out, facts->tlsrpt_strays, facts->tlsrpt_stray_count);
    for (size_t i = 0; i < facts->rua_target_count; i++) {
        answer_lines(out, facts->rua_targets[i].mx);
        answer_lines(out, facts->rua_targets[i].a);
        answer_lines(out, facts->rua_targets[i].aaaa);
    }
    answer_lines(out, facts->ns);
    for (size_t i = 0; i < facts->authority_count; i++)
        authority_lines(out, &facts->authorities[i]);
}

/* ---- TLS ------------------------------------------------------------------------------------- */

static void certificate_lines(struct textout *out, const struct certificate *certificate)
{
    char from[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];

    clock_format(certificate->not_before, from);
    clock_format(certificate->not_after, until);
    put_member(out, 4, "subject", certificate->subject);
    put_member(out, 6, "issuer", certificate->issuer);
    put(out, 6, "%s - %s", from, until);
    for (size_t i = 0; i < certificate->dns_name_count; i++)
        put_member(out, 6, "DNS", certificate->dns_names[i]);
    put_member(out, 6, "key", certificate->key);
    put_member(out, 6, "sha256", certificate->sha256);
}

static void tls_lines(struct textout *out, const struct tls_session *tls)
{
    if (!tls)
        return;
    put(out, 4, "TLS: %s, %s", tls_outcome_name(tls->outcome), chain_trust_name(tls->trust));
    put_member(out, 4, "SNI", tls->sni);
    put_member(out, 4, "version", tls->version);
    put_member(out, 4, "cipher", tls->cipher);
    put_member(out, 4, "error", tls->error);
    put_member(out, 4, "alert", tls->alert);
    put_member(out, 4, "weakness", tls->weakness);
    put_member(out, 4, "trust", tls->trust_error);
    for (size_t i = 0; i < tls->tlsa_count; i++)
        put(out, 4, "TLSA %lld %lld %lld: %s", (long long)tls->tlsa[i].usage,
            (long long)tls->tlsa[i].selector, (long long)tls->tlsa[i].matching,
            tlsa_result_name(tls->tlsa[i].result));
    for (size_t i = 0; i < tls->chain_count; i++)
        certificate_lines(out, &tls->chain[i]);
}

/* ---- HTTPS ----------------------------------------------------------------------------------- */

static void body_lines(struct textout *out, struct bytes body)
{
    while (body.data && body.length) {
        const char *end = memchr(body.data, '\n', body.length);
        size_t length = end ? (size_t)(end - body.data) : body.length;
        size_t shorter = length && body.data[length - 1] == '\r' ? length - 1 : length;

        put(out, 4, "| %s", shown(out, (struct bytes){body.data, shorter}));
        length += end ? 1 : 0;
        body = (struct bytes){body.data + length, body.length - length};
    }
}

static void fetch_lines(struct textout *out, const struct https_fetch *fetch)
{
    put(out, 2, "[%s]:%lld: %s (%s), %lld ms", shown_text(out, fetch->address),
        (long long)fetch->port, net_outcome_name(fetch->outcome), net_phase_name(fetch->phase),
        (long long)fetch->total_ms);
    put_member(out, 4, "proxy", fetch->proxy);
    put_member(out, 4, "error", fetch->error);
    tls_lines(out, fetch->tls);
    if (fetch->status)
        put(out, 4, "HTTP %lld", (long long)fetch->status);
    for (size_t i = 0; i < fetch->header_count; i++)
        put(out, 4, "%s: %s", shown_text(out, fetch->headers[i].name),
            shown(out, fetch->headers[i].value));
    body_lines(out, fetch->body);
}

/* ---- SMTP ------------------------------------------------------------------------------------ */

static void session_lines(struct textout *out, const struct smtp_session *session)
{
    put(out, 2, "[%s]:%lld: %s (%s), %lld ms", shown_text(out, session->address),
        (long long)session->port, net_outcome_name(session->outcome),
        net_phase_name(session->phase), (long long)session->total_ms);
    put_member(out, 4, "error", session->error);
    for (size_t i = 0; i < session->line_count; i++)
        put(out, 4, "%s %s", session->lines[i].sent ? ">" : "<",
            shown(out, session->lines[i].text));
    tls_lines(out, session->tls);
}

/* Facts of before there was a vantage, or of a look that was stopped, have none. */
static void vantage_lines(struct textout *out, const struct facts *facts)
{
    struct vantage_view views[VANTAGE_COUNT];

    if (!facts->vantage || !facts->vantage->point_count)
        return;
    heading(out, _("View from this machine"));
    vantage_views(facts, views);
    text_vantage(out, views);
}

static void rua_lines(struct textout *out, const struct rua_target *target)
{
    for (size_t i = 0; i < target->fetch_count; i++) {
        heading(out, talloc_asprintf(out, "OPTIONS %s", shown_text(out, target->uri)));
        fetch_lines(out, &target->fetches[i]);
    }
}

void text_transcript(struct textout *out, const struct facts *facts)
{
    vantage_lines(out, facts);
    dns_lines(out, facts);
    for (size_t i = 0; i < facts->policy_host.fetch_count; i++) {
        heading(out, talloc_asprintf(out, "HTTPS %s", shown_text(out, facts->policy_host.name)));
        fetch_lines(out, &facts->policy_host.fetches[i]);
    }
    for (size_t i = 0; i < facts->mx_count; i++) {
        const struct mx_host *mx = &facts->mx[i];

        heading(out, talloc_asprintf(out, "SMTP %s", shown_text(out, mx->name)));
        for (size_t j = 0; j < mx->session_count; j++)
            session_lines(out, &mx->sessions[j]);
    }
    for (size_t i = 0; i < facts->rua_target_count; i++)
        rua_lines(out, &facts->rua_targets[i]);
}

char *text_transcript_alone(TALLOC_CTX *ctx, const struct facts *facts)
{
    const struct textout_options options = {.utf8 = true};
    struct textout *out = textout_new(ctx, &options);
    struct facts shown = *facts;

    if (!out)
        return NULL;
    shown.vantage = NULL; /* our own place is nobody else's concern */
    text_transcript(out, &shown);
    return textout_end(out);
}
