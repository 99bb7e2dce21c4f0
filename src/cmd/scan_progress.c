/* SPDX-License-Identifier: MIT */
/* scan_progress.c - one line that tells how far a scan has come. */
#include "cmd/scan_progress.h"

#include <string.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "render/textout.h"

#define PACE_MS 1000 /* between two rates */

/* "done" of the list, as far as it is known how long that is. */
static char *done(TALLOC_CTX *ctx, const struct scan_progress *p)
{
    int64_t all = p->done + p->unusable + p->done_before;

    if (p->listed < 0)
        return talloc_asprintf(ctx, _("%lld done"), (long long)all);
    if (p->listed_is_guess) /* which was too low where more are done */
        return talloc_asprintf(ctx, _("%lld of about %lld done"), (long long)all,
                               (long long)(all > p->listed ? all : p->listed));
    return talloc_asprintf(ctx, _("%lld of %lld done"), (long long)all, (long long)p->listed);
}

/* "" where nothing can be said. */
static char *left(TALLOC_CTX *ctx, const struct scan_progress *p)
{
    int64_t seconds = (p->left_ms + 500) / 1000;

    if (p->draining)
        return talloc_strdup(ctx, _("stopping; interrupt again to abort"));
    if (p->left_ms == ESTIMATE_UNKNOWN)
        return talloc_strdup(ctx, "");
    if (seconds >= 3600)
        return talloc_asprintf(ctx, _("about %lld h %02lld min left"), (long long)seconds / 3600,
                               (long long)seconds / 60 % 60);
    return talloc_asprintf(ctx, _("about %lld:%02lld left"), (long long)seconds / 60,
                           (long long)seconds % 60);
}

/* Each part is whole or not there. */
static char *add(char *text, const char *part, size_t columns)
{
    size_t length = text && part ? strlen(text) + strlen(", ") + strlen(part) : 0;
    char *longer;

    if (!length || !*part)
        return text;
    longer = talloc_asprintf(talloc_parent(text), "%s, %s", text, part);
    return !longer || textout_columns(longer, length) > columns ? text : longer;
}

static void take_pace(struct scan_pace *pace, const struct scan_progress *p)
{
    if (p->elapsed_ms - pace->at < PACE_MS)
        return;
    pace->rate = (double)(p->done - pace->done) * 1000 / (double)(p->elapsed_ms - pace->at);
    pace->at = p->elapsed_ms;
    pace->done = p->done;
}

char *scan_progress_text(TALLOC_CTX *ctx, struct scan_pace *pace, const struct scan_progress *p,
                         size_t columns)
{
    char *text = done(ctx, p);

    take_pace(pace, p);
    text = add(text, left(ctx, p), columns);
    text = add(text, talloc_asprintf(ctx, _("%lld critical"), (long long)p->failed), columns);
    text = add(text, talloc_asprintf(ctx, _("%lld in progress"), (long long)p->running), columns);
    return add(text, talloc_asprintf(ctx, _("%.0f per second"), pace->rate), columns);
}

void scan_progress_show(void *arg, const struct scan_progress *progress)
{
    TALLOC_CTX *work = talloc_new(NULL);

    console_progress(scan_progress_text(work, arg, progress, console_progress_room()));
    talloc_free(work);
}
