/* SPDX-License-Identifier: MIT */
/* text_report_words.c - a report of ours in words: what failed, and how to fix it. */
#include "render/report.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/result_type.h"
#include "render/text.h"

#define WIDTH 72 /* of a mail */
#define SHOWN 1000

/* Of the findings those that a failure makes: what several senders say is not to be known here. */
static bool is_failure(enum finding_code code)
{
    for (size_t i = 0; i < result_type_count; i++)
        if (result_types[i].finding == code)
            return true;
    return code == FINDING_REPORT_OTHER;
}

static struct finding *failures(TALLOC_CTX *ctx, const struct report_view *view, size_t *ret_count)
{
    struct finding *list = talloc_array(ctx, struct finding, (unsigned)view->finding_count + 1);

    *ret_count = 0;
    for (size_t i = 0; list && i < view->finding_count; i++)
        if (is_failure(view->findings[i].code))
            list[(*ret_count)++] = view->findings[i];
    return list;
}

static void paragraph(struct textout *out, const char *text)
{
    textout_wrap(out, 0, STYLE_PLAIN, "", STYLE_PLAIN, text ? text : "");
}

static const char *shown(TALLOC_CTX *ctx, const char *text)
{
    const char *printable = text_printable(ctx, text, strlen(text), SHOWN);

    return printable ? printable : "";
}

static void write_failures(struct textout *out, const struct report_words *words)
{
    size_t count;
    const struct finding *list = failures(out, words->view, &count);

    textout_blank(out);
    paragraph(out, _("What failed, and how to fix it:"));
    if (list)
        text_show_findings(out, list, count);
}

static void write_end(struct textout *out, const struct report_words *words)
{
    textout_blank(out);
    if (words->left_out)
        paragraph(out, _("The report does not contain all details, as it would have been too "
                         "large; all sessions are counted."));
    paragraph(out, talloc_asprintf(out,
                                   _("The attached file contains the report as RFC 8460 describes "
                                     "it, for programs. For questions about it: %s"),
                                   shown(out, words->contact)));
}

char *text_report_words(TALLOC_CTX *ctx, const struct report_words *words)
{
    const struct textout_options options = {.width = WIDTH, .utf8 = true};
    struct textout *out = textout_new(ctx, &options);
    char day[CLOCK_TEXT_SIZE];

    if (!out)
        return NULL;
    clock_format(words->begin, day);
    paragraph(out, talloc_asprintf(out,
                                   _("This is a TLS report by %s on connections to the mail "
                                     "servers of %s on %.10s (UTC)."),
                                   shown(out, words->organization), words->domain, day));
    paragraph(out, talloc_asprintf(out, _("Sessions: %lld succeeded, %lld failed."),
                                   (long long)words->successful, (long long)words->failed));
    if (words->failed)
        write_failures(out, words);
    else
        paragraph(out, _("Nothing needs to be done."));
    write_end(out, words);
    return textout_end(out);
}
