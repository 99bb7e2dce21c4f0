/* SPDX-License-Identifier: MIT */
/* check.c - diagnose domains, observed now or earlier. */
#include "cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cmd/live.h"
#include "cmd/say.h"
#include "facts/facts_json.h"
#include "render/json.h"
#include "render/text.h"

/* What was seen is judged by the time it was seen, unless --now names another. */
static char *show_diagnosis(TALLOC_CTX *ctx, const struct options *options,
                            const struct facts *facts, int *ret_status)
{
    struct page_options page = say_page_options(options);
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct diagnosis *diagnosis;
    char *text = NULL;

    if (scratch &&
        diagnose(scratch, facts, options->now == NOW_UNSET ? facts->observed_at : options->now,
                 &diagnosis) == STS_OK) {
        *ret_status =
            judge_findings(diagnosis->findings, diagnosis->finding_count, options->fail_on);
        text = options->json ? json_check(ctx, diagnosis) : text_check(ctx, diagnosis, &page);
        /* A line end behind JSON, a blank line between domains. */
        if (text && (options->json || !options->quiet))
            text = talloc_strdup_append_buffer(text, "\n");
    }
    talloc_free(scratch);
    return text;
}

/* ---- stored facts ---------------------------------------------------------------------------- */

static int show_stored(const struct options *options, const struct facts *facts)
{
    int status = 0;
    char *text = show_diagnosis(NULL, options, facts, &status);

    status = judge_worse(status, say_text(text));
    talloc_free(text);
    return status;
}

/* One document; `what` names it in a complaint. */
static int check_document(TALLOC_CTX *ctx, const struct options *options, const char *what,
                          const char *text, size_t length)
{
    TALLOC_CTX *unit = talloc_new(ctx);
    struct facts *facts;
    char *why = NULL;
    int status;

    if (!unit)
        return say_no_memory();
    if (facts_read(unit, text, length, &facts, &why) == STS_OK)
        status = show_stored(options, facts);
    else if (why)
        status = say_internal(_("%s: not facts that can be judged: %s"), what, why);
    else
        status = say_no_memory();
    talloc_free(unit);
    return status;
}

static bool is_document(TALLOC_CTX *ctx, const char *text, size_t length)
{
    TALLOC_CTX *unit = talloc_new(ctx);
    struct facts *facts;
    char *why;
    bool good = unit && facts_read(unit, text, length, &facts, &why) == STS_OK;

    talloc_free(unit);
    return good;
}

static int check_lines(TALLOC_CTX *ctx, const struct options *options, const char *text,
                       size_t length)
{
    int status = 0;

    for (size_t number = 1; length && status < EXIT_USAGE; number++) {
        const char *end = memchr(text, '\n', length);
        size_t line = end ? (size_t)(end - text) : length;

        if (strspn(text, " \t\r") < line) {
            char *what = talloc_asprintf(ctx, "%s:%zu", options->from, number);

            status = judge_worse(status, what ? check_document(ctx, options, what, text, line)
                                              : say_no_memory());
            talloc_free(what);
        }
        line += end ? 1 : 0;
        text += line;
        length -= line;
    }
    return status;
}

/* Either one document in any layout, or one a line. */
static int check_stored(TALLOC_CTX *ctx, const struct options *options)
{
    size_t length, first;
    char *text;
    int status = input_read(ctx, options->from, FACTS_JSON_MAX, &text, &length);

    if (status)
        return status;
    if (length > FACTS_JSON_MAX)
        return say_internal(_("%s: more than %u MiB; split it by its lines"), options->from,
                            FACTS_JSON_MAX >> 20);
    first = strcspn(text, "\n");
    if (first + 1 < length && is_document(ctx, text, first))
        return check_lines(ctx, options, text, length);
    return check_document(ctx, options, options->from, text, length);
}

int cmd_check(TALLOC_CTX *ctx, const struct options *options)
{
    if (!options->from)
        return live_run(ctx, options, show_diagnosis);
    if (options->operand_count)
        return say_usage(_("--from and a domain (%s) exclude each other"), options->operands[0]);
    return check_stored(ctx, options);
}
