/* SPDX-License-Identifier: MIT */
/* entry.c - the knowledge base as `explain` shows it. */
#include "render/entry.h"

#include <string.h>

#include <mtasts/mtasts.h>

#include "base/i18n.h"
#include "render/expand.h"
#include "render/result_type.h"
#include "render/words.h"
#include "rules/article.h"
#include "rules/article_rows.h"
#include "rules/provider.h"

/* ---- lists ----------------------------------------------------------------------------------- */

static size_t length_of(char *const *list)
{
    size_t length = 0;

    while (list && list[length])
        length++;
    return length;
}

/* The list with one line more, or as it was where there is no line or no memory. */
static char **with_line(TALLOC_CTX *ctx, char **list, char *line)
{
    size_t length = length_of(list);
    char **longer = line ? talloc_realloc(ctx, list, char *, length + 2) : NULL;

    if (!longer)
        return list;
    longer[length] = talloc_steal(longer, line);
    longer[length + 1] = NULL;
    return longer;
}

static char **empty(TALLOC_CTX *ctx)
{
    return talloc_zero_array(ctx, char *, 1);
}

static char **with_sentences(TALLOC_CTX *ctx, char **list, const char *const *msgids,
                             struct expand_params params)
{
    for (; msgids && *msgids; msgids++)
        list = with_line(ctx, list, expand_text(ctx, _(*msgids), params));
    return list;
}

/* Not those for options that nobody gave, and none twice. */
static char **with_commands(TALLOC_CTX *ctx, char **list, const char *const *templates,
                            struct expand_params params)
{
    for (; templates && *templates; templates++) {
        char *line = words_is_optional(*templates) ? NULL : expand_command(ctx, *templates, params);
        size_t i = 0;

        while (line && list && list[i] && strcmp(list[i], line) != 0)
            i++;
        list = with_line(ctx, list, list && list[i] ? NULL : line);
    }
    return list;
}

static char **with_names(TALLOC_CTX *ctx, char **list, const char *const *names)
{
    for (; names && *names; names++)
        list = with_line(ctx, list, talloc_strdup(ctx, *names));
    return list;
}

/* ---- where senders differ -------------------------------------------------------------------- */

static const char *reading_words(TALLOC_CTX *ctx, const struct differ_reading *reading)
{
    return talloc_asprintf(ctx, _("mode %s, max_age %lld"), sts_mode_name(reading->mode),
                           (long long)reading->max_age);
}

static char *reading_line(TALLOC_CTX *ctx, const struct differ_reading *reading)
{
    bool rejects = reading->mode == STS_MODE_INVALID;

    if (!reading->senders && rejects)
        return talloc_strdup(ctx, _("The standard rejects such a policy."));
    if (!reading->senders)
        return talloc_asprintf(ctx, _("The standard accepts such a policy: %s."),
                               reading_words(ctx, reading));
    if (rejects)
        return talloc_asprintf(ctx, _("These reject it: %s."), reading->senders);
    return talloc_asprintf(ctx, _("These read it as %s: %s."), reading_words(ctx, reading),
                           reading->senders);
}

static char *habit_line(TALLOC_CTX *ctx, const char *name)
{
    char *who = NULL;
    const char *sentence = differ_habit(ctx, name, &who);
    const struct param param = {"senders", who};

    return sentence ? expand_text(ctx, _(sentence), (struct expand_params){&param, 1, false})
                    : NULL;
}

static bool all_alike(const struct differ_reading *readings, size_t count)
{
    return count == 2 && readings[0].mode == readings[1].mode &&
           readings[0].max_age == readings[1].max_age;
}

/* The readings of an example, each in a line. */
static char **read_lines(TALLOC_CTX *ctx, char **list, const char *name)
{
    struct differ_reading *readings;
    size_t count = differ_readings(ctx, name, &readings);
    const char *shown = differ_example(name);

    if (count && all_alike(readings, count))
        return with_line(ctx, list,
                         talloc_strdup(ctx, _("All known senders read it as the standard does.")));
    if (count && shown)
        list = with_line(ctx, list,
                         talloc_asprintf(ctx, _("With the line \"%s\", for example:"), shown));
    for (size_t i = 0; i < count; i++)
        list = with_line(ctx, list, reading_line(ctx, &readings[i]));
    return list;
}

static char **differs(TALLOC_CTX *ctx, const char *name)
{
    char **list = read_lines(ctx, empty(ctx), name);

    list = with_line(ctx, list, habit_line(ctx, name));
    return with_sentences(ctx, list, differ_lines(name), words_example());
}

/* ---- findings and result types --------------------------------------------------------------- */

static const char *finding_group(enum topic topic)
{
    static const char *const groups[] = {
        [TOPIC_RECORD] = N_("Findings: the record"),
        [TOPIC_POLICY_HOST] = N_("Findings: the policy host"),
        [TOPIC_POLICY] = N_("Findings: the policy"),
        [TOPIC_MX] = N_("Findings: the MX hosts"),
        [TOPIC_TLSRPT] = N_("Findings: the record for reports"),
        [TOPIC_DANE] = N_("Findings: DANE and DNSSEC"),
        [TOPIC_REPORT] = N_("Findings: what reports tell"),
    };

    return _(groups[topic]);
}

