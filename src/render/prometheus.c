/* SPDX-License-Identifier: MIT */
/* prometheus.c - gauges in the text format of Prometheus. */
#include "render/prometheus.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

/* X(symbol, name, help) */
#define FAMILIES(X)                                                                                \
    X(FINDING, "mtasts_finding", "1 for each finding of the last check.")                          \
    X(VERDICT, "mtasts_verdict", "1 for the verdict of the last check, 0 for the others.")         \
    X(POSTURE, "mtasts_posture",                                                                   \
      "1 for what a sender without a cached policy finds, 0 for the others.")                      \
    X(DELIVERY, "mtasts_delivery", "1 for what such a sender does with mail, 0 for the others.")   \
    X(MODE, "mtasts_policy_mode", "1 for the mode of the usable policy, 0 for the others.")        \
    X(MAX_AGE, "mtasts_policy_max_age_seconds", "max_age of the usable policy.")                   \
    X(EXPIRY, "mtasts_certificate_expiry_timestamp_seconds",                                       \
      "When the certificate at an address expires.")                                               \
    X(UP, "mtasts_check_success", "1 if the last pass could check the domain, else 0.")            \
    X(AT, "mtasts_check_timestamp_seconds", "Time of the last check.")                             \
    X(DURATION, "mtasts_check_duration_seconds", "Duration of the last check.")                    \
    X(SESSIONS, "mtasts_tlsrpt_sessions",                                                          \
      "Sessions in the stored TLS reports of the last 7 days.")                                    \
    X(REPORT, "mtasts_tlsrpt_last_report_timestamp_seconds",                                       \
      "End of the range of the last TLS report.")

enum family {
#define X(symbol, name, help) FAMILY_##symbol,
    FAMILIES(X)
#undef X
        FAMILY_COUNT
};

static const struct {
    const char *name, *help;
} families[FAMILY_COUNT] = {
#define X(symbol, name, help) {name, help},
    FAMILIES(X)
#undef X
};

struct prometheus {
    char *lines[FAMILY_COUNT]; /* NULL: memory ran out */
};

struct prometheus *prometheus_new(TALLOC_CTX *ctx)
{
    struct prometheus *p = talloc_zero(ctx, struct prometheus);

    for (size_t i = 0; p && i < FAMILY_COUNT; i++) {
        p->lines[i] = talloc_strdup(p, "");
        if (!p->lines[i])
            TALLOC_FREE(p);
    }
    return p;
}

/* ---- one line -------------------------------------------------------------------------------- */

/* Backslash, quotation mark and line feed are to be escaped; what text_printable() made has none of
 * the latter. */
static char *escaped(TALLOC_CTX *ctx, const char *value)
{
    char *printable = text_printable(ctx, value, strlen(value), 0);
    char *made = printable ? talloc_size(ctx, 2 * strlen(printable) + 1) : NULL;
    char *at = made;

    for (const char *from = printable; made && *from; *at++ = *from++)
        if (*from == '\\' || *from == '"')
            *at++ = '\\';
    if (made)
        *at = '\0';
    talloc_free(printable);
    return made;
}

/* Labels: name, value, ..., NULL. */
static void sample(struct prometheus *p, enum family family, double value, ...)
{
    char **lines = &p->lines[family];
    TALLOC_CTX *work = talloc_new(p);
    char before = '{';
    const char *name;
    va_list ap;

    *lines = *lines ? talloc_strdup_append_buffer(*lines, families[family].name) : NULL;
    va_start(ap, value);
    while ((name = va_arg(ap, const char *))) {
        char *text = work ? escaped(work, va_arg(ap, const char *)) : NULL;

        *lines = *lines && text
                     ? talloc_asprintf_append_buffer(*lines, "%c%s=\"%s\"", before, name, text)
                     : NULL;
        before = ',';
    }
    va_end(ap);
    *lines = *lines ? talloc_asprintf_append_buffer(*lines, "} %.15g\n", value) : NULL;
    talloc_free(work);
}

/* One of a set of names: 1 for the one that holds, 0 for the others. */
static void one_of(struct prometheus *p, enum family family, const char *domain, const char *label,
                   const char *const *names, const char *holds)
{
    for (; *names; names++)
        sample(p, family, !strcmp(*names, holds), "domain", domain, label, *names, NULL);
}

/* ---- a domain -------------------------------------------------------------------------------- */

static bool was_found(const struct diagnosis *d, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (d->findings[j].code == d->findings[i].code &&
            !strcmp(d->findings[j].subject, d->findings[i].subject))
            return true;
    return false;
}

