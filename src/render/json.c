/* SPDX-License-Identifier: MIT */
/* json.c - diagnoses as JSON, through json-c only. */
#include "render/json.h"

#include "base/i18n.h"
#include "render/finding_text.h"
#include "render/json_advisory.h"
#include "render/json_parts.h"
#include "render/json_seen.h"
#include "render/text.h"

/* A list that ends with NULL; consumed. */
static struct json_object *lines(TALLOC_CTX *ctx, char **list)
{
    struct json_object *array = json_list(ctx, list);

    talloc_free(list);
    return array;
}

static struct json_object *answer(enum answer answer)
{
    return answer == ANSWER_UNKNOWN ? NULL : json_object_new_boolean(answer == ANSWER_YES);
}

static struct json_object *policy(TALLOC_CTX *ctx, const struct live_policy *live)
{
    struct json_object *object = live ? json_object_new_object() : NULL;

    if (!object)
        return NULL;
    json_add_text(ctx, object, "id", live->id);
    json_add_text(ctx, object, "mode", sts_mode_name(live->mode));
    json_add_number(object, "max_age", live->max_age);
    json_add(object, "mx", json_texts(ctx, live->mx, live->mx_count));
    return object;
}

static struct json_object *evidence(TALLOC_CTX *ctx, const struct finding *finding)
{
    struct json_object *object = json_object_new_object();

    for (size_t i = 0; object && i < finding->param_count; i++)
        json_add_text(ctx, object, finding->params[i].name, finding->params[i].value);
    return object;
}

static struct json_object *finding(TALLOC_CTX *ctx, const struct finding *f)
{
    const struct finding_info *info = finding_info(f->code);
    struct json_object *object = json_object_new_object();
    TALLOC_CTX *scratch = talloc_new(ctx);

    if (!object || !scratch) {
        talloc_free(scratch);
        return object;
    }
    json_add_text(ctx, object, "code", info->name);
    json_add_text(ctx, object, "severity", severity_name(f->severity));
    json_add_text(ctx, object, "subject", f->subject);
    if (f->line > 0)
        json_add_number(object, "line", f->line);
    if (f->line > 0 && f->column > 0)
        json_add_number(object, "column", f->column);
    json_add(object, "result_types", json_split(info->result_types));
    json_add_text(ctx, object, "title", finding_text_title(scratch, f));
    json_add_text(ctx, object, "detail", finding_text_detail(scratch, f));
    json_add_text(ctx, object, "meaning", finding_text_meaning(scratch, f));
    json_add(object, "causes",
             lines(ctx, finding_text_lines(scratch, f->code, FINDING_TEXT_CAUSES,
                                           finding_text_params(f))));
    json_add(object, "fix", lines(ctx, finding_text_fix(scratch, f)));
    json_add(object, "commands",
             lines(ctx, finding_text_lines(scratch, f->code, FINDING_TEXT_COMMANDS,
                                           finding_text_params(f))));
    json_add_text(ctx, object, "spec", info->spec);
    json_add(object, "evidence", evidence(ctx, f));
    talloc_free(scratch);
    return object;
}

struct json_object *json_findings(TALLOC_CTX *ctx, const struct finding *list, size_t count)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_append(array, finding(ctx, &list[i]));
    return array;
}

static struct json_object *dane(TALLOC_CTX *ctx, const struct mx_view *view)
{
    struct json_object *object = json_object_new_object();

    json_add_text(ctx, object, "host", view->host->name);
    json_add_text(ctx, object, "applied_by", dane_use_name(view->dane));
    json_add(object, "usable", answer(view->dane_usable));
    return object;
}

static struct json_object *mx_view(TALLOC_CTX *ctx, const struct mx_view *view,
                                   const struct mx_codes *of)
{
    struct json_object *object = json_object_new_object();
    struct json_object *codes = json_object_new_array();

    json_add_text(ctx, object, "host", view->host->name);
    json_add_number(object, "preference", view->host->preference);
    json_add(object, "covered", answer(view->covered));
    json_add_text(ctx, object, "pattern", view->pattern);
    json_add(object, "usable", answer(mx_view_usable(view)));
    for (size_t i = 0; i < of->count; i++)
        json_append(codes, json_string(ctx, finding_info(of->codes[i])->name));
    json_add(object, "codes", codes);
    return object;
}

static struct json_object *mx_views(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < d->mx_count; i++)
        json_append(array, mx_view(ctx, &d->mx[i], &d->mx_codes[i]));
    return array;
}

static struct json_object *dane_views(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < d->mx_count; i++)
        json_append(array, dane(ctx, &d->mx[i]));
    return array;
}

static struct json_object *deliveries(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct json_object *object = json_object_new_object();

    json_add_text(ctx, object, "mta_sts", delivery_name(d->by.policy));
    json_add_text(ctx, object, "dane", delivery_name(d->by.dane));
    return object;
}

