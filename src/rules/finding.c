/* SPDX-License-Identifier: MIT */
/* finding.c - the catalogue as a table, and how findings are made and put in order. */
#include "rules/rule.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/text.h"
#include "mtasts/names.h"

#define EVIDENCE_MAX 1024 /* bytes of one parameter that came from a peer */

#define NONE     SEVERITY_NONE
#define INFO     SEVERITY_INFO
#define LOW      SEVERITY_LOW
#define MEDIUM   SEVERITY_MEDIUM
#define UNKNOWN  SEVERITY_UNKNOWN
#define HIGH     SEVERITY_HIGH
#define CRITICAL SEVERITY_CRITICAL

static const struct finding_info catalogue[] = {
#define FINDING(symbol, name, topic, enforce, testing, otherwise, result_types, spec, title)       \
    {name, TOPIC_##topic, enforce, testing, otherwise, result_types, spec, title},
#include "rules/finding.def"
#undef FINDING
};

const struct finding_info *finding_info(enum finding_code code)
{
    return &catalogue[code];
}

enum finding_code finding_by_name(const char *name)
{
    for (int i = 0; i < FINDING_COUNT; i++)
        if (!strcmp(catalogue[i].name, name))
            return (enum finding_code)i;
    return FINDING_COUNT;
}

/* A cell that cannot occur in this posture: the nearest that can. */
static enum severity severity_of(enum finding_code code, enum posture posture)
{
    const struct finding_info *info = &catalogue[code];
    enum severity severity = posture == POSTURE_ENFORCE   ? info->enforce
                             : posture == POSTURE_TESTING ? info->testing
                                                          : info->otherwise;

    if (severity == SEVERITY_NONE)
        severity = info->otherwise;
    if (severity == SEVERITY_NONE)
        severity = info->enforce;
    return severity == SEVERITY_NONE ? info->testing : severity;
}

/* ---- strings --------------------------------------------------------------------------------- */

/* A string that is never NULL, so that rules need not look; the diagnosis fails in the end. */
static const char *kept(struct rules *r, const char *text)
{
    if (!text)
        r->view.no_memory = true;
    return text ? text : "";
}

const char *rule_text(struct rules *r, const char *format, ...)
{
    va_list ap;
    char *text;

    va_start(ap, format);
    text = talloc_vasprintf(r->view.mem, format, ap);
    va_end(ap);
    return kept(r, text);
}

const char *rule_bytes(struct rules *r, const char *data, size_t length)
{
    size_t keep = length > EVIDENCE_MAX ? EVIDENCE_MAX : length;

    /* Well-formed text stays as it is; render/ escapes once, for the place it goes to. */
    if (keep == length && !memchr(data ? data : "", 0, length) && text_is_utf8(data, length))
        return kept(r, talloc_strndup(r->view.mem, data ? data : "", length));
    return kept(r, text_printable(r->view.mem, data, length, EVIDENCE_MAX));
}

const char *rule_number(struct rules *r, int64_t number)
{
    return rule_text(r, "%" PRId64, number);
}

const char *rule_list(struct rules *r, const char *list, const char *item)
{
    return list ? rule_text(r, "%s, %s", list, item) : item;
}

const char *rule_lines(struct rules *r, const char *lines, const char *line)
{
    return lines ? rule_text(r, "%s\n%s", lines, line) : line;
}

const char *rule_lower(struct rules *r, const char *text)
{
    char *copy = talloc_strdup(r->view.mem, text);

    for (char *c = copy; c && *c; c++)
        *c = ascii_lower(*c);
    return kept(r, copy);
}

const char *rule_at(struct rules *r, const char *host, const char *address)
{
    return rule_text(r, "%s [%s]", host, address);
}

const char *rule_fetch_place(struct rules *r, const struct https_fetch *fetch)
{
    return fetch->proxy ? rule_text(r, "proxy %s", fetch->proxy) : fetch->address;
}

/* ---- making findings ------------------------------------------------------------------------- */

void finding_param(struct rules *r, struct finding *finding, const char *name, const char *value)
{
    struct param *params;

    if (!value || finding == &r->spare)
        return;
    for (size_t i = 0; i < finding->param_count; i++)
        if (!strcmp(finding->params[i].name, name)) {
            finding->params[i].value = kept(r, talloc_strdup(r->view.mem, value));
            return;
        }
    params = talloc_realloc(r->view.mem, finding->params, struct param, finding->param_count + 1);
    if (!params) {
        r->view.no_memory = true;
        return;
    }
    finding->params = params;
    params[finding->param_count++] =
        (struct param){name, kept(r, talloc_strdup(r->view.mem, value))};
}

const char *finding_value(const struct finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->param_count; i++)
        if (!strcmp(finding->params[i].name, name))
            return finding->params[i].value;
    return NULL;
}

static void add_resolver(struct rules *r, struct finding *finding)
{
    const struct observer *seen = &r->view.facts->observer;
    const char *given, *at;

    if (!seen->resolvers_given || !seen->resolver_count || !strcmp(seen->resolvers[0], "none"))
        return;
    given = seen->resolvers[0];
    at = strchr(given, '@');
    finding_param(r, finding, "resolver",
                  at ? rule_text(r, "%.*s", (int)(at - given), given) : given);
    finding_param(r, finding, "resolver_port", at ? at + 1 : "53");
}

