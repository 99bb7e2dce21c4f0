/* SPDX-License-Identifier: MIT */
/* text_chain.c - the chain DNS, policy host, policy, certificate, MX, TLS-RPT, DANE, a mark a step.
 */
#include "render/text.h"

#include <string.h>

#include <mtasts/mtasts.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/finding_text.h"
#include "verdict/fetch.h"
#include "verdict/session.h"

#define LABEL_COLUMNS 13

/* What a step shows where no finding speaks for it.  text NULL: it was not seen. */
struct summary {
    enum severity severity;
    char *text;
};

static char *printable(struct textout *out, const char *text)
{
    return text_printable(out, text, strlen(text), 200);
}

/* ---- summaries ------------------------------------------------------------------------------- */

static struct summary record_summary(struct textout *out, const struct diagnosis *d)
{
    const struct dns_answer *answer = d->facts->sts_txt;

    if (!answer || answer->outcome != DNS_OUTCOME_FOUND)
        return (struct summary){SEVERITY_UNKNOWN, NULL};
    if (d->policy && d->policy->id)
        return (struct summary){SEVERITY_NONE,
                                talloc_asprintf(out, "%s, id %s", printable(out, answer->name),
                                                printable(out, d->policy->id))};
    return (struct summary){SEVERITY_NONE, printable(out, answer->name)};
}

static bool is_denied(const struct dns_answer *answer)
{
    return answer &&
           (answer->outcome == DNS_OUTCOME_NXDOMAIN || answer->outcome == DNS_OUTCOME_NODATA);
}

static char *append_addresses(struct textout *out, char *text, const struct dns_answer *answer)
{
    for (size_t i = 0; text && answer && i < answer->record_count; i++) {
        const char *address = answer->records[i].address;

        if (address)
            text = talloc_asprintf_append(text, ", %s", printable(out, address));
    }
    return text;
}

static struct summary host_summary(struct textout *out, const struct diagnosis *d)
{
    const struct policy_host *host = &d->facts->policy_host;
    char *text = printable(out, host->name);

    if (is_denied(host->a) && is_denied(host->aaaa))
        return (struct summary){SEVERITY_LOW, talloc_asprintf(out, _("%s has no address"), text)};
    if (!host->fetch_count)
        return (struct summary){SEVERITY_UNKNOWN, NULL};
    text = append_addresses(out, text, host->a);
    return (struct summary){policy_host_families_missing(d->facts) ? SEVERITY_UNKNOWN
                                                                   : SEVERITY_NONE,
                            append_addresses(out, text, host->aaaa)};
}

static char *joined(struct textout *out, const char *const *list, size_t count)
{
    char *text = talloc_strdup(out, "");

    for (size_t i = 0; text && i < count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? ", " : "", printable(out, list[i]));
    return text;
}

/* In the largest unit that fits. */
static char *duration(struct textout *out, long long seconds)
{
    unsigned long days = (unsigned long)(seconds / 86400), hours = (unsigned long)(seconds / 3600);

    if (days && seconds % 86400 == 0)
        return talloc_asprintf(out, ngettext("%lu day", "%lu days", days), days);
    if (hours && seconds % 3600 == 0)
        return talloc_asprintf(out, ngettext("%lu hour", "%lu hours", hours), hours);
    return talloc_asprintf(out, ngettext("%lu second", "%lu seconds", (unsigned long)seconds),
                           (unsigned long)seconds);
}

char *text_policy(struct textout *out, enum sts_mode mode, int64_t max_age, const char *const *mx,
                  size_t mx_count)
{
    if (!mx_count)
        return talloc_asprintf(out, _("mode %s, max_age %s, no mx"), sts_mode_name(mode),
                               duration(out, max_age));
    return talloc_asprintf(out, _("mode %s, max_age %s, mx: %s"), sts_mode_name(mode),
                           duration(out, max_age), joined(out, mx, mx_count));
}

/* A policy that was fetched, though no sender uses it. */
static char *fetched_policy(struct textout *out, const struct https_fetch *fetch)
{
    struct sts_policy *policy;
    const char *const *mx;
    char *text = NULL;
    size_t count;

    if (fetch->status != 200 || !fetch->body.data ||
        sts_policy_parse(fetch->body.data, fetch->body.length, &policy) != STS_OK)
        return NULL;
    mx = sts_policy_mx(policy, &count);
    if (sts_policy_usable(policy))
        text = text_policy(out, sts_policy_mode(policy), sts_policy_max_age(policy), mx, count);
    sts_policy_free(policy);
    return text;
}

static struct summary policy_summary(struct textout *out, const struct diagnosis *d)
{
    const struct policy_host *host = &d->facts->policy_host;
    char *text = NULL;

    if (d->policy)
        text = text_policy(out, d->policy->mode, d->policy->max_age, d->policy->mx,
                           d->policy->mx_count);
    for (size_t i = 0; i < host->fetch_count && !text; i++)
        text = fetched_policy(out, &host->fetches[i]);
    if (text && tls_intercepted(d->facts)) /* what the interceptor passed on */
        return (struct summary){
            SEVERITY_UNKNOWN,
            talloc_asprintf(out, _("%s (not judged: TLS is intercepted here)"), text)};
    return (struct summary){text ? SEVERITY_NONE : SEVERITY_UNKNOWN, text};
}