static void add_headline(TALLOC_CTX *ctx, struct json_object *object, const struct diagnosis *d)
{
    TALLOC_CTX *scratch = talloc_new(ctx); /* ctx may be NULL */

    if (scratch)
        json_add_text(scratch, object, "headline", text_headline(scratch, d));
    talloc_free(scratch);
}

/* So that "ok" says no more than what was seen. */
static struct json_object *not_looked_for(TALLOC_CTX *ctx, const struct observer *observer)
{
    struct json_object *list = json_texts(ctx, observer->left_out, observer->left_out_count);

    if (observer->no_smtp)
        json_append(list, json_string(ctx, "mail-servers"));
    return list;
}

char *json_check(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct json_object *object = json_begin("mtasts.check/1");

    if (!object)
        return NULL;
    json_add_text(ctx, object, "domain", d->facts->domain);
    json_add(object, "observed_at", json_time(d->facts->observed_at));
    json_add_text(ctx, object, "verdict", verdict_name(d->verdict));
    add_headline(ctx, object, d);
    json_add_text(ctx, object, "posture", posture_name(d->posture));
    json_add_text(ctx, object, "delivery", delivery_name(d->delivery));
    json_add(object, "delivery_by", deliveries(ctx, d));
    json_add(object, "policy", policy(ctx, d->policy));
    json_add(object, "mx", mx_views(ctx, d));
    json_add(object, "dane", dane_views(ctx, d));
    json_add(object, "certificates", json_certificates(ctx, d->facts, d->now));
    json_add(object, "addresses", json_addresses(ctx, d->facts));
    json_add(object, "timings", json_timings(d->facts));
    json_add(object, "not_looked_for", not_looked_for(ctx, &d->facts->observer));
    json_add(object, "findings", json_findings(ctx, d->findings, d->finding_count));
    return json_line(ctx, object);
}

static struct json_object *lint_mx(TALLOC_CTX *ctx, const struct lint *lint)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < lint->mx_count; i++) {
        struct json_object *one = json_object_new_object();

        json_add_text(ctx, one, "host", lint->mx[i].host);
        json_add(one, "covered", json_object_new_boolean(lint->mx[i].covered));
        json_add_text(ctx, one, "pattern", lint->mx[i].pattern);
        json_append(array, one);
    }
    return array;
}

static struct json_object *lint_sender(TALLOC_CTX *ctx, const struct lint_sender *sender)
{
    struct json_object *one = json_object_new_object();

    json_add_text(ctx, one, "name", sender->name);
    json_add_text(ctx, one, "version", sender->version);
    json_add_text(ctx, one, "reads_as", sender->reads_as);
    json_add(one, "differs", json_object_new_boolean(sender->differs));
    json_add(one, "max_age", sender->rejects ? NULL : json_object_new_int64(sender->max_age));
    json_add_text(ctx, one, "why", sender->why ? _(sender->why) : NULL);
    json_add(one, "matches_otherwise", json_texts(ctx, sender->mx, sender->mx_count));
    return one;
}

static struct json_object *lint_senders(TALLOC_CTX *ctx, const struct lint *lint)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < lint->sender_count; i++)
        json_append(array, lint_sender(ctx, &lint->senders[i]));
    return array;
}

char *json_lint(TALLOC_CTX *ctx, const struct lint *lint, const char *file,
                const struct advisory *against)
{
    struct json_object *object = json_begin("mtasts.lint/1");

    if (!object)
        return NULL;
    json_add_text(ctx, object, "file", file);
    json_add(object, "valid", json_object_new_boolean(lint->valid));
    json_add(object, "policy", policy(ctx, lint->policy));
    json_add_text(ctx, object, "repaired", lint->repaired);
    json_add(object, "findings", json_findings(ctx, lint->findings, lint->finding_count));
    json_add(object, "mx", lint_mx(ctx, lint));
    json_add(object, "senders", lint_senders(ctx, lint));
    if (against) {
        struct json_object *change = json_object_new_object();

        json_advisory_into(change, against);
        json_add(object, "against", change);
    }
    return json_line(ctx, object);
}

char *json_lint_record(TALLOC_CTX *ctx, const struct lint *lint, bool tlsrpt)
{
    struct json_object *object = json_begin("mtasts.lint-record/1");

    if (!object)
        return NULL;
    json_add(object, "valid", json_object_new_boolean(lint->valid));
    json_add_text(ctx, object, "id", lint->id);
    if (tlsrpt)
        json_add(object, "rua", json_texts(ctx, lint->rua, lint->rua_count));
    json_add_text(ctx, object, "repaired", lint->repaired);
    json_add(object, "findings", json_findings(ctx, lint->findings, lint->finding_count));
    return json_line(ctx, object);
}
