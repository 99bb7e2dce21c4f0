/* SPDX-License-Identifier: MIT */
/* chain.c - what each step of the chain shows, and how it is judged. */
#include "render/chain.h"

#include <string.h>

#include <mtasts/mtasts.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/finding_text.h"
#include "verdict/fetch.h"
#include "verdict/session.h"

/* What a step shows where no finding speaks for it.  text NULL: it was not seen. */
struct summary {
    enum severity severity;
    char *text;
};

static char *printable(TALLOC_CTX *ctx, const char *text)
{
    return text_printable(ctx, text, strlen(text), 200);
}

/* ---- summaries ------------------------------------------------------------------------------- */

static struct summary record_summary(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    const struct dns_answer *answer = d->facts->sts_txt;

    if (!answer || answer->outcome != DNS_OUTCOME_FOUND)
        return (struct summary){SEVERITY_UNKNOWN, NULL};
    if (d->policy && d->policy->id)
        return (struct summary){SEVERITY_NONE,
                                talloc_asprintf(ctx, "%s, id %s", printable(ctx, answer->name),
                                                printable(ctx, d->policy->id))};
    return (struct summary){SEVERITY_NONE, printable(ctx, answer->name)};
}

static bool is_denied(const struct dns_answer *answer)
{
    return answer &&
           (answer->outcome == DNS_OUTCOME_NXDOMAIN || answer->outcome == DNS_OUTCOME_NODATA);
}

static char *append_addresses(TALLOC_CTX *ctx, char *text, const struct dns_answer *answer)
{
    for (size_t i = 0; text && answer && i < answer->record_count; i++) {
        const char *address = answer->records[i].address;

        if (address)
            text = talloc_asprintf_append(text, ", %s", printable(ctx, address));
    }
    return text;
}

static struct summary host_summary(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    const struct policy_host *host = &d->facts->policy_host;
    char *text = printable(ctx, host->name);

    if (is_denied(host->a) && is_denied(host->aaaa))
        return (struct summary){SEVERITY_LOW, talloc_asprintf(ctx, _("%s has no address"), text)};
    if (!host->fetch_count)
        return (struct summary){SEVERITY_UNKNOWN, NULL};
    text = append_addresses(ctx, text, host->a);
    return (struct summary){policy_host_families_missing(d->facts) ? SEVERITY_UNKNOWN
                                                                   : SEVERITY_NONE,
                            append_addresses(ctx, text, host->aaaa)};
}

static char *joined(TALLOC_CTX *ctx, const char *const *list, size_t count)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; text && i < count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? ", " : "", printable(ctx, list[i]));
    return text;
}

/* In the largest unit that fits. */
static char *duration(TALLOC_CTX *ctx, long long seconds)
{
    unsigned long days = (unsigned long)(seconds / 86400), hours = (unsigned long)(seconds / 3600);

    if (days && seconds % 86400 == 0)
        return talloc_asprintf(ctx, ngettext("%lu day", "%lu days", days), days);
    if (hours && seconds % 3600 == 0)
        return talloc_asprintf(ctx, ngettext("%lu hour", "%lu hours", hours), hours);
    return talloc_asprintf(ctx, ngettext("%lu second", "%lu seconds", (unsigned long)seconds),
                           (unsigned long)seconds);
}

char *chain_policy_text(TALLOC_CTX *ctx, enum sts_mode mode, int64_t max_age, const char *const *mx,
                        size_t mx_count)
{
    if (!mx_count)
        return talloc_asprintf(ctx, _("mode %s, max_age %s, no mx"), sts_mode_name(mode),
                               duration(ctx, max_age));
    return talloc_asprintf(ctx, _("mode %s, max_age %s, mx: %s"), sts_mode_name(mode),
                           duration(ctx, max_age), joined(ctx, mx, mx_count));
}

/* A policy that was fetched, though no sender uses it. */
static char *fetched_policy(TALLOC_CTX *ctx, const struct https_fetch *fetch)
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
        text =
            chain_policy_text(ctx, sts_policy_mode(policy), sts_policy_max_age(policy), mx, count);
    sts_policy_free(policy);
    return text;
}

static struct summary policy_summary(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    const struct policy_host *host = &d->facts->policy_host;
    char *text = NULL;

    if (d->policy)
        text = chain_policy_text(ctx, d->policy->mode, d->policy->max_age, d->policy->mx,
                                 d->policy->mx_count);
    for (size_t i = 0; i < host->fetch_count && !text; i++)
        text = fetched_policy(ctx, &host->fetches[i]);
    if (text && tls_intercepted(d->facts)) /* what the interceptor passed on */
        return (struct summary){
            SEVERITY_UNKNOWN,
            talloc_asprintf(ctx, _("%s (not judged: TLS is intercepted here)"), text)};
    return (struct summary){text ? SEVERITY_NONE : SEVERITY_UNKNOWN, text};
}

static struct summary certificate_summary(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    const struct policy_host *host = &d->facts->policy_host;
    char until[CLOCK_TEXT_SIZE];

    if (tls_intercepted(d->facts))
        return (struct summary){SEVERITY_UNKNOWN,
                                talloc_asprintf(ctx, _("not judged: TLS is intercepted here"))};
    for (size_t i = 0; i < host->fetch_count; i++) {
        const struct tls_session *tls = host->fetches[i].tls;

        if (!tls || !tls->chain_count)
            continue;
        clock_format(tls->chain[0].not_after, until);
        return (struct summary){
            SEVERITY_NONE,
            talloc_asprintf(ctx, _("valid until %.10s, issued by %s"), until,
                            printable(ctx, tls->chain[0].issuer ? tls->chain[0].issuer : "?"))};
    }
    return (struct summary){SEVERITY_UNKNOWN, NULL};
}

