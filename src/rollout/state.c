/* SPDX-License-Identifier: MIT */
/* state.c - from a check to attributes; what is known when it could not see all of them. */
#include "rollout/state.h"

#include <inttypes.h>
#include <string.h>

#include <mtasts/mtasts.h>

#include "base/array.h"
#include "base/bytes.h"
#include "base/text.h"
#include "rules/vantage.h"

#define TLSRPT_BEGINS "v=TLSRPTv1"

/* ---- lists ----------------------------------------------------------------------------------- */

/* A state is two lists: what was seen, and what could not be seen.  Silence is never taken for
 * absence, so whoever adds nothing for a kind says in the second list why. */

/* Room for one more; NULL: no memory. */
static void *more(struct state *s, void *list, size_t *count, size_t size)
{
    void *place = array_grow(s, list, count, size);

    if (!place)
        s->no_memory = true;
    return place;
}

static const char *copy(struct state *s, const char *text)
{
    const char *made = text && *text ? talloc_strdup(s, text) : "";

    if (!made)
        s->no_memory = true;
    return made ? made : "";
}

static struct attribute *add(struct state *s, enum attribute_kind kind, const char *subject,
                             const char *item, const char *value)
{
    struct attribute *attribute = more(s, &s->attributes, &s->attribute_count, sizeof(*attribute));

    if (!attribute)
        return &s->spare;
    attribute->kind = kind;
    attribute->subject = copy(s, subject);
    attribute->item = copy(s, item);
    attribute->value = copy(s, value);
    return attribute;
}

static void add_unknown(struct state *s, enum attribute_kind kind, const char *subject,
                        const char *item)
{
    struct unknown *unknown = more(s, &s->unknowns, &s->unknown_count, sizeof(*unknown));

    if (unknown) {
        unknown->kind = kind;
        unknown->subject = subject ? copy(s, subject) : NULL;
        unknown->item = item ? copy(s, item) : NULL;
    }
}

static void add_topic_unknown(struct state *s, enum finding_topic topic, bool sessions)
{
    struct unknown *unknown = more(s, &s->unknowns, &s->unknown_count, sizeof(*unknown));

    if (unknown) {
        unknown->kind = ATTRIBUTE_FINDING;
        unknown->topic = topic;
        unknown->sessions = sessions;
    }
}

static void add_topic_unknowns(struct state *s, const enum finding_topic *topics, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_topic_unknown(s, topics[i], false);
}
#define UNKNOWN_TOPICS(s, ...)                                                                     \
    add_topic_unknowns(s, (const enum finding_topic[]){__VA_ARGS__},                               \
                       sizeof((const enum finding_topic[]){__VA_ARGS__}) /                         \
                           sizeof(enum finding_topic))

static bool is_unseen(enum lookup_state seen)
{
    return seen == LOOKUP_UNKNOWN || seen == LOOKUP_NONE;
}

/* ---- record and policy ----------------------------------------------------------------------- */

/* A record that could not be looked up hides all that depends on it: the findings on policy host,
 * policy and MX hosts are unknown too, not gone. */

static void see_record(struct state *s, const struct published *p)
{
    const char *id = p->record_usable ? sts_record_id(p->record) : NULL;

    if (is_unseen(p->record_seen) || p->record_seen == LOOKUP_BOGUS) {
        add_unknown(s, ATTRIBUTE_RECORD, NULL, NULL);
        UNKNOWN_TOPICS(s, TOPIC_RECORD, TOPIC_POLICY_HOST, TOPIC_POLICY, TOPIC_MX);
    } else if (p->looks_like_record) {
        add(s, ATTRIBUTE_RECORD, "", "", "");
    }
    if (id)
        add(s, ATTRIBUTE_ID, "", "", id);
    else
        add_unknown(s, ATTRIBUTE_ID, NULL, NULL);
}

static void no_policy(struct state *s)
{
    add_unknown(s, ATTRIBUTE_MODE, NULL, NULL);
    add_unknown(s, ATTRIBUTE_MAX_AGE, NULL, NULL);
    add_unknown(s, ATTRIBUTE_PATTERN, NULL, NULL);
}

/* The text that is served, whether a sender may use it or not; where there is none the last one
 * stands, for the findings tell of that. */
