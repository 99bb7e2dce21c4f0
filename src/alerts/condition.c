/* SPDX-License-Identifier: MIT */
/* condition.c - kinds of conditions, and those of the change feed. */
#include "alerts/condition.h"

#include <string.h>

#include "alerts/condition_work.h"
#include "base/array.h"
#include "base/json_write.h"
#include "rollout/state.h"
#include "verdict/expiry.h"

/* ---- kinds ----------------------------------------------------------------------------------- */

static const struct {
    const char *name, *text;
} kinds[] = {
#define X(symbol, name, text) {name, text},
    ALERT_KINDS(X)
#undef X
};

const char *alert_kind_name(enum alert_kind kind)
{
    return kinds[kind].name;
}

enum alert_kind alert_kind_named(const char *name)
{
    enum alert_kind kind = 0;

    while (kind < ALERT_KIND_COUNT && strcmp(kinds[kind].name, name) != 0)
        kind++;
    return kind;
}

const char *alert_kind_text(enum alert_kind kind)
{
    return kinds[kind].text;
}

bool condition_is_of_sessions(enum alert_kind kind)
{
    return kind == ALERT_FAILURE || kind == ALERT_SILENT || kind == ALERT_NO_REPORTS;
}

/* ---- sentences ------------------------------------------------------------------------------- */

static void write_sentence(struct json_writer *json, const char *text, const struct param *params,
                           size_t count)
{
    json_write_begin(json, NULL, '{');
    json_write_string(json, "text", text);
    json_write_begin(json, "params", '{');
    for (size_t i = 0; i < count; i++)
        if (params[i].value)
            json_write_string(json, params[i].name, params[i].value);
    json_write_end(json, '}');
    json_write_end(json, '}');
}

static char *taken(TALLOC_CTX *ctx, const struct json_writer *json)
{
    return json->no_memory ? NULL : talloc_strndup(ctx, json->text, json->length);
}

char *condition_sentence(TALLOC_CTX *ctx, const char *text, const struct param *params,
                         size_t count)
{
    struct json_writer json = {.ctx = ctx};

    json_write_begin(&json, NULL, '[');
    write_sentence(&json, text, params, count);
    json_write_end(&json, ']');
    return taken(ctx, &json);
}

/* ---- a list ---------------------------------------------------------------------------------- */

struct condition *condition_add(TALLOC_CTX *ctx, struct conditions *to, enum alert_kind kind,
                                const char *cause, const char *subject)
{
    struct condition *made = array_grow(ctx, &to->list, &to->count, sizeof(*made));

    if (!made) {
        to->no_memory = true;
        return NULL;
    }
    *made = (struct condition){.kind = kind,
                               .cause = talloc_strdup(ctx, cause),
                               .subject = talloc_strdup(ctx, subject ? subject : "")};
    to->no_memory |= !made->cause || !made->subject;
    return made;
}

/* ---- what holds ------------------------------------------------------------------------------ */

/* Whatever a finding says of a certificate that expires soon, each rule has days of its own. */
static bool is_of_expiry(const char *code)
{
    return strcmp(code, "policy-cert-expires-soon") == 0 ||
           strcmp(code, "mx-cert-expires-soon") == 0;
}

static void add_finding(TALLOC_CTX *ctx, const struct attribute *attribute, struct conditions *to)
{
    const struct finding *finding = attribute->finding;
    struct condition *made =
        condition_add(ctx, to, ALERT_PROBLEM, attribute->subject, attribute->item);

    if (!made)
        return;
    made->severity = attribute->severity;
    made->tentative = attribute->unconfirmed;
    if (finding)
        made->detail =
            condition_sentence(ctx, finding->detail, finding->params, finding->param_count);
}

static void add_findings(TALLOC_CTX *ctx, const struct state *known, struct conditions *to)
{
    for (size_t i = 0; known && i < known->attribute_count; i++) {
        const struct attribute *attribute = &known->attributes[i];

        if (attribute->kind == ATTRIBUTE_FINDING && attribute->severity >= SEVERITY_MEDIUM &&
            attribute->severity != SEVERITY_UNKNOWN && !is_of_expiry(attribute->subject))
            add_finding(ctx, attribute, to);
    }
}