/* The sentences of the advice. */
static void advise(struct entry *entry, enum finding_code code)
{
    const struct advice *advice = advice_for(code);
    struct expand_params params = words_example();

    entry->causes = with_sentences(entry, empty(entry), advice->causes, params);
    entry->commands = with_commands(entry, entry->commands, advice->commands, params);
    entry->fix = with_sentences(entry, empty(entry), advice->fix, params);
}

static bool is_among(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names;
}

static char **topics_of(TALLOC_CTX *ctx, const char *code)
{
    char **list = empty(ctx);
    const struct article *article;

    for (size_t i = 0; (article = article_at(i)); i++)
        if (is_among(article->findings, code))
            list = with_line(ctx, list, talloc_strdup(ctx, article->name));
    return list;
}

/* What a report calls it is also what senders differ in. */
static const char *reported_name(const char *name)
{
    return strncmp(name, "report-", 7) == 0 && result_type_by_name(name + 7) ? name + 7 : name;
}

static void of_finding(struct entry *entry, enum finding_code code)
{
    const struct finding_info *info = finding_info(code);

    entry->code = info->name;
    entry->kind = "finding";
    entry->group = finding_group(info->topic);
    entry->enforce = info->enforce;
    entry->testing = info->testing;
    entry->otherwise = info->otherwise;
    entry->title = _(info->title);
    entry->meaning = expand_text(entry, _(advice_for(code)->meaning), words_example());
    entry->result_types = info->result_types;
    entry->spec = info->spec;
    entry->differs = differs(entry, reported_name(info->name));
    entry->topics = topics_of(entry, info->name);
    advise(entry, code);
}

/* The finding that a report of this type leads to. */
static enum finding_code report_finding(TALLOC_CTX *ctx, const char *type)
{
    char *name = talloc_asprintf(ctx, "report-%s", type);
    enum finding_code code = name ? finding_by_name(name) : FINDING_COUNT;

    return code == FINDING_COUNT ? FINDING_REPORT_OTHER : code;
}

/* What a check finds that a sender would report so. */
static char **findings_of(TALLOC_CTX *ctx, const char *type)
{
    char **list = empty(ctx);

    for (int code = 0; code < FINDING_COUNT; code++) {
        const struct finding_info *info = finding_info((enum finding_code)code);

        if (result_type_of(info, type))
            list = with_line(ctx, list, talloc_strdup(ctx, info->name));
    }
    return list;
}

static void of_type(struct entry *entry, const struct result_type *type)
{
    enum finding_code code = report_finding(entry, type->name);
    const struct finding_info *info = finding_info(code);

    entry->code = type->name;
    entry->kind = "result-type";
    entry->group = _("Result types of TLS reports");
    entry->enforce = info->enforce;
    entry->testing = info->testing;
    entry->otherwise = info->otherwise;
    entry->title = _(type->title);
    entry->meaning = _(type->meaning);
    entry->result_types = type->name;
    entry->spec = "RFC 8460 section 4.3";
    entry->findings = findings_of(entry, type->name);
    entry->differs = differs(entry, type->name);
    entry->commands = with_commands(entry, entry->commands,
                                    (const char *const[]){type->command, NULL}, words_example());
    advise(entry, code);
}

/* ---- topics ---------------------------------------------------------------------------------- */

static const char *article_group(enum article_group group)
{
    static const char *const groups[] = {
        [ARTICLE_TERM] = N_("Topics: words of the trade"),
        [ARTICLE_QUESTION] = N_("Topics: when something does not work"),
        [ARTICLE_ROLLOUT] = N_("Topics: roll-out and roll-back"),
        [ARTICLE_REPORT] = N_("Topics: reports and senders"),
    };

    return _(groups[group]);
}

static void of_article(struct entry *entry, const struct article *article)
{
    struct expand_params params = words_example();

    entry->code = article->name;
    entry->kind = "topic";
    entry->group = article_group(article->group);
    entry->title = _(article->title);
    entry->meaning = expand_text(entry, _(article->meaning), params);
    entry->spec = article->spec;
    entry->causes = with_sentences(entry, empty(entry), article->causes, params);
    entry->commands = with_commands(entry, entry->commands, article->commands, params);
    entry->fix = with_sentences(entry, empty(entry), article->fix, params);
    entry->findings = with_names(entry, entry->findings, article->findings);
    entry->differs = differs(entry, article->name);
}

/* ---- providers: topics out of their table ---------------------------------------------------- */

