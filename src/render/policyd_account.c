/* SPDX-License-Identifier: MIT */
/* policyd_account.c - the document, member by member, in words.
 *
 * It comes from a daemon that may be of another version: what is missing is left out. */
#include "render/policyd_account.h"

#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/text.h"

#define DEPTH       4 /* the document, a list in an object of it, a name */
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct account_text {
    TALLOC_CTX *ctx;
    char *text; /* NULL: no memory */
};

static void add(struct account_text *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct account_text *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (out->text)
        out->text = talloc_vasprintf_append_buffer(out->text, format, args);
    va_end(args);
}

static const struct json *read_document(TALLOC_CTX *ctx, const char *text)
{
    struct json *json;
    size_t at;

    if (json_read(ctx, bytes_of(text), false, DEPTH, &json, &at) != JSON_OK)
        return NULL;
    return json_is(json, JSON_OBJECT) ? json : NULL;
}

/* A text member, printable; "-" where there is none. */
static const char *text_of(TALLOC_CTX *ctx, const struct json *object, const char *name)
{
    const struct json *member = object ? json_member(object, name) : NULL;
    const char *shown = NULL;

    if (json_is(member, JSON_STRING))
        shown = text_printable(ctx, member->text.data, member->text.length, 0);
    return shown ? shown : "-";
}

static int64_t number_of(const struct json *object, const char *name)
{
    const struct json *member = json_member(object, name);

    return json_is(member, JSON_INTEGER) ? member->integer : 0;
}

const char *policyd_account_domain(TALLOC_CTX *ctx, const char *json)
{
    const struct json *document = read_document(ctx, json);

    return document ? text_of(ctx, document, "domain") : NULL;
}

char *policyd_account_line(TALLOC_CTX *ctx, const char *json)
{
    const struct json *document = read_document(ctx, json);
    const struct json *policy = document ? json_member(document, "policy") : NULL;

    if (!document)
        return NULL;
    return talloc_asprintf(ctx, "%s answer=%s reason=%s id=%s expires=%s used=%s\n",
                           text_of(ctx, document, "domain"), text_of(ctx, document, "answer"),
                           text_of(ctx, document, "reason"), text_of(ctx, policy, "id"),
                           text_of(ctx, policy, "expires"), text_of(ctx, document, "used"));
}

/* ---- in words -------------------------------------------------------------------------------- */

struct word_sentence {
    const char *word, *sentence;
};

static const struct word_sentence answers[] = {
    {"secure", N_("mail is delivered only to MX hosts of the policy with a valid certificate")},
    {"dane-only", N_("mail is delivered only to MX hosts that DANE authenticates")},
    {"dane", N_("MX hosts with TLSA records must match them")},
    {"testing", N_("not found, as the policy is in mode testing: the mail server's own level "
                   "applies")},
    {"none", N_("not found: the mail server's own level applies")},
};

static const struct word_sentence reasons[] = {
    {"current", N_("the cached policy is current")},
    {"record-gone", N_("the record is gone; the cached policy applies until it expires")},
    {"paused", N_("the last fetch failed, and the next attempt is not due yet")},
    {"id-changed", N_("the record has a new id, so the policy is fetched again")},
    {"expiring-soon", N_("half of max_age or more is over, so the policy is fetched again")},
    {"refresh-due", N_("it is time to fetch the policy again")},
    {"testing", N_("the policy is in mode testing and is fetched again")},
    {"clock-set-back", N_("the clock was set back, so the policy is fetched again")},
    {"not-held", N_("there is a record, but no policy has been fetched")},
    {"expired", N_("the cached policy has expired")},
    {"no-record", N_("no valid MTA-STS record is published")},
    {"lookup-failed", N_("the record could not be looked up, and no policy is cached")},
};