static void add_expiry(TALLOC_CTX *ctx, const struct expiry *expiry, struct conditions *to)
{
    struct condition *made =
        condition_add(ctx, to, ALERT_CERTIFICATE, "certificate-expires", expiry->host);
    const char *days = talloc_asprintf(ctx, "%lld", (long long)expiry->days);
    struct param params[] = {{"host", expiry->host}, {"days", days}};

    if (!made)
        return;
    made->severity = SEVERITY_MEDIUM;
    made->days = expiry->days;
    made->detail = condition_sentence(
        ctx, N_("The certificate of {host} expires in {days|day|days}."), params, 2);
}

static void add_expiries(TALLOC_CTX *ctx, const struct diagnosis *diagnosis, int64_t most,
                         struct conditions *to)
{
    struct expiry *list;
    size_t count;

    if (expiries(ctx, diagnosis->facts, diagnosis->now, &list, &count) != STS_OK) {
        to->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (list[i].days >= 0 && list[i].days <= most) /* expired: that is a finding */
            add_expiry(ctx, &list[i], to);
}

/* ---- what has happened ----------------------------------------------------------------------- */

static const struct {
    const char *code;
    enum alert_kind kind;
} happenings[] = {
    {"record-gone", ALERT_POLICY},
    {"record-appeared", ALERT_POLICY},
    {"id-changed", ALERT_POLICY},
    {"id-changed-policy-same", ALERT_POLICY},
    {"policy-changed-id-same", ALERT_POLICY},
    {"mode-changed", ALERT_POLICY},
    {"max-age-changed", ALERT_POLICY},
    {"mx-line-added", ALERT_POLICY},
    {"mx-line-removed", ALERT_POLICY},
    {"tlsrpt-appeared", ALERT_POLICY},
    {"tlsrpt-gone", ALERT_POLICY},
    {"tlsrpt-changed", ALERT_POLICY},
    {"repair-done", ALERT_REPAIRED},
};

static enum alert_kind kind_of(const char *code)
{
    for (size_t i = 0; i < sizeof happenings / sizeof *happenings; i++)
        if (strcmp(happenings[i].code, code) == 0)
            return happenings[i].kind;
    return ALERT_KIND_COUNT;
}

/* All that happened of one kind is one condition, named after the worst of it. */
static void add_happening(TALLOC_CTX *ctx, const struct advisory *a, enum alert_kind kind,
                          struct conditions *to)
{
    struct json_writer json = {.ctx = ctx};
    const struct note *worst = NULL;
    struct condition *made;

    json_write_begin(&json, NULL, '[');
    for (size_t i = 0; i < a->note_count; i++) {
        const struct note *note = &a->notes[i];

        if (kind_of(note->code) != kind)
            continue;
        write_sentence(&json, note->sentence.text, note->sentence.params,
                       note->sentence.param_count);
        if (!worst || note->severity > worst->severity)
            worst = note;
    }
    json_write_end(&json, ']');
    made = worst ? condition_add(ctx, to, kind, worst->code, "") : NULL;
    if (!made)
        return;
    made->over = true;
    /* a change is never nothing: whoever wants to know of it has a rule for this kind */
    made->severity = worst->severity > SEVERITY_MEDIUM ? worst->severity : SEVERITY_MEDIUM;
    made->detail = taken(ctx, &json);
    to->no_memory |= json.no_memory || !made->detail;
}

void conditions_of_feed(TALLOC_CTX *ctx, const struct change_feed *feed,
                        const struct condition_settings *settings, struct conditions *ret)
{
    if (!feed->diagnosis)
        return;
    add_findings(ctx, feed->known, ret);
    add_expiries(ctx, feed->diagnosis, settings->certificate_days, ret);
    if (feed->next.seq <= feed->notified.seq && feed->notified.at != STORE_NEVER)
        return; /* what is told with the place that moves is told once */
    add_happening(ctx, feed->advisory, ALERT_POLICY, ret);
    add_happening(ctx, feed->advisory, ALERT_REPAIRED, ret);
}
