/* SPDX-License-Identifier: MIT */
/* prometheus.c - metrics in the text format of Prometheus. */
#include "render/prometheus.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mtasts/version.h"
#include "reports/names.h"
#include "verdict/shown.h"

/* X(symbol, type, name, help) */
#define FAMILIES(X)                                                                                \
    X(BUILD, gauge, "mtasts_build_info", "1; the label is the version of mtasts.")                 \
    X(PASS, gauge, "mtasts_last_pass_timestamp_seconds",                                           \
      "When the last pass over all domains ended.")                                                \
    X(FINDING, gauge, "mtasts_finding", "1 for each finding of the last check.")                   \
    X(VERDICT, gauge, "mtasts_verdict",                                                            \
      "Verdict of the last check: 0 ok, 1 warning, 2 critical, 3 unknown.")                        \
    X(VERDICT_STATE, gauge, "mtasts_verdict_state",                                                \
      "1 for the verdict of the last check, 0 for the others.")                                    \
    X(POSTURE, gauge, "mtasts_posture", "1 for what a sender without a cached policy finds.")      \
    X(DELIVERY, gauge, "mtasts_delivery", "1 for what such a sender does with mail.")              \
    X(MODE, gauge, "mtasts_policy_mode", "1 for the mode of the usable policy.")                   \
    X(MAX_AGE, gauge, "mtasts_policy_max_age_seconds", "max_age of the usable policy.")            \
    X(EXPIRY, gauge, "mtasts_certificate_expiry_timestamp_seconds",                                \
      "When the certificate at an address expires.")                                               \
    X(UP, gauge, "mtasts_check_success", "1 if the last pass could check the domain, else 0.")     \
    X(AT, gauge, "mtasts_check_timestamp_seconds", "Time of the last check.")                      \
    X(DURATION, gauge, "mtasts_check_duration_seconds", "Duration of the last check.")             \
    X(CHANGES, counter, "mtasts_changes_total",                                                    \
      "Changes reported since the file was first written.")                                        \
    X(SESSIONS, gauge, "mtasts_tlsrpt_sessions",                                                   \
      "Sessions in the stored TLS reports of the last 7 days.")                                    \
    X(REPORT, gauge, "mtasts_tlsrpt_last_report_timestamp_seconds",                                \
      "End of the range of the last TLS report.")

enum family {
#define X(symbol, type, name, help) FAMILY_##symbol,
    FAMILIES(X)
#undef X
        FAMILY_COUNT
};

static const struct {
    const char *name, *type, *help;
} families[FAMILY_COUNT] = {
#define X(symbol, type, name, help) {name, #type, help},
    FAMILIES(X)
#undef X
};

struct prometheus {
    bool one_hot;
    struct names changes;      /* struct changes */
    char *lines[FAMILY_COUNT]; /* NULL: memory ran out */
};

struct changes {
    const char *name; /* of the domain; the list's */
    int64_t count;
    bool watched; /* in this pass; what is no longer watched is forgotten */
};

struct prometheus *prometheus_new(TALLOC_CTX *ctx, bool one_hot)
{
    struct prometheus *p = talloc_zero(ctx, struct prometheus);

    if (!p)
        return NULL;
    p->one_hot = one_hot;
    names_begin(&p->changes, p, sizeof(struct changes));
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

/* Labels: name, value, ..., NULL; no braces without any. */
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
    *lines = *lines ? talloc_asprintf_append_buffer(*lines, "%s %.15g\n", before == ',' ? "}" : "",
                                                    value)
                    : NULL;
    talloc_free(work);
}

