/* SPDX-License-Identifier: MIT */
/* entry_differ.c - where known senders differ, as an entry says it. */
#include "render/entry_parts.h"

#include <mtasts/mtasts.h>

#include "base/i18n.h"
#include "knowledge/article.h"
#include "render/tokens.h"
#include "render/words.h"

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
        return talloc_asprintf(ctx, _("Rejected by: %s."),
                               tokens_translated(ctx, "senders", reading->senders));
    return talloc_asprintf(ctx, _("Read as %s by: %s."), reading_words(ctx, reading),
                           tokens_translated(ctx, "senders", reading->senders));
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
        return entry_line(ctx, list,
                          talloc_strdup(ctx, _("All known senders follow the standard here.")));
    if (count && shown)
        list = entry_line(ctx, list,
                          talloc_asprintf(ctx, _("With the line \"%s\", for example:"), shown));
    for (size_t i = 0; i < count; i++)
        list = entry_line(ctx, list, reading_line(ctx, &readings[i]));
    return list;
}

char **entry_differs(TALLOC_CTX *ctx, const char *name)
{
    char **list = read_lines(ctx, entry_empty(ctx), name);

    list = entry_line(ctx, list, habit_line(ctx, name));
    return entry_sentences(ctx, list, differ_lines(name), words_example());
}
