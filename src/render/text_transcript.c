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

static char *shown(struct page *page, struct bytes text)
{
    return text_printable(page, text.data ? text.data : "", text.data ? text.length : 0, SHOWN);
}

static char *shown_text(struct page *page, const char *text)
{
    return shown(page, (struct bytes){text, text ? strlen(text) : 0});
}

__attribute__((format(printf, 3, 4))) static void put(struct page *page, size_t indent,
                                                      const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = talloc_vasprintf(page, format, arguments);
    va_end(arguments);
    page_line(page, indent, STYLE_PLAIN, text);
    talloc_free(text);
}

static void heading(struct page *page, const char *text)
{
    page_blank(page);
    page_line(page, 0, STYLE_BOLD, text);
}

/* A line only where there is something to say. */
static void put_member(struct page *page, size_t indent, const char *name, const char *value)
{
    if (value)
        put(page, indent, "%s: %s", name, shown_text(page, value));
}

/* ---- DNS ------------------------------------------------------------------------------------- */

static void record_line(struct page *page, int type, const struct dns_record *record)
{
    switch (type) {
    case DNS_TXT:
        put(page, 4, "\"%s\"", shown(page, record->text));
        break;
    case DNS_MX:
        put(page, 4, "%lld %s", (long long)record->preference, shown_text(page, record->host));
        break;
    case DNS_A:
    case DNS_AAAA:
        put(page, 4, "%s", shown_text(page, record->address));
        break;
    case DNS_SOA:
        put(page, 4, "%s serial %lld minimum %lld", shown_text(page, record->host),
            (long long)record->serial, (long long)record->minimum);
        break;
    case DNS_TLSA:
        put(page, 4, "%lld %lld %lld %s", (long long)record->usage, (long long)record->selector,
            (long long)record->matching, shown(page, record->data));
        break;
    case DNS_CAA:
        put(page, 4, "%lld %s \"%s\"", (long long)record->flags, shown_text(page, record->tag),
            shown(page, record->text));
        break;
    default:
        put(page, 4, "%s", shown_text(page, record->host));
    }
}

static void answer_lines(struct page *page, const struct dns_answer *answer)
{
    if (!answer)
        return;
    put(page, 2, "%s %s: %s, DNSSEC %s, TTL %lld, %lld ms", dns_type_name(answer->type),
        shown_text(page, answer->name), dns_outcome_name(answer->outcome),
        dns_security_name(answer->security), (long long)answer->ttl, (long long)answer->elapsed_ms);
    put_member(page, 4, "rcode", answer->rcode);
    put_member(page, 4, "bogus", answer->why_bogus);
    for (size_t i = 0; i < answer->cname_count; i++)
        put_member(page, 4, "CNAME", answer->cnames[i]);
    for (size_t i = 0; i < answer->record_count; i++)
        record_line(page, answer->type, &answer->records[i]);
}

static void answer_list(struct page *page, const struct dns_answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        answer_lines(page, &answers[i]);
}

static void authority_lines(struct page *page, const struct authority *authority)
{
    put(page, 2, "%s [%s]:", shown_text(page, authority->server),
        shown_text(page, authority->address));
    answer_lines(page, authority->sts_txt);
    for (size_t i = 0; i < authority->answer_count; i++)
        answer_lines(page, &authority->answers[i]);
    answer_lines(page, authority->soa);
}

static void dns_lines(struct page *page, const struct facts *facts)
{
    heading(page, _("DNS"));
    answer_lines(page, facts->sts_txt);
    answer_list(page, facts->sts_strays, facts->sts_stray_count);
    answer_lines(page, facts->domain_soa);
    answer_lines(page, facts->wildcard_txt);
    answer_lines(page, facts->policy_host.a);
    answer_lines(page, facts->policy_host.aaaa);
    answer_lines(page, facts->policy_host.caa);
    answer_lines(page, facts->mx_answer);
    for (size_t i = 0; i < facts->mx_count; i++) {
        answer_lines(page, facts->mx[i].a);
        answer_lines(page, facts->mx[i].aaaa);
        answer_lines(page, facts->mx[i].tlsa);
        answer_lines(page, facts->mx[i].caa);
    }
    answer_list(page, facts->pattern_soas, facts->pattern_soa_count);
    answer_lines(page, facts->tlsrpt_txt);
    answer_list(page, facts->tlsrpt_strays, facts->tlsrpt_stray_count);
    for (size_t i = 0; i < facts->rua_target_count; i++) {
        answer_lines(page, facts->rua_targets[i].mx);
        answer_lines(page, facts->rua_targets[i].a);
        answer_lines(page, facts->rua_targets[i].aaaa);
    }
    answer_lines(page, facts->ns);
    for (size_t i = 0; i < facts->authority_count; i++)
        authority_lines(page, &facts->authorities[i]);
}

/* ---- TLS ------------------------------------------------------------------------------------- */