static void see_policy(struct state *s, const struct published *p)
{
    const char *const *mx;
    size_t count;

    if (!p->policy_served) {
        no_policy(s);
        return;
    }
    mx = sts_policy_mx(p->policy, &count);
    add(s, ATTRIBUTE_MODE, "", "", sts_mode_name(sts_policy_mode(p->policy)));
    add(s, ATTRIBUTE_MAX_AGE, "", "", "")->number = sts_policy_max_age(p->policy);
    for (size_t i = 0; i < count; i++)
        add(s, ATTRIBUTE_PATTERN, "", mx[i], "");
}

static void see_published(struct state *s, const struct diagnosis *d)
{
    struct domain_view view = {.mem = talloc_new(s), .facts = d->facts, .now = d->now};

    if (!view.mem) {
        s->no_memory = true;
        return;
    }
    published_read(&view);
    see_record(s, &view.published);
    see_policy(s, &view.published);
    if (view.published.unsettled) {
        add_unknown(s, ATTRIBUTE_POSTURE, NULL, NULL);
        UNKNOWN_TOPICS(s, TOPIC_POLICY_HOST, TOPIC_POLICY, TOPIC_MX);
    }
    s->no_memory = s->no_memory || view.no_memory;
    domain_view_free(&view);
    talloc_free(view.mem);
}

/* ---- hosts ----------------------------------------------------------------------------------- */

/* Each host has its own lookups and sessions, and fails alone: what is unknown of one host says
 * nothing of the others. */

static void see_addresses(struct state *s, const char *host, const struct dns_answer *answer)
{
    if (is_unseen(dns_lookup_state(answer)) || answer->truncated) {
        add_unknown(s, ATTRIBUTE_ADDRESS, host, NULL);
        return;
    }
    for (size_t i = 0; i < answer->record_count; i++)
        if (answer->records[i].address)
            add(s, ATTRIBUTE_ADDRESS, host, answer->records[i].address, "");
}

/* A sender that fails before the certificate knows nothing of it. */
static void see_certificate(struct state *s, const char *host, const char *address,
                            const struct tls_session *tls)
{
    if (!tls || !tls->chain_count || !tls->chain[0].sha256)
        add_unknown(s, ATTRIBUTE_CERTIFICATE, host, address);
    else
        add(s, ATTRIBUTE_CERTIFICATE, host, address, tls->chain[0].sha256)->number =
            tls->chain[0].not_after;
}

static void see_policy_host(struct state *s, const struct policy_host *host)
{
    see_addresses(s, host->name, host->a);
    see_addresses(s, host->name, host->aaaa);
    for (size_t i = 0; i < host->fetch_count; i++)
        see_certificate(s, host->name, host->fetches[i].address, host->fetches[i].tls);
}

static void see_mx_host(struct state *s, const struct mx_view *view)
{
    const struct mx_host *host = view->host;

    add(s, ATTRIBUTE_MX, "", host->name, "");
    if (host->is_address)
        return;
    see_addresses(s, host->name, host->a);
    see_addresses(s, host->name, host->aaaa);
    for (size_t i = 0; i < host->session_count; i++)
        see_certificate(s, host->name, host->sessions[i].address, host->sessions[i].tls);
    /* What is known of its name and of the policy stays known. */
    if (view->usable == ANSWER_UNKNOWN) {
        add_topic_unknown(s, TOPIC_MX, true);
        add_topic_unknown(s, TOPIC_DANE, true);
    }
}

static void see_mx(struct state *s, const struct diagnosis *d)
{
    enum lookup_state seen = dns_lookup_state(d->facts->mx_answer);

    if (is_unseen(seen) || seen == LOOKUP_BOGUS || d->facts->mx_omitted) {
        add_unknown(s, ATTRIBUTE_MX, NULL, NULL);
        add_unknown(s, ATTRIBUTE_ADDRESS, NULL, NULL);
        UNKNOWN_TOPICS(s, TOPIC_MX, TOPIC_DANE);
    }
    for (size_t i = 0; i < d->mx_count; i++)
        see_mx_host(s, &d->mx[i]);
}

/* ---- reports, verdicts, findings ------------------------------------------------------------- */

/* Verdicts are compared as they were given; one that was not given is unknown.  A finding that
 * tells of something unseen is unconfirmed, since one lost packet makes it: see take_seen(). */