/* One of a set of names: 1 for the one that holds; if wanted, 0 for the others. */
static void one_of(struct prometheus *p, enum family family, const char *domain, const char *label,
                   const char *const *names, const char *holds)
{
    for (; *names; names++)
        if (p->one_hot || !strcmp(*names, holds))
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

/* As the exit status. */
static int verdict_number(enum verdict verdict)
{
    static const int numbers[] = {
        [VERDICT_OK] = 0, [VERDICT_WARNING] = 1, [VERDICT_CRITICAL] = 2, [VERDICT_UNKNOWN] = 3};

    return numbers[verdict];
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

    sample(p, FAMILY_VERDICT, verdict_number(d->verdict), "domain", domain, NULL);
    if (p->one_hot)
        one_of(p, FAMILY_VERDICT_STATE, domain, "verdict", verdicts, verdict_name(d->verdict));
    one_of(p, FAMILY_POSTURE, domain, "posture", postures, posture_name(d->posture));
    one_of(p, FAMILY_DELIVERY, domain, "delivery", deliveries, delivery_name(d->delivery));
    if (!d->policy)
        return;
    one_of(p, FAMILY_MODE, domain, "mode", modes, sts_mode_name(d->policy->mode));
    sample(p, FAMILY_MAX_AGE, (double)d->policy->max_age, "domain", domain, NULL);
}

/* The first of those at the same address to expire?  A sample is there once. */
static bool is_first_to_expire(const struct shown_certificate *list, size_t count, size_t i)
{
    for (size_t j = 0; j < count; j++) {
        int64_t difference = list[j].cert->not_after - list[i].cert->not_after;

        if (strcmp(list[j].service, list[i].service) == 0 &&
            strcmp(list[j].host, list[i].host) == 0 &&
            strcmp(list[j].address, list[i].address) == 0 &&
            (difference < 0 || (!difference && j < i)))
            return false;
    }
    return true;
}

static void add_certificates(struct prometheus *p, const struct facts *facts)
{
    struct shown_certificate *list = NULL;
    size_t count;

    if (shown_certificates(p, facts, &list, &count) != STS_OK) {
        TALLOC_FREE(p->lines[FAMILY_EXPIRY]);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (is_first_to_expire(list, count, i))
            sample(p, FAMILY_EXPIRY, (double)list[i].cert->not_after, "domain", facts->domain,
                   "service", list[i].service, "host", list[i].host, "address", list[i].address,
                   NULL);
    talloc_free(list);
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
    struct changes *changes = names_get(&p->changes, domain);

    if (changes)
        changes->watched = true;
    sample(p, FAMILY_UP, seen, "domain", domain, NULL);
}

/* ---- changes --------------------------------------------------------------------------------- */

#define CHANGES_HEAD  "mtasts_changes_total{domain=\""
#define CHANGES_MAX   INT64_C(1000000000000000) /* a double is exact up to there */
#define CHANGES_DIGIT 15

/* "NAME\"} 12", a line without its end. */
static void continue_one(struct prometheus *p, const char *line, size_t length)
{
    const char *end = memchr(line, '"', length);
    size_t digits = end ? length - (size_t)(end - line) : 0;
    struct changes *changes;
    char *name;

    if (digits < 4 || digits > 3 + CHANGES_DIGIT || memcmp(end, "\"} ", 3) != 0)
        return;
    name = talloc_strndup(p, line, (size_t)(end - line));
    changes = name ? names_get(&p->changes, name) : NULL;
    if (changes)
        changes->count = strtoll(end + 3, NULL, 10);
    if (changes && changes->count < 0)
        changes->count = 0;
    talloc_free(name);
}

void prometheus_continue(struct prometheus *p, struct bytes before)
{
    const char *at = before.data, *end = before.data + before.length;
    size_t head = strlen(CHANGES_HEAD);

    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_end ? line_end : end) - at);

        if (line_end && length > head && memcmp(at, CHANGES_HEAD, head) == 0)
            continue_one(p, at + head, length - head);
        at += length + 1;
    }
}

void prometheus_changed(struct prometheus *p, const char *domain, size_t count)
{
    struct changes *changes = names_get(&p->changes, domain);

    if (changes && changes->count < CHANGES_MAX)
        changes->count += (int64_t)count;
}

/* Anew each time. */
static void add_changes(struct prometheus *p)
{
    talloc_free(p->lines[FAMILY_CHANGES]);
    p->lines[FAMILY_CHANGES] = talloc_strdup(p, "");
    for (size_t i = 0; i < p->changes.count; i++) {
        const struct changes *changes = names_at(&p->changes, i);

        if (changes->watched)
            sample(p, FAMILY_CHANGES, (double)changes->count, "domain", changes->name, NULL);
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

void prometheus_pass(struct prometheus *p, int64_t at)
{
    sample(p, FAMILY_BUILD, 1, "version", MTASTS_VERSION, NULL);
    sample(p, FAMILY_PASS, (double)at, NULL);
}

char *prometheus_text(TALLOC_CTX *ctx, struct prometheus *p)
{
    char *text = p->changes.no_memory ? NULL : talloc_strdup(ctx, "");

    add_changes(p);
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        if (!p->lines[i])
            TALLOC_FREE(text);
        if (text && *p->lines[i])
            text = talloc_asprintf_append_buffer(text, "# HELP %s %s\n# TYPE %s %s\n%s",
                                                 families[i].name, families[i].help,
                                                 families[i].name, families[i].type, p->lines[i]);
    }
    return text;
}