static struct summary certificate_summary(struct textout *out, const struct diagnosis *d)
{
    const struct policy_host *host = &d->facts->policy_host;
    char until[CLOCK_TEXT_SIZE];

    if (tls_intercepted(d->facts))
        return (struct summary){SEVERITY_UNKNOWN,
                                talloc_asprintf(out, _("not judged: TLS is intercepted here"))};
    for (size_t i = 0; i < host->fetch_count; i++) {
        const struct tls_session *tls = host->fetches[i].tls;

        if (!tls || !tls->chain_count)
            continue;
        clock_format(tls->chain[0].not_after, until);
        return (struct summary){
            SEVERITY_NONE,
            talloc_asprintf(out, _("valid until %.10s, issued by %s"), until,
                            printable(out, tls->chain[0].issuer ? tls->chain[0].issuer : "?"))};
    }
    return (struct summary){SEVERITY_UNKNOWN, NULL};
}

static struct summary mx_summary(struct textout *out, const struct diagnosis *d)
{
    if (mx_is_null(d->facts))
        return (struct summary){SEVERITY_INFO, talloc_strdup(out, _("none: accepts no mail"))};
    if (!d->mx_count)
        return (struct summary){SEVERITY_UNKNOWN, NULL};
    return (struct summary){
        SEVERITY_NONE,
        talloc_asprintf(out, ngettext("%zu mail server", "%zu mail servers", d->mx_count),
                        d->mx_count)};
}

static struct summary tlsrpt_summary(struct textout *out, const struct diagnosis *d)
{
    const struct dns_answer *answer = d->facts->tlsrpt_txt;
    char *text = NULL;

    for (size_t i = 0; answer && i < answer->record_count && !text; i++) {
        struct sts_tlsrpt_record *record;
        struct bytes txt = answer->records[i].text;
        size_t count;

        if (!txt.data || sts_tlsrpt_record_parse(txt.data, txt.length, &record) != STS_OK)
            continue;
        if (sts_tlsrpt_record_usable(record)) {
            const char *const *rua = sts_tlsrpt_record_rua(record, &count);

            text = talloc_asprintf(out, _("reports go to %s"), joined(out, rua, count));
        }
        sts_tlsrpt_record_free(record);
    }
    return (struct summary){text ? SEVERITY_NONE : SEVERITY_UNKNOWN, text};
}

/* A resolver that does not pass DNSSEC, and no way round it. */
static bool unvalidated_here(const struct facts *facts)
{
    enum vantage_state state = vantage_state(facts, VANTAGE_DNSSEC);

    return !facts->observer.trust_anchor &&
           (state == VANTAGE_STATE_CLOSED || state == VANTAGE_STATE_WRONG);
}

static struct summary dane_summary(struct textout *out, const struct diagnosis *d)
{
    size_t asked = mx_is_null(d->facts), found = 0;

    if (unvalidated_here(d->facts))
        return (struct summary){
            SEVERITY_UNKNOWN,
            talloc_strdup(out, _("not judged: DNSSEC cannot be validated from here"))};
    for (size_t i = 0; i < d->mx_count; i++) {
        const struct dns_answer *tlsa = d->mx[i].host->tlsa;

        asked += is_denied(tlsa) || (tlsa && tlsa->outcome == DNS_OUTCOME_FOUND);
        found += tlsa && tlsa->outcome == DNS_OUTCOME_FOUND;
    }
    if (!asked)
        return (struct summary){SEVERITY_UNKNOWN, NULL};
    if (!found)
        return (struct summary){SEVERITY_INFO, talloc_strdup(out, _("not used"))};
    return (struct summary){
        SEVERITY_NONE,
        talloc_asprintf(out,
                        ngettext("TLSA records at %zu of %zu mail server",
                                 "TLSA records at %zu of %zu mail servers", d->mx_count),
                        found, d->mx_count)};
}

/* ---- steps ----------------------------------------------------------------------------------- */

static bool of_certificate(const struct finding_info *info)
{
    return info->topic == TOPIC_POLICY_HOST && (strncmp(info->name, "policy-cert-", 12) == 0 ||
                                                strncmp(info->name, "policy-tls-", 11) == 0);
}

static const struct step {
    const char *label;
    enum finding_topic topic;
    bool certificate; /* the part of the topic that is about TLS */
    struct summary (*summary)(struct textout *out, const struct diagnosis *d);
} steps[] = {
    {N_("DNS"), TOPIC_RECORD, false, record_summary},
    {N_("policy host"), TOPIC_POLICY_HOST, false, host_summary},
    {N_("policy"), TOPIC_POLICY, false, policy_summary},
    {N_("certificate"), TOPIC_POLICY_HOST, true, certificate_summary},
    {N_("MX"), TOPIC_MX, false, mx_summary},
    {N_("TLS-RPT"), TOPIC_TLSRPT, false, tlsrpt_summary},
    {N_("DANE"), TOPIC_DANE, false, dane_summary},
};