static struct summary mx_summary(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    if (mx_is_null(d->facts))
        return (struct summary){SEVERITY_INFO, talloc_strdup(ctx, _("none: accepts no mail"))};
    if (!d->mx_count)
        return (struct summary){SEVERITY_UNKNOWN, NULL};
    return (struct summary){
        SEVERITY_NONE,
        talloc_asprintf(ctx, ngettext("%zu mail server", "%zu mail servers", d->mx_count),
                        d->mx_count)};
}

static struct summary tlsrpt_summary(TALLOC_CTX *ctx, const struct diagnosis *d)
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

            text = talloc_asprintf(ctx, _("reports go to %s"), joined(ctx, rua, count));
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

static struct summary dane_summary(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    size_t asked = mx_is_null(d->facts), found = 0;

    if (unvalidated_here(d->facts))
        return (struct summary){
            SEVERITY_UNKNOWN,
            talloc_strdup(ctx, _("not judged: DNSSEC cannot be validated from here"))};
    for (size_t i = 0; i < d->mx_count; i++) {
        const struct dns_answer *tlsa = d->mx[i].host->tlsa;

        asked += is_denied(tlsa) || (tlsa && tlsa->outcome == DNS_OUTCOME_FOUND);
        found += tlsa && tlsa->outcome == DNS_OUTCOME_FOUND;
    }
    if (!asked)
        return (struct summary){SEVERITY_UNKNOWN, NULL};
    if (!found)
        return (struct summary){SEVERITY_INFO, talloc_strdup(ctx, _("not used"))};
    return (struct summary){
        SEVERITY_NONE,
        talloc_asprintf(ctx,
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
    struct summary (*summary)(TALLOC_CTX *ctx, const struct diagnosis *d);
} steps[LOOK_STEPS] = {
    [LOOK_DNS] = {N_("DNS"), TOPIC_RECORD, false, record_summary},
    [LOOK_POLICY_HOST] = {N_("policy host"), TOPIC_POLICY_HOST, false, host_summary},
    [LOOK_POLICY] = {N_("policy"), TOPIC_POLICY, false, policy_summary},
    [LOOK_CERTIFICATE] = {N_("certificate"), TOPIC_POLICY_HOST, true, certificate_summary},
    [LOOK_MX] = {N_("MX"), TOPIC_MX, false, mx_summary},
    [LOOK_TLSRPT] = {N_("TLS-RPT"), TOPIC_TLSRPT, false, tlsrpt_summary},
    [LOOK_DANE] = {N_("DANE"), TOPIC_DANE, false, dane_summary},
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

/* The mark of a step and its text; NULL: there is none. */
static struct summary judged(TALLOC_CTX *ctx, const struct step *step, const struct diagnosis *d)
{
    const struct finding *finding = worst_of(step, d);
    struct summary summary = step->summary(ctx, d);

    if (!summary.text)
        summary.severity = SEVERITY_UNKNOWN;
    if (finding && (finding->severity > summary.severity || finding->severity >= SEVERITY_LOW))
        summary.severity = finding->severity;
    /* A note or a small matter does not displace what is there. */
    if (finding && (!summary.text || finding->severity >= SEVERITY_MEDIUM))
        summary.text = finding_text_title(ctx, finding);
    return summary;
}

static enum severity of_answer(enum answer usable)
{
    return usable == ANSWER_YES  ? SEVERITY_NONE
           : usable == ANSWER_NO ? SEVERITY_HIGH
                                 : SEVERITY_UNKNOWN;
}

const char *chain_label(enum look_step step)
{
    return _(steps[step].label);
}

static bool make_step(struct chain *chain, enum look_step step, const struct diagnosis *d)
{
    struct chain_link *link = &chain->steps[step];
    struct summary summary = judged(chain, &steps[step], d);

    link->label = chain_label(step);
    link->severity = summary.severity;
    link->text = summary.text ? summary.text : talloc_strdup(chain, _("not available"));
    return link->text != NULL;
}

static bool make_host(struct chain *chain, size_t i, const struct diagnosis *d)
{
    const struct mx_view *view = &d->mx[i];
    const struct mx_codes *of = &d->mx_codes[i];
    struct chain_host *host = &chain->hosts[i];
    char *text = talloc_asprintf(chain, "%lld %s", (long long)view->host->preference,
                                 printable(chain, view->host->name));

    if (text && view->pattern && strcmp(view->pattern, view->host->name) == 0)
        text = talloc_strdup_append(text, _(", covered"));
    else if (text && view->pattern)
        text = talloc_asprintf_append(text, _(", covered by %s"), printable(chain, view->pattern));
    host->severity = of_answer(mx_view_usable(view));
    host->name = view->host->name;
    host->text = text;
    host->titles = talloc_zero_array(chain, const char *, of->count + 1);
    for (size_t j = 0; host->titles && j < of->count; j++)
        host->titles[host->title_count++] = _(finding_info(of->codes[j])->title);
    return text && host->titles;
}

struct chain *chain_new(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct chain *chain = talloc_zero(ctx, struct chain);
    bool made = chain;

    if (made)
        chain->hosts = talloc_zero_array(chain, struct chain_host, d->mx_count + 1);
    made = made && chain->hosts;
    for (size_t i = 0; made && i < LOOK_STEPS; i++)
        made = make_step(chain, (enum look_step)i, d);
    for (; made && chain->host_count < d->mx_count; chain->host_count++)
        made = make_host(chain, chain->host_count, d);
    if (!made)
        TALLOC_FREE(chain);
    return chain;
}
