/* SPDX-License-Identifier: MIT */
/* text_chain.c - the chain DNS, policy host, policy, certificate, MX, TLS-RPT, DANE, a mark a step.
 */
#include "render/text.h"

#include <string.h>

#include "render/chain.h"

#define LABEL_COLUMNS 13

static void show_step(struct textout *out, const struct chain_link *step)
{
    size_t columns = textout_columns(step->label, strlen(step->label));
    size_t blanks = columns < LABEL_COLUMNS ? LABEL_COLUMNS - columns : 1;
    char *first = talloc_asprintf(out, "%s%s%*s", text_mark(out, step->severity), step->label,
                                  (int)blanks, "");

    if (first)
        textout_wrap(out, 2, text_mark_style(step->severity), first, STYLE_PLAIN, step->text);
}

static void show_host(struct textout *out, const struct chain_host *host)
{
    /* titles begin with a capital letter, so no semicolon */
    const char *between = textout_options(out)->utf8 ? " · " : " - ";
    char *text = talloc_strdup(out, host->text);

    for (size_t i = 0; text && i < host->title_count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? between : ": ", host->titles[i]);
    textout_wrap(out, 4 + LABEL_COLUMNS, text_mark_style(host->severity),
                 text_mark(out, host->severity), STYLE_PLAIN, text);
}

void text_chain(struct textout *out, const struct diagnosis *d)
{
    const struct chain *chain = chain_new(out, d);

    for (size_t i = 0; chain && i < LOOK_STEPS; i++) {
        show_step(out, &chain->steps[i]);
        for (size_t j = 0; i == LOOK_MX && j < chain->host_count; j++)
            show_host(out, &chain->hosts[j]);
    }
}

void text_chain_marks(struct textout *out, const struct diagnosis *d)
{
    const struct chain *chain = chain_new(out, d);

    for (size_t i = 0; chain && i < LOOK_STEPS; i++) {
        enum severity severity = chain->steps[i].severity;

        textout_piece(out, STYLE_PLAIN, "  ");
        textout_piece(out, text_mark_style(severity), text_mark(out, severity));
        textout_piece(out, STYLE_PLAIN, chain->steps[i].label);
    }
    textout_line(out, 0, STYLE_PLAIN, "");
}
