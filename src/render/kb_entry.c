/* SPDX-License-Identifier: MIT */
/* kb_entry.c - the knowledge base as `explain` shows it. */
#include "render/kb_entry.h"

#include <string.h>

#include "base/i18n.h"
#include "knowledge/advice.h"
#include "knowledge/other_words.h"
#include "knowledge/api_error.h"
#include "knowledge/topic.h"
#include "render/finding_text.h"
#include "render/kb_entry_parts.h"
#include "render/result_type.h"
#include "vendors/provider.h"

/* ---- findings and result types --------------------------------------------------------------- */

static const char *finding_group(enum finding_topic topic)
{
    static const char *const groups[] = {
        [TOPIC_RECORD] = N_("Findings: MTA-STS record"),
        [TOPIC_POLICY_HOST] = N_("Findings: policy host"),
        [TOPIC_POLICY] = N_("Findings: policy"),
        [TOPIC_MX] = N_("Findings: MX hosts"),
        [TOPIC_TLSRPT] = N_("Findings: TLSRPT record"),
        [TOPIC_DANE] = N_("Findings: DANE and DNSSEC"),
        [TOPIC_REPORT] = N_("Findings: TLS reports"),
    };

    return _(groups[topic]);
}

/* What is to be published for an MX host is a line of the policy, or a record of its key.  The
 * right form of something wrong has no example. */
static struct expand_params example_for(struct kb_entry *entry, enum finding_code code)
{
    static const char *const right[] = {
        [TOPIC_MX] = "mx: mx1.example.com", [TOPIC_DANE] = "3 1 1 DIGEST", [TOPIC_REPORT] = NULL};
    struct expand_params example = entry->example;
    struct param *list = talloc_array(entry, struct param, example.count + 1);

    if (!list)
        return example;
    memcpy(list, example.params, example.count * sizeof(*list));
    list[example.count] = (struct param){"right", right[finding_info(code)->topic]};
    return (struct expand_params){list, example.count + 1, example.name_missing};
}

/* The sentences of the advice. */
static void advise(struct kb_entry *entry, enum finding_code code)
{
    const struct advice *advice = advice_for(code);
    struct expand_params params = example_for(entry, code);

    entry->causes = kb_entry_sentences(entry, kb_entry_empty(entry), advice->causes, params);
    entry->commands = kb_entry_commands(entry, entry->commands, advice->commands, params);
    entry->fix = kb_entry_sentences(entry, kb_entry_empty(entry), advice->fix, params);
}

static bool is_among(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names;
}

/* Those that name the finding, else the one of its part. */
static char **topics_of(TALLOC_CTX *ctx, const struct finding_info *info)
{
    char **list = kb_entry_empty(ctx);
    const struct topic *topic;

    for (size_t i = 0; (topic = topic_at(i)); i++)
        if (is_among(topic->findings, info->name))
            list = kb_entry_line(ctx, list, talloc_strdup(ctx, topic->name));
    return list && list[0] ? list : kb_entry_names(ctx, list, topic_finding_see(info->topic));
}

/* What a report calls it is also what senders differ in. */
static const char *reported_name(const char *name)
{
    return strncmp(name, "report-", 7) == 0 && result_type_by_name(name + 7) ? name + 7 : name;
}

static void of_finding(struct kb_entry *entry, enum finding_code code)
{
    const struct finding_info *info = finding_info(code);

    entry->code = info->name;
    entry->kind = "finding";
    entry->group = finding_group(info->topic);
    entry->enforce = info->enforce;
    entry->testing = info->testing;
    entry->otherwise = info->otherwise;
    entry->title = _(info->title);
    entry->meaning = expand_text(entry, _(advice_for(code)->meaning), entry->example);
    entry->result_types = info->result_types;
    entry->spec = info->spec;
    entry->differs = kb_entry_differs(entry, reported_name(info->name), entry->example);
    entry->topics = topics_of(entry, info);
    advise(entry, code);
}

/* What a check finds that a sender would report so. */
static char **findings_of(TALLOC_CTX *ctx, const char *type)
{
    char **list = kb_entry_empty(ctx);

    for (int code = 0; code < FINDING_COUNT; code++) {
        const struct finding_info *info = finding_info((enum finding_code)code);

        if (result_type_of(info, type))
            list = kb_entry_line(ctx, list, talloc_strdup(ctx, info->name));
    }
    return list;
}

static void of_type(struct kb_entry *entry, const struct result_type *type)
{
    enum finding_code code = type->finding;
    const struct finding_info *info = finding_info(code);

    entry->code = type->name;
    entry->kind = "result-type";
    entry->group = _("TLS report result types");
    entry->enforce = info->enforce;
    entry->testing = info->testing;
    entry->otherwise = info->otherwise;
    entry->title = _(type->title);
    entry->meaning = _(type->meaning);
    entry->result_types = type->name;
    entry->spec = "RFC 8460 section 4.3";
    entry->findings = findings_of(entry, type->name);
    entry->differs = kb_entry_differs(entry, type->name, entry->example);
    entry->topics = kb_entry_names(entry, entry->topics, type->see);
    entry->commands = kb_entry_commands(entry, entry->commands,
                                        (const char *const[]){type->command, NULL}, entry->example);
    advise(entry, code);
}