/* What is about the check or our own place alone; what they hide shows at each step. */
static bool is_of_no_step(enum finding_code code)
{
    return code == FINDING_CLOCK_WRONG || code == FINDING_ADDRESS_FAMILY_UNREACHABLE ||
           code == FINDING_RESOLVER_NO_DNSSEC || code == FINDING_RESOLVER_FILTERS ||
           code == FINDING_DNSSEC_FAULT_UNCONFIRMED || code == FINDING_TRUST_ANCHOR_WRONG ||
           code == FINDING_CHECK_PARTIAL || code == FINDING_CHECK_INTERRUPTED;
}

/* What keeps a certificate from being renewed is about the host that has it. */
static bool is_of(const struct step *step, const struct finding *finding, const struct diagnosis *d)
{
    const struct finding_info *info = finding_info(finding->code);

    if (is_of_no_step(finding->code))
        return false;
    if (strncmp(info->name, "renewal-", 8) != 0)
        return info->topic == step->topic && of_certificate(info) == step->certificate;
    return strcmp(finding->subject, d->facts->policy_host.name) == 0 ? step->certificate
                                                                     : step->topic == TOPIC_MX;
}

/* The worst finding of a step; they are sorted.  NULL: none. */
static const struct finding *worst_of(const struct step *step, const struct diagnosis *d)
{
    for (size_t i = 0; i < d->finding_count; i++)
        if (is_of(step, &d->findings[i], d))
            return &d->findings[i];
    return NULL;
}

static void line(struct textout *out, size_t indent, enum severity severity, const char *label,
                 const char *text)
{
    size_t columns = textout_columns(label, strlen(label));
    size_t blanks = columns < LABEL_COLUMNS ? LABEL_COLUMNS - columns : 1;
    char *first = talloc_asprintf(out, "%s%s%*s", text_mark(out, severity), label, (int)blanks, "");

    if (first)
        textout_wrap(out, indent, text_mark_style(severity), first, STYLE_PLAIN, text);
}

/* The mark of a step and its text; NULL: there is none. */
static struct summary judged(struct textout *out, const struct step *step,
                             const struct diagnosis *d)
{
    const struct finding *finding = worst_of(step, d);
    struct summary summary = step->summary(out, d);

    if (!summary.text)
        summary.severity = SEVERITY_UNKNOWN;
    if (finding && (finding->severity > summary.severity || finding->severity >= SEVERITY_LOW))
        summary.severity = finding->severity;
    /* A note or a small matter does not displace what is there. */
    if (finding && (!summary.text || finding->severity >= SEVERITY_MEDIUM))
        summary.text = finding_text_title(out, finding);
    return summary;
}

static void show_step(struct textout *out, const struct step *step, const struct diagnosis *d)
{
    struct summary summary = judged(out, step, d);

    line(out, 2, summary.severity, _(step->label),
         summary.text ? summary.text : _("not available"));
}

static enum severity of_answer(enum answer usable)
{
    return usable == ANSWER_YES  ? SEVERITY_NONE
           : usable == ANSWER_NO ? SEVERITY_HIGH
                                 : SEVERITY_UNKNOWN;
}

static void show_mx(struct textout *out, const struct mx_view *view, const struct mx_codes *of)
{
    /* titles begin with a capital letter, so no semicolon */
    const char *between = textout_options(out)->utf8 ? " · " : " - ";
    char *text = talloc_asprintf(out, "%lld %s", (long long)view->host->preference,
                                 printable(out, view->host->name));

    if (text && view->pattern && strcmp(view->pattern, view->host->name) == 0)
        text = talloc_strdup_append(text, _(", covered"));
    else if (text && view->pattern)
        text = talloc_asprintf_append(text, _(", covered by %s"), printable(out, view->pattern));
    for (size_t i = 0; text && i < of->count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? between : ": ",
                                      _(finding_info(of->codes[i])->title));
    textout_wrap(out, 4 + LABEL_COLUMNS, text_mark_style(of_answer(mx_view_usable(view))),
                 text_mark(out, of_answer(mx_view_usable(view))), STYLE_PLAIN, text);
}

void text_chain(struct textout *out, const struct diagnosis *d)
{
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        show_step(out, &steps[i], d);
        for (size_t j = 0; steps[i].topic == TOPIC_MX && j < d->mx_count; j++)
            show_mx(out, &d->mx[j], &d->mx_codes[j]);
    }
}

void text_chain_marks(struct textout *out, const struct diagnosis *d)
{
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        enum severity severity = judged(out, &steps[i], d).severity;

        textout_piece(out, STYLE_PLAIN, "  ");
        textout_piece(out, text_mark_style(severity), text_mark(out, severity));
        textout_piece(out, STYLE_PLAIN, _(steps[i].label));
    }
    textout_line(out, 0, STYLE_PLAIN, "");
}
