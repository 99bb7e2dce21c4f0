/* SPDX-License-Identifier: MIT */
/* kb_entry_senders.c - where known senders differ, as an entry says it. */
#include "render/kb_entry_parts.h"

#include <mtasts/mtasts.h>

#include "base/i18n.h"
#include "knowledge/topic.h"
#include "render/value_names.h"

static const char *reading_words(TALLOC_CTX *ctx, const struct sender_differences_reading *reading)
{
    return talloc_asprintf(ctx, _("mode %s, max_age %lld"), sts_mode_name(reading->mode),
                           (long long)reading->max_age);
}

static char *reading_line(TALLOC_CTX *ctx, const struct sender_differences_reading *reading)
{
    bool rejects = reading->mode == STS_MODE_INVALID;

    if (!reading->senders && rejects)
        return talloc_strdup(ctx, _("The standard rejects such a policy."));
    if (!reading->senders)
        return talloc_asprintf(ctx, _("The standard accepts such a policy: %s."),
                               reading_words(ctx, reading));
    if (rejects)
        return talloc_asprintf(ctx, _("Rejected by: %s."),
                               value_name_translated(ctx, "senders", reading->senders));
    return talloc_asprintf(ctx, _("Read as %s by: %s."), reading_words(ctx, reading),
                           value_name_translated(ctx, "senders", reading->senders));
}

static char *habit_line(TALLOC_CTX *ctx, const char *name)
{
    char *who = NULL;
    const char *sentence = sender_differences_habit(ctx, name, &who);
    const struct param param = {"senders", who};

    return sentence ? expand_text(ctx, _(sentence), (struct expand_params){&param, 1, false})
                    : NULL;
}

static bool all_alike(const struct sender_differences_reading *readings, size_t count)
{
    return count == 2 && readings[0].mode == readings[1].mode &&
           readings[0].max_age == readings[1].max_age;
}

/* The readings of an example, each in a line. */
static char **read_lines(TALLOC_CTX *ctx, char **list, const char *name)
{
    struct sender_differences_reading *readings;
    size_t count = sender_differences_readings(ctx, name, &readings);
    const char *shown = sender_differences_example(name);

    if (count && all_alike(readings, count))
        return kb_entry_line(ctx, list,
                             talloc_strdup(ctx, _("All known senders follow the standard here.")));
    if (count && shown)
        list = kb_entry_line(ctx, list,
                             talloc_asprintf(ctx, _("With the line \"%s\", for example:"), shown));
    for (size_t i = 0; i < count; i++)
        list = kb_entry_line(ctx, list, reading_line(ctx, &readings[i]));
    return list;
}

char **kb_entry_differs(TALLOC_CTX *ctx, const char *name, struct expand_params params)
{
    char **list = read_lines(ctx, kb_entry_empty(ctx), name);

    list = kb_entry_line(ctx, list, habit_line(ctx, name));
    return kb_entry_sentences(ctx, list, sender_differences_lines(name), params);
}
