/* SPDX-License-Identifier: MIT */
/* collect_log_domains.c - the record by the DNS, the policy by the policy daemon. */
#include "cmd/collect_log_domains.h"

#include <inttypes.h>
#include <string.h>

#include "app/tlsrpt_lookup.h"
#include "base/i18n.h"
#include "base/json.h"
#include "cmd/console.h"
#include "cmd/policyd_verbs.h"
#include "cmd/show_domains.h"
#include "collect/limits.h"
#include "net/net.h"
#include "policyd/limits.h"
#include "reports/names.h"

#define LOOKUP_MS    10000
#define ANSWER_DEPTH 8

struct log_domain {
    const char *name;
    bool asked; /* for the record */
    bool known; /* it is, or that there is none: NULL */
    bool asked_policy;
    struct log_policy policy;
};

struct log_domains {
    const struct options *options;
    struct names names;
    struct loop *loop;
    struct net *net;
    struct policyd_asking asking;
    bool has_daemon;
    size_t heard, unheard;
    /* of what is looked up */
    struct log_domain *domain;
};

/* ---- the record ------------------------------------------------------------------------------ */

static void on_record(void *arg, const char *record, bool known)
{
    struct log_domains *domains = arg;

    domains->domain->policy.record = record ? talloc_strdup(domains, record) : NULL;
    domains->domain->known = known;
    loop_stop(domains->loop);
}

static void look_up(struct log_domains *domains, struct log_domain *domain)
{
    struct tlsrpt_lookup_request request = {.dns = domains->net->dns,
                                            .domain = domain->name,
                                            .deadline = loop_now(domains->loop) + LOOKUP_MS,
                                            .done = on_record,
                                            .arg = domains};
    TALLOC_CTX *ctx = talloc_new(domains);
    struct tlsrpt_lookup *lookup;

    domain->asked = true;
    domains->domain = domain;
    if (!ctx || tlsrpt_lookup_start(ctx, &request, &lookup) != STS_OK ||
        loop_run(domains->loop) != STS_OK)
        domain->known = false;
    talloc_free(ctx);
    domains->heard += domain->known;
    domains->unheard += !domain->known;
}

/* Mail went to them, so their zones answer: to wait for each of them in turn would take hours. */
static bool has_no_resolver(const struct log_domains *domains)
{
    return !domains->heard && domains->unheard >= LIMIT_LOG_UNHEARD;
}

/* ---- the policy ------------------------------------------------------------------------------ */

static const char *text_of(const struct json *object, const char *name)
{
    const struct json *value = json_member(object, name);

    return json_is(value, JSON_STRING) ? value->text.data : "";
}

/* As policy-string and mx-host of an event. */
static void take_policy(struct log_domains *domains, struct log_domain *domain,
                        const struct json *policy)
{
    const struct json *mx = json_member(policy, "mx"), *max_age = json_member(policy, "max_age");
    char *lines = talloc_asprintf(domains, "version: STSv1\nmode: %s\n", text_of(policy, "mode"));
    char *patterns = talloc_strdup(domains, "");

    for (size_t i = 0; lines && patterns && json_is(mx, JSON_ARRAY) && i < mx->count; i++) {
        const struct json *item = json_item(mx, i);

        if (!json_is(item, JSON_STRING))
            continue;
        lines = talloc_asprintf_append_buffer(lines, "mx: %s\n", item->text.data);
        patterns =
            talloc_asprintf_append_buffer(patterns, "%s%s", *patterns ? "\n" : "", item->text.data);
    }
    if (lines && json_is(max_age, JSON_INTEGER))
        lines = talloc_asprintf_append_buffer(lines, "max_age: %" PRId64 "\n", max_age->integer);
    domain->policy.lines = lines ? lines : "";
    domain->policy.mx = patterns ? patterns : "";
}

static void ask_daemon(struct log_domains *domains, struct log_domain *domain)
{
    TALLOC_CTX *ctx = talloc_new(domains);
    char *request = talloc_asprintf(ctx, "explain %s", domain->name);
    struct json *json = NULL;
    size_t at;

    domain->asked_policy = true;
    domain->policy.domain = domain->name;
    domain->policy.lines = domain->policy.mx = "";
    if (request && domains->has_daemon && policyd_ask(&domains->asking, request) == 0 &&
        json_read(ctx, (struct bytes){domains->asking.answer, domains->asking.length}, true,
                  ANSWER_DEPTH, &json, &at) == JSON_OK &&
        *text_of(json, "answer")) {
        domain->policy.answer = talloc_strdup(domains, text_of(json, "answer"));
        if (json_is(json_member(json, "policy"), JSON_OBJECT))
            take_policy(domains, domain, json_member(json, "policy"));
    }
    talloc_free(ctx);
}

/* ---- the event ------------------------------------------------------------------------------- */

enum log_domain_state log_domains_event(struct log_domains *domains,
                                        const struct log_session *session, struct log_event *ret)
{
    struct log_domain *domain = domains->names.count < LIMIT_LOG_DOMAINS
                                    ? names_get(&domains->names, session->domain)
                                    : names_find(&domains->names, session->domain);

    if (!domain)
        return LOG_DOMAIN_UNKNOWN;
    if (!domain->asked && !has_no_resolver(domains))
        look_up(domains, domain);
    if (!domain->known || !domain->policy.record)
        return domain->known ? LOG_DOMAIN_SILENT : LOG_DOMAIN_UNKNOWN;
    if (!domain->asked_policy)
        ask_daemon(domains, domain);
    return log_policy_event(&domain->policy, session, ret) ? LOG_DOMAIN_WANTS
                                                           : LOG_DOMAIN_UNKNOWN_POLICY;
}

bool log_domains_heard(const struct log_domains *domains)
{
    return domains->heard || !domains->unheard;
}

/* ---- the beginning --------------------------------------------------------------------------- */

static int begin_network(struct log_domains *domains)
{
    struct net_options options;
    char *why = NULL;
    enum sts_status status;

    net_options_of(domains->options, &options);
    options.no_smtp = true;
    status = loop_new(domains, &domains->loop);
    if (status == STS_OK)
        status = net_new(domains, domains->loop, &options, &domains->net, &why);
    if (status != STS_OK)
        return why ? console_internal("%s", why) : console_no_memory();
    return 0;
}

/* Without one, sessions that no policy bound are counted all the same. */
static int begin_daemon(struct log_domains *domains)
{
    enum sts_status status = policyd_asking_begin(domains, domains->options, &domains->asking);

    domains->has_daemon = status == STS_OK;
    if (status == STS_E_IO && domains->options->control)
        return policyd_say_unreachable(&domains->asking);
    if (status == STS_E_IO)
        console_note(_("no policy daemon can be reached at %s, so sessions that a policy secured "
                       "are not counted; start it, or name its socket with --control"),
                     domains->asking.path);
    return status == STS_OK || status == STS_E_IO ? 0 : console_no_memory();
}

int log_domains_new(TALLOC_CTX *ctx, const struct options *options, struct log_domains **ret)
{
    struct log_domains *domains = talloc_zero(ctx, struct log_domains);
    int status;

    if (!domains)
        return console_no_memory();
    domains->options = options;
    names_begin(&domains->names, domains, sizeof(struct log_domain));
    status = begin_network(domains);
    if (!status)
        status = begin_daemon(domains);
    *ret = domains;
    return status;
}