static void add_findings(struct prometheus *p, const struct diagnosis *d)
{
    for (size_t i = 0; i < d->finding_count; i++) {
        const struct finding *finding = &d->findings[i];

        /* No sample may stand twice: the file would be rejected as a whole. */
        if (!was_found(d, i))
            sample(p, FAMILY_FINDING, 1, "domain", d->facts->domain, "code",
                   finding_info(finding->code)->name, "severity", severity_name(finding->severity),
                   "subject", finding->subject, NULL);
    }
}

static void add_verdicts(struct prometheus *p, const struct diagnosis *d)
{
    static const char *const verdicts[] = {"ok", "warning", "critical", "unknown", NULL};
    static const char *const postures[] = {"absent",  "broken",      "none", "testing",
                                           "enforce", "nonexistent", NULL};
    static const char *const deliveries[] = {"protected",      "reported", "unprotected",
                                             "partly-refused", "refused",  "undeliverable",
                                             "unknown",        NULL};
    static const char *const modes[] = {"enforce", "testing", "none", NULL};
    const char *domain = d->facts->domain;

    one_of(p, FAMILY_VERDICT, domain, "verdict", verdicts, verdict_name(d->verdict));
    one_of(p, FAMILY_POSTURE, domain, "posture", postures, posture_name(d->posture));
    one_of(p, FAMILY_DELIVERY, domain, "delivery", deliveries, delivery_name(d->delivery));
    if (!d->policy)
        return;
    one_of(p, FAMILY_MODE, domain, "mode", modes, sts_mode_name(d->policy->mode));
    sample(p, FAMILY_MAX_AGE, (double)d->policy->max_age, "domain", domain, NULL);
}

static void add_certificate(struct prometheus *p, const char *domain, const char *service,
                            const char *host, const char *address, const struct tls_session *tls)
{
    if (tls && tls->chain_count)
        sample(p, FAMILY_EXPIRY, (double)tls->chain[0].not_after, "domain", domain, "service",
               service, "host", host, "address", address, NULL);
}

/* A host may stand in several MX records. */
static bool is_repeated(const struct facts *facts, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (!strcmp(facts->mx[j].name, facts->mx[i].name))
            return true;
    return false;
}

static void add_certificates(struct prometheus *p, const struct facts *facts)
{
    const struct policy_host *host = &facts->policy_host;

    for (size_t i = 0; i < host->fetch_count; i++)
        add_certificate(p, facts->domain, "https", host->name, host->fetches[i].address,
                        host->fetches[i].tls);
    for (size_t i = 0; i < facts->mx_count; i++) {
        const struct mx_host *mx = &facts->mx[i];

        for (size_t j = 0; j < mx->session_count && !is_repeated(facts, i); j++)
            add_certificate(p, facts->domain, "smtp", mx->name, mx->sessions[j].address,
                            mx->sessions[j].tls);
    }
}

static void add_sessions(struct prometheus *p, const char *domain,
                         const struct recent_sessions *sessions)
{
    if (!sessions || !sessions->any)
        return;
    sample(p, FAMILY_SESSIONS, (double)sessions->successful, "domain", domain, "result",
           "successful", NULL);
    sample(p, FAMILY_SESSIONS, (double)sessions->failed, "domain", domain, "result", "failed",
           NULL);
    sample(p, FAMILY_REPORT, (double)sessions->last_report, "domain", domain, NULL);
}

void prometheus_add(struct prometheus *p, const struct diagnosis *d,
                    const struct recent_sessions *sessions)
{
    const struct facts *facts = d->facts;

    add_findings(p, d);
    add_verdicts(p, d);
    add_certificates(p, facts);
    sample(p, FAMILY_AT, (double)facts->observed_at, "domain", facts->domain, NULL);
    sample(p, FAMILY_DURATION, (double)facts->elapsed_ms / 1000, "domain", facts->domain, NULL);
    add_sessions(p, facts->domain, sessions);
}

void prometheus_seen(struct prometheus *p, const char *domain, bool seen)
{
    sample(p, FAMILY_UP, seen, "domain", domain, NULL);
}

char *prometheus_text(TALLOC_CTX *ctx, const struct prometheus *p)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        if (!p->lines[i])
            TALLOC_FREE(text);
        if (text && *p->lines[i])
            text = talloc_asprintf_append_buffer(text, "# HELP %s %s\n# TYPE %s gauge\n%s",
                                                 families[i].name, families[i].help,
                                                 families[i].name, p->lines[i]);
    }
    return text;
}