static void certificate_lines(struct page *page, const struct certificate *certificate)
{
    char from[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];

    clock_format(certificate->not_before, from);
    clock_format(certificate->not_after, until);
    put_member(page, 4, "subject", certificate->subject);
    put_member(page, 6, "issuer", certificate->issuer);
    put(page, 6, "%s - %s", from, until);
    for (size_t i = 0; i < certificate->dns_name_count; i++)
        put_member(page, 6, "DNS", certificate->dns_names[i]);
    put_member(page, 6, "key", certificate->key);
    put_member(page, 6, "sha256", certificate->sha256);
}

static void tls_lines(struct page *page, const struct tls_session *tls)
{
    if (!tls)
        return;
    put(page, 4, "TLS: %s, %s", tls_outcome_name(tls->outcome), chain_trust_name(tls->trust));
    put_member(page, 4, "SNI", tls->sni);
    put_member(page, 4, "version", tls->version);
    put_member(page, 4, "cipher", tls->cipher);
    put_member(page, 4, "error", tls->error);
    put_member(page, 4, "alert", tls->alert);
    put_member(page, 4, "weakness", tls->weakness);
    put_member(page, 4, "trust", tls->trust_error);
    for (size_t i = 0; i < tls->tlsa_count; i++)
        put(page, 4, "TLSA %lld %lld %lld: %s", (long long)tls->tlsa[i].usage,
            (long long)tls->tlsa[i].selector, (long long)tls->tlsa[i].matching,
            tlsa_result_name(tls->tlsa[i].result));
    for (size_t i = 0; i < tls->chain_count; i++)
        certificate_lines(page, &tls->chain[i]);
}

/* ---- HTTPS ----------------------------------------------------------------------------------- */

static void body_lines(struct page *page, struct bytes body)
{
    while (body.data && body.length) {
        const char *end = memchr(body.data, '\n', body.length);
        size_t length = end ? (size_t)(end - body.data) : body.length;
        size_t shorter = length && body.data[length - 1] == '\r' ? length - 1 : length;

        put(page, 4, "| %s", shown(page, (struct bytes){body.data, shorter}));
        length += end ? 1 : 0;
        body = (struct bytes){body.data + length, body.length - length};
    }
}

static void fetch_lines(struct page *page, const struct https_fetch *fetch)
{
    put(page, 2, "[%s]:%lld: %s (%s), %lld ms", shown_text(page, fetch->address),
        (long long)fetch->port, net_outcome_name(fetch->outcome), net_phase_name(fetch->phase),
        (long long)fetch->total_ms);
    put_member(page, 4, "proxy", fetch->proxy);
    put_member(page, 4, "error", fetch->error);
    tls_lines(page, fetch->tls);
    if (fetch->status)
        put(page, 4, "HTTP %lld", (long long)fetch->status);
    for (size_t i = 0; i < fetch->header_count; i++)
        put(page, 4, "%s: %s", shown_text(page, fetch->headers[i].name),
            shown(page, fetch->headers[i].value));
    body_lines(page, fetch->body);
}

/* ---- SMTP ------------------------------------------------------------------------------------ */

static void session_lines(struct page *page, const struct smtp_session *session)
{
    put(page, 2, "[%s]:%lld: %s (%s), %lld ms", shown_text(page, session->address),
        (long long)session->port, net_outcome_name(session->outcome),
        net_phase_name(session->phase), (long long)session->total_ms);
    put_member(page, 4, "error", session->error);
    for (size_t i = 0; i < session->line_count; i++)
        put(page, 4, "%s %s", session->lines[i].sent ? ">" : "<",
            shown(page, session->lines[i].text));
    tls_lines(page, session->tls);
}

/* Facts of before there was a vantage, or of a look that was stopped, have none. */
static void vantage_lines(struct page *page, const struct facts *facts)
{
    struct vantage_view views[VANTAGE_COUNT];

    if (!facts->vantage || !facts->vantage->point_count)
        return;
    heading(page, _("View from this machine"));
    vantage_views(facts, views);
    text_vantage(page, views);
}

static void rua_lines(struct page *page, const struct rua_target *target)
{
    for (size_t i = 0; i < target->fetch_count; i++) {
        heading(page, talloc_asprintf(page, "OPTIONS %s", shown_text(page, target->uri)));
        fetch_lines(page, &target->fetches[i]);
    }
}

void text_transcript(struct page *page, const struct facts *facts)
{
    vantage_lines(page, facts);
    dns_lines(page, facts);
    for (size_t i = 0; i < facts->policy_host.fetch_count; i++) {
        heading(page, talloc_asprintf(page, "HTTPS %s", shown_text(page, facts->policy_host.name)));
        fetch_lines(page, &facts->policy_host.fetches[i]);
    }
    for (size_t i = 0; i < facts->mx_count; i++) {
        const struct mx_host *mx = &facts->mx[i];

        heading(page, talloc_asprintf(page, "SMTP %s", shown_text(page, mx->name)));
        for (size_t j = 0; j < mx->session_count; j++)
            session_lines(page, &mx->sessions[j]);
    }
    for (size_t i = 0; i < facts->rua_target_count; i++)
        rua_lines(page, &facts->rua_targets[i]);
}