static void see_tlsrpt(struct state *s, const struct dns_answer *answer)
{
    enum lookup_state seen = dns_lookup_state(answer);

    if (is_unseen(seen) || seen == LOOKUP_BOGUS) {
        add_unknown(s, ATTRIBUTE_TLSRPT, NULL, NULL);
        UNKNOWN_TOPICS(s, TOPIC_TLSRPT);
        return;
    }
    for (size_t i = 0; i < answer->record_count; i++) {
        const struct bytes *text = &answer->records[i].text;
        char *printable;

        if (!text->data || !bytes_begin_nocase(*text, TLSRPT_BEGINS))
            continue;
        printable = text_printable(s, text->data, text->length, 0);
        add(s, ATTRIBUTE_TLSRPT, "", "", printable);
        return;
    }
}

static void see_judgement(struct state *s, const struct diagnosis *d)
{
    if (!state_is_open(s, &(struct attribute){.kind = ATTRIBUTE_POSTURE}))
        add(s, ATTRIBUTE_POSTURE, "", "", posture_name(d->posture));
    if (d->delivery == DELIVERY_UNKNOWN)
        add_unknown(s, ATTRIBUTE_DELIVERY, NULL, NULL);
    else
        add(s, ATTRIBUTE_DELIVERY, "", "", delivery_name(d->delivery));
    if (d->verdict == VERDICT_UNKNOWN)
        add_unknown(s, ATTRIBUTE_VERDICT, NULL, NULL);
    else
        add(s, ATTRIBUTE_VERDICT, "", "", verdict_name(d->verdict));
}

static void see_findings(struct state *s, const struct diagnosis *d)
{
    for (size_t i = 0; i < d->finding_count; i++) {
        const struct finding *finding = &d->findings[i];
        const struct finding_info *info = finding_info(finding->code);
        struct attribute *attribute;

        if (finding_is_of_place(finding->code))
            continue; /* no change of the domain's */
        if (state_find(s, ATTRIBUTE_FINDING, info->name, finding->subject ? finding->subject : ""))
            continue; /* one of several lines */
        attribute = add(s, ATTRIBUTE_FINDING, info->name, finding->subject, "");
        attribute->severity = finding->severity;
        attribute->topic = info->topic;
        attribute->of_session = finding_value(finding, "address");
        attribute->finding = finding;
        attribute->unconfirmed = finding->severity == SEVERITY_UNKNOWN;
    }
}

struct state *state_new(TALLOC_CTX *ctx)
{
    return talloc_zero(ctx, struct state);
}

struct state *state_of(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct state *s = state_new(ctx);

    if (!s)
        return NULL;
    s->at = d->facts->observed_at;
    see_published(s, d);
    see_policy_host(s, &d->facts->policy_host);
    see_mx(s, d);
    see_tlsrpt(s, d->facts->tlsrpt_txt);
    see_judgement(s, d);
    see_findings(s, d);
    if (s->no_memory)
        TALLOC_FREE(s);
    return s;
}

/* ---- looking things up ----------------------------------------------------------------------- */

bool state_is_single(enum attribute_kind kind)
{
    static const bool sets[ATTRIBUTE_KINDS] = {[ATTRIBUTE_PATTERN] = true,
                                               [ATTRIBUTE_MX] = true,
                                               [ATTRIBUTE_ADDRESS] = true,
                                               [ATTRIBUTE_CERTIFICATE] = true,
                                               [ATTRIBUTE_FINDING] = true};

    return !sets[kind];
}

static const struct attribute *find(const struct state *s, enum attribute_kind kind,
                                    const char *subject, const char *item)
{
    for (size_t i = 0; i < s->attribute_count; i++) {
        const struct attribute *attribute = &s->attributes[i];

        if (attribute->kind == kind && (!subject || !strcmp(attribute->subject, subject)) &&
            (!item || !strcmp(attribute->item, item)))
            return attribute;
    }
    return NULL;
}

const struct attribute *state_find(const struct state *s, enum attribute_kind kind,
                                   const char *subject, const char *item)
{
    const struct attribute *attribute = find(s, kind, subject, item);

    return attribute && !attribute->past ? attribute : NULL;
}

static bool covers(const struct unknown *unknown, const struct attribute *attribute)
{
    if (unknown->kind != attribute->kind)
        return false;
    if (attribute->kind == ATTRIBUTE_FINDING)
        return unknown->topic == attribute->topic && (!unknown->sessions || attribute->of_session);
    return (!unknown->subject || !strcmp(unknown->subject, attribute->subject)) &&
           (!unknown->item || !strcmp(unknown->item, attribute->item));
}