/* How to see it: by what the provider does for a domain. */
static const char *const *provider_commands(const struct provider *provider)
{
    static const char *const mail[] = {COMPARE_MX, CERT_OF_MX, NULL};
    static const char *const hosting[] = {DIG_POLICY, CURL_HEAD, CERT_OF_POLICY_HOST, NULL};
    static const char *const delegation[] = {"dig +short CNAME {record_name}",
                                             "dig +short CNAME {policy_host}", CURL_HEAD, NULL};

    if (provider->kinds & PROVIDER_DELEGATION)
        return delegation;
    return provider->kinds & PROVIDER_HOSTING ? hosting : mail;
}

/* The mx lines it wants, "mx: a, mx: b"; its places know them as {provider_mx}. */
static const char *provider_lines(TALLOC_CTX *ctx, const struct provider *provider)
{
    char *lines = NULL;

    for (const char *const *p = provider->mx_patterns; p && *p; p++)
        lines = lines ? talloc_asprintf_append(lines, ", mx: %s", *p)
                      : talloc_asprintf(ctx, "mx: %s", *p);
    return lines || !provider->mx_names ? lines
                                        : talloc_asprintf(ctx, "mx: HOST%s", provider->mx_names[0]);
}

static struct expand_params provider_params(TALLOC_CTX *ctx, const struct provider *provider)
{
    struct expand_params params = words_example();
    struct param *more = talloc_array(ctx, struct param, params.count + 2);
    const char *lines;

    if (!more)
        return params;
    memcpy(more, params.params, params.count * sizeof(*more));
    more[params.count++] = (struct param){"provider", provider->name};
    lines = provider_lines(ctx, provider);
    if (lines)
        more[params.count++] = (struct param){"provider_mx", lines};
    params.params = more;
    return params;
}

static void of_provider(struct entry *entry, const struct provider *provider)
{
    struct expand_params params = provider_params(entry, provider);
    const char *const *const steps[] = {provider->mx_steps, provider->cert_steps,
                                        provider->host_steps};

    entry->code = provider->id;
    entry->kind = "topic";
    entry->group = _("Topics: providers");
    entry->title = provider->name;
    entry->meaning = expand_text(entry, _(provider->meaning), params);
    entry->spec = provider->kinds & PROVIDER_MAIL ? "RFC 8461 section 4.1" : "RFC 8461 section 3.3";
    entry->causes = with_sentences(entry, empty(entry), provider->faults, params);
    entry->commands = with_commands(entry, entry->commands, provider_commands(provider), params);
    entry->fix = empty(entry);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        entry->fix = with_sentences(entry, entry->fix, steps[i], params);
    entry->differs = differs(entry, provider->id);
}

/* ---- the row --------------------------------------------------------------------------------- */

/* Where in the row does i lie?  One of the three is set, else it is a finding. */
struct place {
    const struct result_type *type;
    const struct article *article;
    const struct provider *provider;
};

static size_t article_count(void)
{
    size_t count = 0;

    while (article_at(count))
        count++;
    return count;
}

static struct place place_of(size_t i)
{
    size_t articles = article_count();

    if (i < FINDING_COUNT)
        return (struct place){NULL, NULL, NULL};
    i -= FINDING_COUNT;
    if (i < result_type_count)
        return (struct place){&result_types[i], NULL, NULL};
    i -= result_type_count;
    if (i < articles)
        return (struct place){NULL, article_at(i), NULL};
    return (struct place){NULL, NULL, &providers[i - articles]};
}

size_t entry_count(void)
{
    return FINDING_COUNT + result_type_count + article_count() + provider_count;
}

const char *entry_name(size_t i)
{
    struct place place;

    if (i >= entry_count())
        return NULL;
    place = place_of(i);
    if (place.type)
        return place.type->name;
    if (place.article)
        return place.article->name;
    return place.provider ? place.provider->id : finding_info((enum finding_code)i)->name;
}

bool entry_is_named(size_t i, const char *given)
{
    const char *name = entry_name(i);

    return name && article_word_is(name, strlen(name), given);
}

bool entry_is_called(size_t i, const char *given)
{
    struct place place = place_of(i);

    if (place.article)
        return article_word_among(place.article->aliases, given);
    return place.provider && place.provider->aliases &&
           article_word_among(place.provider->aliases, given);
}

static bool is_whole(const struct entry *entry)
{
    return entry->title && entry->meaning && entry->causes && entry->differs && entry->commands &&
           entry->fix && entry->findings && entry->topics;
}

struct entry *entry_new(TALLOC_CTX *ctx, size_t i)
{
    struct entry *entry = talloc_zero(ctx, struct entry);
    struct place place = place_of(i);

    if (!entry)
        return NULL;
    entry->result_types = "";
    entry->commands = empty(entry);
    entry->findings = empty(entry);
    entry->topics = empty(entry);
    if (!entry->commands || !entry->findings || !entry->topics) {
        talloc_free(entry);
        return NULL;
    }
    if (place.type)
        of_type(entry, place.type);
    else if (place.article)
        of_article(entry, place.article);
    else if (place.provider)
        of_provider(entry, place.provider);
    else
        of_finding(entry, (enum finding_code)i);
    if (!is_whole(entry))
        TALLOC_FREE(entry);
    return entry;
}
