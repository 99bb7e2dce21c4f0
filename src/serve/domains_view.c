/* SPDX-License-Identifier: MIT */
/* domains_view.c - names out of the store to words for people. */
#include "serve/domains_view.h"

#include <string.h>

#include <mtasts/policy.h>

#include "base/i18n.h"
#include "render/posture_text.h"
#include "serve/access.h"

#define DAY_S 86400

/* ---- words ----------------------------------------------------------------------------------- */

struct word {
    const char *name, *text; /* text: a msgid */
};

static const struct word verdicts[] = {
    {"critical", N_("critical")},
    {"warning", N_("warning")},
    {"unknown", N_("not judged")},
    {"ok", N_("OK")},
    {STORE_UNCHECKED, N_("not checked yet")},
};
/* As a page offers them. */
static const enum posture postures[POSTURE_COUNT] = {POSTURE_ENFORCE, POSTURE_TESTING,
                                                     POSTURE_NONE,    POSTURE_ABSENT,
                                                     POSTURE_BROKEN,  POSTURE_NONEXISTENT};
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *word_of(const struct word *words, size_t count, const char *name)
{
    for (size_t i = 0; name && i < count; i++)
        if (strcmp(words[i].name, name) == 0)
            return _(words[i].text);
    return name ? name : "–";
}

static const char *posture_of(const char *name)
{
    for (size_t i = 0; name && i < COUNT(postures); i++)
        if (!strcmp(posture_name(postures[i]), name))
            return _(posture_msgid(postures[i]));
    return name ? name : "–";
}

static const char *certificate_of(TALLOC_CTX *ctx, int64_t ends, int64_t now)
{
    int64_t days = (ends - now) / DAY_S;

    if (!ends)
        return NULL;
    if (ends <= now)
        return _("expired");
    return talloc_asprintf(ctx, ngettext("%lld day", "%lld days", (unsigned long)days),
                           (long long)days);
}

static const char *change_text(TALLOC_CTX *ctx, const struct outlook *next)
{
    int64_t days = next->max_age / DAY_S;

    return talloc_asprintf(ctx,
                           ngettext("Publish mode %s, max_age %lld day",
                                    "Publish mode %s, max_age %lld days", (unsigned long)days),
                           sts_mode_name(next->mode), (long long)days);
}

static const char *next_text(TALLOC_CTX *ctx, const struct domain_list_row *row)
{
    switch (row->next.kind) {
    case OUTLOOK_UNKNOWN:
        return row->state.checked ? _("Check again") : "–";
    case OUTLOOK_REPAIR:
        return _("Fix what was found");
    case OUTLOOK_ROLLBACK:
        return _("Fix it now, or roll back");
    case OUTLOOK_CHANGE:
        return change_text(ctx, &row->next);
    case OUTLOOK_COMPLETE:
        return _("None: the rollout is complete");
    case OUTLOOK_NO_MAIL:
        return _("None: the domain accepts no mail");
    }
    return "";
}

/* ---- rows ------------------------------------------------------------------------------------ */

static const char *const *tags_of(TALLOC_CTX *ctx, const char *tags)
{
    const char **list = talloc_zero_array(ctx, const char *, STORE_TAGS_MAX + 1);
    char *rest = list ? talloc_strdup(list, tags) : NULL, *tag;
    size_t count = 0;

    while (rest && count < STORE_TAGS_MAX && (tag = strsep(&rest, " ")))
        if (*tag)
            list[count++] = tag;
    return list;
}

static struct domains_row row_of(TALLOC_CTX *ctx, const struct domain_list_row *row, int64_t now,
                                 bool with_group)
{
    const struct store_listed_domain *d = &row->state;

    return (struct domains_row){
        .domain = d->place.name,
        .proven = d->proven != 0,
        .group = with_group ? d->group_name : NULL,
        .mark = domains_mark(d->verdict),
        .verdict = d->proven ? word_of(verdicts, COUNT(verdicts),
                                       d->verdict ? d->verdict : STORE_UNCHECKED)
                             : _("ownership not confirmed"),
        .code = d->code,
        .cause = domains_cause(ctx, d->code, d->subject),
        .posture = posture_of(d->posture),
        .certificate = certificate_of(ctx, d->cert_ends, now),
        .changed_at = d->changed_at,
        .failed = d->failed,
        .next = next_text(ctx, row),
        .tags = tags_of(ctx, d->tags),
    };
}

struct domains_row *domains_view_rows(TALLOC_CTX *ctx, const struct domain_list *list,
                                      bool with_group)
{
    struct domains_row *rows =
        talloc_zero_array(ctx, struct domains_row, (unsigned)list->row_count + 1);

    for (size_t i = 0; rows && i < list->row_count; i++) {
        rows[i] = row_of(rows, &list->rows[i], list->request.now, with_group);
        if (!rows[i].tags)
            return NULL;
    }
    return rows;
}

/* ---- heads ----------------------------------------------------------------------------------- */

/* Whether the natural order is from the small to the large, for those who hear the table. */
static const struct {
    const char *label;
    enum store_list_sort sort;
    bool sorts, ascending;
} columns[] = {
    {N_("Domain"), STORE_BY_NAME, true, true},
    {N_("Verdict"), STORE_BY_HARM, true, false},
    {N_("Posture"), STORE_BY_POSTURE, true, true},
    {N_("Certificate"), STORE_BY_CERTIFICATE, true, true},
    {N_("Last change"), STORE_BY_CHANGE, true, false},
    {N_("Failed, 7 days"), STORE_BY_FAILURES, true, false},
    {N_("Next step"), STORE_BY_NAME, false, true},
};

