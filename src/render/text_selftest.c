/* SPDX-License-Identifier: MIT */
/* text_selftest.c - what can be seen from here, a line a point. */
#include <string.h>

#include "base/i18n.h"
#include "render/expand.h"
#include "render/selftest.h"
#include "render/text.h"

#define NAME_COLUMNS  10
#define STATE_COLUMNS 12

char *selftest_sentence(TALLOC_CTX *ctx, const struct vantage_view *view)
{
    const struct expand_params params = {.params = view->params, .count = view->param_count};

    return expand_text(ctx, _(view->sentence), params);
}

/* The names are those of the JSON, in every language. */
static const char *const states[] = {
    [VANTAGE_STATE_UNKNOWN] = N_("unknown"),
    [VANTAGE_STATE_OK] = N_("ok"),
    [VANTAGE_STATE_CLOSED] = N_("closed"),
    [VANTAGE_STATE_WRONG] = N_("wrong"),
};

static char *beginning(struct textout *out, const struct vantage_view *view)
{
    const char *state = _(states[view->state]);
    size_t columns = textout_columns(state, strlen(state));
    size_t blanks = columns < STATE_COLUMNS ? STATE_COLUMNS - columns : 1;

    return talloc_asprintf(out, "%s%-*s%s%*s", text_mark(out, view->severity), NAME_COLUMNS,
                           vantage_point_name(view->name), state, (int)blanks, "");
}

void text_vantage(struct textout *out, const struct vantage_view views[VANTAGE_COUNT])
{
    for (int i = 0; i < VANTAGE_COUNT; i++) {
        const struct vantage_view *view = &views[i];
        char *first = beginning(out, view);
        char *sentence = selftest_sentence(out, view);

        if (first && sentence)
            textout_wrap(out, 0, text_mark_style(view->severity), first, STYLE_PLAIN, sentence);
    }
}

char *guard_sentence(TALLOC_CTX *ctx, const struct guard_view *guard)
{
    const struct param detail = {"detail", guard->detail};
    const struct expand_params params = {.params = &detail, .count = guard->detail ? 1 : 0};

    return expand_text(ctx, _(guard->sentence), params);
}

static void text_guards(struct textout *out, const struct selftest_view *view)
{
    for (size_t i = 0; i < view->guard_count; i++) {
        const struct guard_view *guard = &view->guards[i];
        enum severity severity = guard->in_force ? SEVERITY_NONE : SEVERITY_LOW;
        char *first =
            talloc_asprintf(out, "%s%-*s%-*s", text_mark(out, severity), NAME_COLUMNS, guard->name,
                            STATE_COLUMNS, guard->in_force ? _("on") : _("off"));
        char *sentence = guard_sentence(out, guard);

        if (first && sentence)
            textout_wrap(out, 0, text_mark_style(severity), first, STYLE_PLAIN, sentence);
    }
}

char *text_selftest(TALLOC_CTX *ctx, const struct selftest_view *view,
                    const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    if (!options->quiet) {
        text_vantage(out, view->points);
        text_guards(out, view);
    }
    return textout_end(out);
}