static const char *policy_url(struct rules *r, int64_t port)
{
    const char *host = r->view.facts->policy_host.name;
    const char *number = port == 443 ? "" : rule_text(r, ":%" PRId64, port);

    return rule_text(r, "https://%s%s" STS_POLICY_PATH, host, number);
}

/* A number that was never an id before, since ids are times: the time of judging. */
static const char *new_id(struct rules *r)
{
    char text[CLOCK_TEXT_SIZE], id[CLOCK_TEXT_SIZE];
    size_t length = 0;

    clock_format(r->view.now, text);
    for (const char *c = text; *c; c++)
        if (*c >= '0' && *c <= '9')
            id[length++] = *c;
    id[length] = '\0';
    return rule_text(r, "%s", id);
}

static void add_general(struct rules *r, struct finding *finding)
{
    const struct facts *facts = r->view.facts;
    int64_t https, smtp;

    if (r->view.now)
        finding_param(r, finding, "new_id", new_id(r));
    if (r->view.now && r->view.posture == POSTURE_ENFORCE)
        finding_param(r, finding, "emergency_id", new_id(r));
    if (!facts)
        return;
    https = facts->observer.https_port ? facts->observer.https_port : 443;
    smtp = facts->observer.smtp_port ? facts->observer.smtp_port : 25;
    finding_param(r, finding, "domain", facts->domain);
    finding_param(r, finding, "policy_host", facts->policy_host.name);
    finding_param(r, finding, "policy_url", policy_url(r, https));
    finding_param(r, finding, "record_name", rule_text(r, STS_RECORD_PREFIX "%s", facts->domain));
    finding_param(r, finding, "tlsrpt_name", rule_text(r, STS_TLSRPT_PREFIX "%s", facts->domain));
    finding_param(r, finding, "https_port", rule_number(r, https));
    finding_param(r, finding, "smtp_port", rule_number(r, smtp));
    finding_param(r, finding, "ca_file", facts->observer.ca_file);
    add_resolver(r, finding);
}

static struct finding *finding_new(struct rules *r)
{
    if (r->finding_count == r->finding_room) {
        size_t room = r->finding_room ? r->finding_room * 2 : 16;
        struct finding *more = talloc_realloc(r->view.mem, r->findings, struct finding, room);

        if (!more) {
            r->view.no_memory = true;
            return &r->spare;
        }
        r->findings = more;
        r->finding_room = room;
    }
    return &r->findings[r->finding_count++];
}

struct finding *finding_add(struct rules *r, enum finding_code code, const char *subject,
                            const char *detail, ...)
{
    struct finding *finding = finding_new(r);
    const char *name;
    va_list ap;

    *finding = (struct finding){.code = code,
                                .severity = severity_of(code, r->view.posture),
                                .subject = kept(r, talloc_strdup(r->view.mem, subject)),
                                .detail = detail};
    va_start(ap, detail);
    while ((name = va_arg(ap, const char *)))
        finding_param(r, finding, name, va_arg(ap, const char *));
    va_end(ap);
    add_general(r, finding);
    return finding;
}

const struct param *domain_params(TALLOC_CTX *ctx, const struct facts *facts, int64_t now,
                                  const char *host, size_t *ret_count)
{
    struct rules r = {.view = {.mem = ctx, .facts = facts, .now = now}};
    /* The places are those that every finding has. */
    struct finding *finding = finding_add(&r, FINDING_REPORT_OTHER, "", "", "host", host, NULL);

    if (r.view.no_memory)
        return NULL;
    *ret_count = finding->param_count;
    return finding->params;
}

/* ---- order ----------------------------------------------------------------------------------- */

struct finding_place {
    struct finding finding;
    bool first; /* of those of its severity */
    size_t index;
};

static int by_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_subject(const struct finding *a, const struct finding *b)
{
    if (a->line && b->line && a->line != b->line)
        return by_number(a->line, b->line);
    return strcmp(a->subject, b->subject);
}

static int by_place(const void *left, const void *right)
{
    const struct finding_place *a = left, *b = right;
    int order = by_number(b->finding.severity, a->finding.severity);

    if (!order)
        order = by_number(b->first, a->first);
    if (!order)
        order = by_number(catalogue[a->finding.code].topic, catalogue[b->finding.code].topic);
    if (!order)
        order = by_subject(&a->finding, &b->finding);
    if (!order)
        order = by_number(a->finding.code, b->finding.code);
    return order ? order : by_number((int64_t)a->index, (int64_t)b->index);
}

/* Where nobody finds a mail server, nothing is more pressing than why. */
static bool mx_comes_first(const struct rules *r)
{
    return r->view.facts && domain_view_deliveries(&r->view).all == DELIVERY_UNDELIVERABLE;
}

void findings_sort(struct rules *r)
{
    struct finding_place *places = talloc_array(NULL, struct finding_place, r->finding_count + 1);
    bool mx_first = mx_comes_first(r);

    if (!places) {
        r->view.no_memory = true;
        return;
    }
    for (size_t i = 0; i < r->finding_count; i++)
        places[i] = (struct finding_place){
            r->findings[i], mx_first && catalogue[r->findings[i].code].topic == TOPIC_MX, i};
    qsort(places, r->finding_count, sizeof(*places), by_place);
    for (size_t i = 0; i < r->finding_count; i++)
        r->findings[i] = places[i].finding;
    talloc_free(places);
}