struct domains_head *domains_view_heads(TALLOC_CTX *ctx, const struct domains_param *params,
                                        struct store_list_order order, size_t *ret_count)
{
    struct domains_head *heads = talloc_zero_array(ctx, struct domains_head, COUNT(columns));

    for (size_t i = 0; heads && i < COUNT(columns); i++) {
        bool is = columns[i].sorts && columns[i].sort == order.sort;
        struct store_list_order next = {columns[i].sort, is && !order.reversed};
        char *name = domain_list_order_text(heads, next);

        heads[i].label = _(columns[i].label);
        if (columns[i].sorts && name)
            heads[i].href = domains_link(heads, params, NULL, "sort", name);
        if (is)
            heads[i].sort = columns[i].ascending != order.reversed ? "ascending" : "descending";
    }
    *ret_count = COUNT(columns);
    return heads;
}

/* ---- the filter ------------------------------------------------------------------------------ */

static struct choice *options_of(TALLOC_CTX *ctx, const struct word *words, size_t count,
                                 const char *chosen)
{
    struct choice *options = talloc_zero_array(ctx, struct choice, (unsigned)count + 1);

    if (!options)
        return NULL;
    options[0] = (struct choice){"", _("any"), !chosen};
    for (size_t i = 0; i < count; i++)
        options[i + 1] = (struct choice){words[i].name, _(words[i].text),
                                         chosen && !strcmp(chosen, words[i].name)};
    return options;
}

struct choice *domains_view_verdicts(TALLOC_CTX *ctx, const char *chosen, size_t *ret_count)
{
    *ret_count = COUNT(verdicts) + 1;
    return options_of(ctx, verdicts, COUNT(verdicts), chosen);
}

struct choice *domains_view_postures(TALLOC_CTX *ctx, const char *chosen, size_t *ret_count)
{
    struct word words[POSTURE_COUNT];

    for (size_t i = 0; i < COUNT(postures); i++)
        words[i] = (struct word){posture_name(postures[i]), posture_msgid(postures[i])};
    *ret_count = COUNT(postures) + 1;
    return options_of(ctx, words, COUNT(postures), chosen);
}

struct choice *domains_view_tags(TALLOC_CTX *ctx, const struct domain_list *list, size_t *ret_count)
{
    const char *chosen = list->request.filter.tag;
    struct choice *options = talloc_zero_array(ctx, struct choice, (unsigned)list->tag_count + 2);
    bool found = !chosen;
    size_t count = 0;

    if (!options)
        return NULL;
    options[count++] = (struct choice){"", _("any"), !chosen};
    for (size_t i = 0; i < list->tag_count; i++) {
        bool is = chosen && strcmp(chosen, list->tags[i].tag) == 0;

        found |= is;
        options[count++] = (struct choice){list->tags[i].tag,
                                           talloc_asprintf(options, "%s (%lld)", list->tags[i].tag,
                                                           (long long)list->tags[i].domains),
                                           is};
    }
    if (!found)
        options[count++] = (struct choice){chosen, chosen, true};
    *ret_count = count;
    return options;
}

struct choice *domains_view_groups(TALLOC_CTX *ctx, const struct access_list *groups,
                                   int64_t chosen, enum store_role least, bool any,
                                   size_t *ret_count)
{
    struct choice *options = talloc_zero_array(ctx, struct choice, (unsigned)groups->count + 1);
    size_t count = 0;

    if (!options)
        return NULL;
    if (any)
        options[count++] = (struct choice){"", _("any"), !chosen};
    for (size_t i = 0; i < groups->count; i++)
        if (groups->groups[i].role >= least)
            options[count++] = (struct choice){
                talloc_asprintf(options, "%lld", (long long)groups->groups[i].group),
                groups->groups[i].group_name, groups->groups[i].group == chosen};
    *ret_count = count;
    return options;
}

static const struct word labels[] = {
    {"q", N_("Name contains")}, {"verdict", N_("Verdict")}, {"posture", N_("Posture")},
    {"tag", N_("Tag")},         {"cause", N_("Cause")},     {"part", N_("Uses")},
    {"group", N_("Group")},
};

static const char *value_shown(const struct domains_param *param, const struct choice *groups,
                               size_t group_count)
{
    if (!strcmp(param->name, "verdict"))
        return word_of(verdicts, COUNT(verdicts), param->value);
    if (!strcmp(param->name, "posture"))
        return posture_of(param->value);
    for (size_t i = 0; i < group_count && !strcmp(param->name, "group"); i++)
        if (!strcmp(groups[i].value, param->value))
            return groups[i].label;
    return param->value;
}

struct domains_narrowing *domains_view_narrowings(TALLOC_CTX *ctx,
                                                  const struct domains_param *params,
                                                  const struct choice *groups, size_t group_count,
                                                  size_t *ret_count)
{
    struct domains_narrowing *list =
        talloc_zero_array(ctx, struct domains_narrowing, DOMAINS_PARAMS_MAX);
    size_t count = 0;

    for (size_t i = 0; list && params[i].name; i++)
        list[count++] = (struct domains_narrowing){
            .label = word_of(labels, COUNT(labels), params[i].name),
            .value = value_shown(&params[i], groups, group_count),
            .href = domains_link(list, params, params[i].name, NULL, NULL)};
    *ret_count = count;
    return list;
}