bool state_is_open(const struct state *s, const struct attribute *attribute)
{
    for (size_t i = 0; i < s->unknown_count; i++)
        if (covers(&s->unknowns[i], attribute))
            return true;
    return false;
}

/* ---- merging --------------------------------------------------------------------------------- */

/* What is known after a check: what it saw (take_seen), then what it could not see and was known
 * before (take_known), and unknown is what neither saw (take_common).  The result is a state like
 * any other, so merging the checks of a domain in their order gives what is known of it. */

bool state_rotates(const struct state *s, const char *host)
{
    for (size_t i = 0; i < s->rotating_count; i++)
        if (!strcmp(s->rotating[i], host))
            return true;
    return false;
}

static void add_rotating(struct state *s, const char *host)
{
    const char **place;

    if (state_rotates(s, host))
        return;
    place = more(s, &s->rotating, &s->rotating_count, sizeof(*place));
    if (place)
        *place = copy(s, host);
}

static struct attribute *add_copy(struct state *s, const struct attribute *old)
{
    struct attribute *made = add(s, old->kind, old->subject, old->item, old->value);

    made->number = old->number;
    made->severity = old->severity;
    made->topic = old->topic;
    made->of_session = old->of_session;
    made->past = old->past;
    made->unconfirmed = old->unconfirmed;
    return made;
}

/* What the newest check shows: an unseen thing that was unseen before is no longer unconfirmed. */
static void take_seen(struct state *s, const struct state *known, const struct state *seen)
{
    for (size_t i = 0; i < seen->attribute_count; i++) {
        struct attribute *made = add_copy(s, &seen->attributes[i]);
        const struct attribute *before = find(known, made->kind, made->subject, made->item);

        made->finding = seen->attributes[i].finding;
        if (before && made->kind == ATTRIBUTE_FINDING)
            made->unconfirmed = false;
        if (before && before->past)
            add_rotating(s, made->subject);
    }
}

/* What it could not see, and addresses that are gone. */
static void take_known(struct state *s, const struct state *known, const struct state *seen)
{
    for (size_t i = 0; i < known->attribute_count; i++) {
        const struct attribute *old = &known->attributes[i];
        bool single = state_is_single(old->kind);

        if (find(seen, old->kind, single ? NULL : old->subject, single ? NULL : old->item))
            continue;
        /* A doubt is no knowledge: it ends where it is not seen again. */
        if ((state_is_open(seen, old) && !old->unconfirmed && !old->past) ||
            (old->kind == ATTRIBUTE_CERTIFICATE &&
             find(known, ATTRIBUTE_ADDRESS, old->subject, old->item)))
            add_copy(s, old);
        else if (old->kind == ATTRIBUTE_ADDRESS)
            add_copy(s, old)->past = true;
    }
}

static bool has_unknown(const struct state *s, const struct unknown *wanted)
{
    struct attribute attribute = {.kind = wanted->kind,
                                  .subject = wanted->subject ? wanted->subject : "",
                                  .item = wanted->item ? wanted->item : "",
                                  .topic = wanted->topic,
                                  .of_session = wanted->sessions};

    return state_is_open(s, &attribute);
}

/* What is unknown in one that the other has too. */
static void take_common(struct state *s, const struct state *one, const struct state *other)
{
    for (size_t i = 0; i < one->unknown_count; i++) {
        const struct unknown *unknown = &one->unknowns[i];

        if (!has_unknown(other, unknown) || has_unknown(s, unknown))
            continue;
        if (unknown->kind == ATTRIBUTE_FINDING)
            add_topic_unknown(s, unknown->topic, unknown->sessions);
        else
            add_unknown(s, unknown->kind, unknown->subject, unknown->item);
    }
}

struct state *state_merge(TALLOC_CTX *ctx, const struct state *known, const struct state *seen)
{
    struct state *s = state_new(ctx);

    if (!s)
        return NULL;
    s->at = seen->at;
    s->id_owed = known->id_owed;
    for (size_t i = 0; i < known->rotating_count; i++)
        add_rotating(s, known->rotating[i]);
    take_seen(s, known, seen);
    take_known(s, known, seen);
    /* What is unknown stays so where nothing was known before. */
    take_common(s, seen, known->at ? known : seen);
    if (known->at)
        take_common(s, known, seen);
    if (s->no_memory)
        TALLOC_FREE(s);
    return s;
}