/* ---- the row --------------------------------------------------------------------------------- */

/* Where in the row does i lie?  One of the three is set, else it is a finding. */
struct kb_place {
    const struct result_type *type;
    const struct topic *topic;
    const struct provider *provider;
};

static struct kb_place place_of(size_t i)
{
    size_t topics = topic_count();

    if (i < FINDING_COUNT)
        return (struct kb_place){NULL, NULL, NULL};
    i -= FINDING_COUNT;
    if (i < result_type_count)
        return (struct kb_place){&result_types[i], NULL, NULL};
    i -= result_type_count;
    if (i < topics)
        return (struct kb_place){NULL, topic_at(i), NULL};
    return (struct kb_place){NULL, NULL, &providers[i - topics]};
}

size_t kb_entry_count(void)
{
    return FINDING_COUNT + result_type_count + topic_count() + provider_count;
}

const char *kb_entry_name(size_t i)
{
    struct kb_place place;

    if (i >= kb_entry_count())
        return NULL;
    place = place_of(i);
    if (place.type)
        return place.type->name;
    if (place.topic)
        return place.topic->name;
    return place.provider ? place.provider->id : finding_info((enum finding_code)i)->name;
}

struct kb_entry_head kb_entry_head(size_t i)
{
    struct kb_place place = place_of(i);
    const struct finding_info *info;

    if (place.type)
        return (struct kb_entry_head){place.type->name, "result-type", _("TLS report result types"),
                                      _(place.type->title)};
    if (place.topic)
        return (struct kb_entry_head){place.topic->name, "topic", kb_entry_topic_group(place.topic),
                                      _(place.topic->title)};
    if (place.provider)
        return (struct kb_entry_head){place.provider->id, "topic", _("Topics: providers"),
                                      place.provider->name};
    info = finding_info((enum finding_code)i);
    return (struct kb_entry_head){info->name, "finding", finding_group(info->topic),
                                  _(info->title)};
}

bool kb_entry_is_named(size_t i, const char *given)
{
    const char *name = kb_entry_name(i);

    return name && topic_word_is(name, strlen(name), given);
}

bool kb_entry_is_called(size_t i, const char *given)
{
    struct kb_place place = place_of(i);
    const char *name = kb_entry_name(i);

    if (name && other_word_is_for(name, given))
        return true;
    if (place.topic)
        return topic_word_among(place.topic->aliases, given);
    return place.provider && place.provider->aliases &&
           topic_word_among(place.provider->aliases, given);
}

static bool is_whole(const struct kb_entry *entry)
{
    return entry->title && entry->meaning && entry->causes && entry->differs && entry->commands &&
           entry->fix && entry->findings && entry->topics && entry->variants;
}

/* With the lists that a kind of entry may leave empty.  NULL: no memory. */
static struct kb_entry *empty_entry(TALLOC_CTX *ctx, int64_t now)
{
    struct kb_entry *entry = talloc_zero(ctx, struct kb_entry);

    if (!entry)
        return NULL;
    entry->result_types = "";
    entry->example = finding_text_example(entry, now);
    entry->commands = kb_entry_empty(entry);
    entry->findings = kb_entry_empty(entry);
    entry->topics = kb_entry_empty(entry);
    entry->variants = kb_entry_empty(entry);
    if (!entry->example.count || !entry->commands || !entry->findings || !entry->topics ||
        !entry->variants)
        TALLOC_FREE(entry);
    return entry;
}

struct kb_entry *kb_entry_error(TALLOC_CTX *ctx, const char *name, int64_t now)
{
    const struct api_error *error = api_error_named(name);
    struct kb_entry *entry = error ? empty_entry(ctx, now) : NULL;

    if (entry)
        kb_entry_of_error(entry, error);
    if (entry && !is_whole(entry))
        TALLOC_FREE(entry);
    return entry;
}

struct kb_entry *kb_entry_new(TALLOC_CTX *ctx, size_t i, int64_t now)
{
    struct kb_entry *entry = empty_entry(ctx, now);
    struct kb_place place = place_of(i);

    if (!entry)
        return NULL;
    if (place.type)
        of_type(entry, place.type);
    else if (place.topic)
        kb_entry_of_topic(entry, place.topic);
    else if (place.provider)
        kb_entry_of_provider(entry, place.provider);
    else
        of_finding(entry, (enum finding_code)i);
    if (!is_whole(entry))
        TALLOC_FREE(entry);
    return entry;
}
