/* SPDX-License-Identifier: MIT */
/* text_outline.c - an outline for a person: headline, notes, steps, horizons, files. */
#include "render/outline.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/expand.h"
#include "render/text.h"

#define INDENT ((size_t)2)

static const char *const behaviours[] = {
    [BEHAVIOUR_EACH_DELIVERY] =
        N_("check the id before each delivery (postfix-mta-sts-resolver, mox, maddy, KumoMTA)"),
    [BEHAVIOUR_DAILY] = N_("check once a day, as RFC 8461 suggests (Momentum)"),
    [BEHAVIOUR_MAX_AGE] =
        N_("keep the old policy until its max_age expires, whatever the id is (postfix-tlspol)"),
};

static struct expand_params params_of(const struct sentence *s)
{
    return (struct expand_params){s->params, s->param_count, false};
}

static char *words(struct page *page, const struct sentence *s)
{
    return s->text ? expand_text(page, _(s->text), params_of(s)) : NULL;
}

/* "2026-11-23 15:00 UTC" */
static const char *when(struct page *page, int64_t time)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format_minute(time, text);
    return talloc_asprintf(page, "%s UTC", text);
}

static void show_notes(struct page *page, const struct outline *o)
{
    for (size_t i = 0; i < o->note_count; i++) {
        const struct note *note = &o->notes[i];
        bool told = note->severity <= SEVERITY_INFO; /* and not judged */

        page_wrap(page, INDENT, told ? STYLE_PLAIN : text_mark_style(note->severity),
                  told ? "- " : text_mark(page, note->severity), STYLE_PLAIN,
                  words(page, &note->sentence));
    }
}

/* Commands are never wrapped: they are there to be copied. */
static void show_commands(struct page *page, const struct outline *o, const struct step *step)
{
    struct expand_params params = {o->general, o->general_count, false};

    for (size_t i = 0; step->commands && step->commands[i]; i++) {
        char *command = expand_command(page, step->commands[i], params);

        if (command)
            page_line(page, 3 * INDENT, STYLE_BOLD, command);
    }
}

static void show_step(struct page *page, const struct outline *o, size_t i)
{
    const struct step *step = &o->steps[i];
    char *number = talloc_asprintf(page, "%zu. ", i + 1);
    char *text = words(page, &step->sentence);

    if (step->from)
        text = talloc_asprintf(page, _("From %s: %s"), when(page, step->from), text);
    if (step->artefact)
        text = talloc_asprintf(page, "%s [%s]", text, step->artefact);
    if (number)
        page_wrap(page, INDENT, STYLE_BOLD, number, STYLE_PLAIN, text);
    show_commands(page, o, step);
}

static void show_horizons(struct page *page, const struct outline *o)
{
    page_blank(page);
    if (o->horizons_from)
        page_line(page, 0, STYLE_BOLD,
                  talloc_asprintf(page,
                                  _("When the change has reached all senders, if published by %s:"),
                                  when(page, o->horizons_from)));
    else
        page_line(page, 0, STYLE_BOLD, _("When the change has reached all senders:"));
    for (size_t i = 0; i < o->horizon_count; i++) {
        const struct horizon *h = &o->horizons[i];
        char *first = h->until ? talloc_asprintf(page, "%s  ", when(page, h->until))
                               : talloc_asprintf(page, "%-20s  ", _("not known"));

        if (first)
            page_wrap(page, INDENT, STYLE_BOLD, first, STYLE_PLAIN,
                      talloc_asprintf(page, _("at the latest: senders that %s"),
                                      _(behaviours[h->behaviour])));
    }
}

/* Line by line at the margin, ready to be copied. */
static void show_file(struct page *page, const struct artefact *artefact, const struct outline *o)
{
    struct expand_params params = {o->general, o->general_count, false};
    const char *at = artefact->text;

    page_blank(page);
    page_wrap(page, 0, STYLE_BOLD, "# ", STYLE_BOLD,
              talloc_asprintf(page, "%s: %s", artefact->file,
                              expand_text(page, _(artefact->title), params)));
    while (*at) {
        size_t length = strcspn(at, "\r\n");

        page_line(page, 0, STYLE_PLAIN, talloc_strndup(page, at, length));
        at += length;
        at += *at == '\r';
        at += *at == '\n';
    }
}

void text_outline_body(struct page *page, const struct outline *o, bool with_files)
{
    if (o->note_count)
        page_blank(page);
    show_notes(page, o);
    if (o->step_count) {
        page_blank(page);
        page_line(page, 0, STYLE_BOLD, _("What to do:"));
    }
    for (size_t i = 0; i < o->step_count; i++)
        show_step(page, o, i);
    if (o->horizon_count)
        show_horizons(page, o);
    for (size_t i = 0; with_files && i < o->artefact_count; i++)
        show_file(page, &o->artefacts[i], o);
}

char *text_outline(TALLOC_CTX *ctx, const struct outline *o, bool with_files,
                   const struct page_options *options)
{
    struct page *page = page_new(ctx, options);
    char *headline;

    if (!page)
        return NULL;
    headline = words(page, &o->headline);
    if (o->domain)
        headline = talloc_asprintf(page, "%s: %s", o->domain, headline ? headline : "");
    page_wrap(page, 0, text_mark_style(o->severity), text_mark(page, o->severity), STYLE_BOLD,
              headline);
    if (!options->quiet)
        text_outline_body(page, o, with_files);
    return page_end(page);
}