static const struct word_sentence failures[] = {
    {"no-address", N_("the policy host has no address")},
    {"bogus", N_("the DNSSEC signatures of the policy host's addresses are not valid")},
    {"unreachable", N_("the policy host cannot be reached")},
    {"certificate", N_("the certificate of the policy host is not valid")},
    {"status", N_("the policy host does not answer with status 200")},
    {"invalid", N_("the policy is not valid")},
    {"local", N_("this machine or its network is the cause, not the domain")},
};

static const struct word_sentence covers[] = {
    {"all", N_("protects all MX hosts")},
    {"some", N_("protects some MX hosts, or the MX records are not signed")},
    {"none", N_("protects no MX host")},
};

/* The word itself, where it is none of these. */
static const char *sentence_of(const struct word_sentence *rows, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(rows[i].word, word))
            return _(rows[i].sentence);
    return word;
}
#define SENTENCE(rows, word) sentence_of(rows, COUNT(rows), word)

static void add_names(struct account_text *out, const struct json *object, const char *name,
                      const char *label)
{
    const struct json *list = json_member(object, name);

    for (size_t i = 0; json_is(list, JSON_ARRAY) && i < list->count; i++)
        if (list->items[i].kind == JSON_STRING)
            add(out, "  %s: %s\n", label,
                text_printable(out->ctx, list->items[i].text.data, list->items[i].text.length, 0));
}

static void add_record(struct account_text *out, const struct json *record)
{
    const char *seen = text_of(out->ctx, record, "seen");

    if (!strcmp(seen, "found"))
        add(out, _("Record: found, id %s; next lookup %s\n"), text_of(out->ctx, record, "id"),
            text_of(out->ctx, record, "next"));
    else if (!strcmp(seen, "none"))
        add(out, _("Record: no valid one; next lookup %s\n"), text_of(out->ctx, record, "next"));
    else
        add(out, _("Record: not known, as the lookup failed; next lookup %s\n"),
            text_of(out->ctx, record, "next"));
}

static void add_policy(struct account_text *out, const struct json *policy)
{
    if (!json_is(policy, JSON_OBJECT)) {
        add(out, "%s\n", _("Policy: none"));
        return;
    }
    add(out, _("Policy: mode %s, max_age %lld, id %s, fetched %s, applies until %s\n"),
        text_of(out->ctx, policy, "mode"), (long long)number_of(policy, "max_age"),
        text_of(out->ctx, policy, "id"), text_of(out->ctx, policy, "fetched"),
        text_of(out->ctx, policy, "expires"));
    add_names(out, policy, "mx", "mx");
}

static void add_failure(struct account_text *out, const struct json *failure)
{
    if (!json_is(failure, JSON_OBJECT))
        return;
    add(out, _("Last fetch: failed %s: %s (attempts: %lld); next attempt %s\n"),
        text_of(out->ctx, failure, "time"), SENTENCE(failures, text_of(out->ctx, failure, "why")),
        (long long)number_of(failure, "count"), text_of(out->ctx, failure, "retry"));
}

static void add_dane(struct account_text *out, const struct json *dane)
{
    if (!json_is(dane, JSON_OBJECT)) {
        add(out, "%s\n", _("DANE: not looked up (--no-dane)"));
        return;
    }
    add(out, _("DANE: %s; next lookup %s\n"), SENTENCE(covers, text_of(out->ctx, dane, "cover")),
        text_of(out->ctx, dane, "next"));
    add_names(out, dane, "mx_hosts", _("MX host"));
}

static void add_replies(struct account_text *out, const struct json *replies)
{
    if (!json_is(replies, JSON_OBJECT))
        return;
    add(out, "%s\n", _("Replies, by map name:"));
    for (size_t i = 0; i < replies->count; i++)
        add(out, "  %s: %s\n",
            text_printable(out->ctx, replies->items[i].name.data, replies->items[i].name.length, 0),
            text_of(out->ctx, replies, replies->items[i].name.data));
}

/* What does not matter to a sender's protection is left to mtasts check. */
static bool is_told(const struct finding *finding)
{
    return finding->severity >= SEVERITY_MEDIUM;
}

/* It counts, whatever the rest says. */
static void add_override(struct account_text *out, const struct json *override)
{
    if (!json_is(override, JSON_OBJECT))
        return;
    add(out, _("Override: %s, line %lld, until %s: %s\n"), text_of(out->ctx, override, "action"),
        (long long)number_of(override, "line"), text_of(out->ctx, override, "expires"),
        text_of(out->ctx, override, "reason"));
}

static void add_findings(struct account_text *out, const struct diagnosis *now)
{
    if (!now)
        return;
    add(out, "%s\n", _("A check now, without the mail servers:"));
    for (size_t i = 0; i < now->finding_count; i++)
        if (is_told(&now->findings[i]))
            add(out, "  %s: %s\n", finding_info(now->findings[i].code)->name,
                _(finding_info(now->findings[i].code)->title));
    add(out, _("  posture: %s\n"), posture_name(now->posture));
}

char *policyd_account_text(TALLOC_CTX *ctx, const char *json, const struct diagnosis *now)
{
    const struct json *document = read_document(ctx, json);
    struct account_text out = {ctx, talloc_strdup(ctx, "")};

    if (!document)
        return NULL;
    add(&out, "%s: %s\n", text_of(ctx, document, "domain"),
        SENTENCE(answers, text_of(ctx, document, "answer")));
    add_override(&out, json_member(document, "override"));
    add(&out, _("Why: %s\n"), SENTENCE(reasons, text_of(ctx, document, "reason")));
    add_record(&out, json_member(document, "record"));
    add_policy(&out, json_member(document, "policy"));
    add_failure(&out, json_member(document, "failure"));
    add_dane(&out, json_member(document, "dane"));
    add_replies(&out, json_member(document, "replies"));
    if (!strcmp(text_of(ctx, document, "source"), "daemon"))
        add(&out, _("Source: the running daemon, %s\n"), text_of(ctx, document, "time"));
    else
        add(&out, _("Source: a lookup now, %s; no daemon was asked\n"),
            text_of(ctx, document, "time"));
    add_findings(&out, now);
    return out.text;
}

/* ---- with findings --------------------------------------------------------------------------- */

static void copy_value(struct json_writer *out, const char *name, const struct json *value)
{
    switch (value->kind) {
    case JSON_BOOL:
        json_write_bool(out, name, value->boolean);
        return;
    case JSON_INTEGER:
        json_write_integer(out, name, value->integer);
        return;
    case JSON_STRING:
        json_write_string(out, name, value->text.data);
        return;
    case JSON_ARRAY:
    case JSON_OBJECT:
        json_write_begin(out, name, value->kind == JSON_ARRAY ? '[' : '{');
        for (size_t i = 0; i < value->count; i++)
            copy_value(out, value->kind == JSON_ARRAY ? NULL : value->items[i].name.data,
                       &value->items[i]);
        json_write_end(out, value->kind == JSON_ARRAY ? ']' : '}');
        return;
    default:
        json_write_null(out, name);
    }
}

static void write_findings(struct json_writer *out, const struct diagnosis *now)
{
    json_write_begin(out, "findings", '[');
    for (size_t i = 0; i < now->finding_count; i++) {
        if (!is_told(&now->findings[i]))
            continue;
        json_write_begin(out, NULL, '{');
        json_write_string(out, "code", finding_info(now->findings[i].code)->name);
        json_write_string(out, "severity", severity_name(now->findings[i].severity));
        json_write_end(out, '}');
    }
    json_write_end(out, ']');
}

char *policyd_account_with(TALLOC_CTX *ctx, const char *json, const struct diagnosis *now)
{
    const struct json *document = read_document(ctx, json);
    struct json_writer out = {.ctx = ctx};

    if (!document)
        return NULL;
    json_write_begin(&out, NULL, '{');
    for (size_t i = 0; i < document->count; i++)
        copy_value(&out, document->items[i].name.data, &document->items[i]);
    if (now)
        write_findings(&out, now);
    json_write_end(&out, '}');
    return out.no_memory ? NULL : talloc_strndup(ctx, out.text, out.length);
}
