/* SPDX-License-Identifier: MIT */
/* finding_text.c - the sentences of a finding, translated and filled in. */
#include "render/finding_text.h"

#include <string.h>

#include "base/i18n.h"
#include "base/ascii.h"
#include "knowledge/advice.h"
#include "knowledge/brief.h"
#include "rollout/generate.h"

struct expand_params finding_text_params(const struct finding *finding)
{
    return (struct expand_params){finding->params, finding->param_count, false};
}

struct expand_params finding_text_example(TALLOC_CTX *ctx, int64_t now)
{
    const char *id = new_id(ctx, now, NULL, 0); /* as generate makes it */
    const struct param params[] = {
        {"domain", "example.com"},
        {"policy_host", "mta-sts.example.com"},
        {"policy_url", "https://mta-sts.example.com/.well-known/mta-sts.txt"},
        {"record_name", "_mta-sts.example.com"},
        {"tlsrpt_name", "_smtp._tls.example.com"},
        {"https_port", "443"},
        {"smtp_port", "25"},
        {"new_id", id},
        {"emergency_id", id},
        {"host", "mx1.example.com"},
        {"mx_line", "mx: mx1.example.com"},
        {"dane", "mx1.example.com"},
        {"mx_lines", "mx: mx1.example.com"},
        {"pattern", "mx1.example.com"},
        {"preference", "10"},
        {"null_mx", "MX 0 ."},
        {"amazon", "Amazon S3"},
        {"google", "Google Cloud Storage"},
        {"azure", "Azure Blob Storage"},
        /* What only a diagnosis knows. */
        {"implicit_host", NULL},
        {"uncovered", NULL},
        {"stale_ca", NULL},
        {"unsent", NULL},
        {"out_of_date", NULL},
        {"reference_missing", NULL},
        {"single", NULL},
        {"pinned", NULL},
        {"soon_ca", NULL},
        {"negative_ttl", NULL},
        {"denied_until", NULL},
    };

    struct param *list = id ? talloc_memdup(ctx, params, sizeof(params)) : NULL;

    return (struct expand_params){list, list ? sizeof(params) / sizeof(params[0]) : 0, true};
}

static char *expanded(TALLOC_CTX *ctx, const char *msgid, const struct finding *finding)
{
    return msgid ? expand_text(ctx, _(msgid), finding_text_params(finding)) : NULL;
}

char *finding_text_title(TALLOC_CTX *ctx, const struct finding *finding)
{
    return talloc_strdup(ctx, _(finding_info(finding->code)->title));
}

/* "The policy is empty" in the middle of a sentence; "MTA-STS ..." and translations stay. */
char *finding_text_title_clause(TALLOC_CTX *ctx, enum finding_code code)
{
    const char *title = finding_info(code)->title;
    char *text = talloc_strdup(ctx, _(title));

    if (text && _(title) == title && !ascii_is_upper((unsigned char)text[1]))
        text[0] = ascii_lower(text[0]);
    return text;
}

char *finding_text_brief(TALLOC_CTX *ctx, const struct finding *finding)
{
    const char *clause;

    for (size_t at = 0; (clause = brief_for(finding->code, at)); at++) {
        char *text = expanded(ctx, clause, finding);

        if (text)
            return text;
    }
    return finding_text_title_clause(ctx, finding->code);
}

char *finding_text_detail(TALLOC_CTX *ctx, const struct finding *finding)
{
    char *detail = expanded(ctx, finding->detail, finding);

    if (!detail || !finding->note)
        return detail;
    return talloc_asprintf(ctx, "%s %s", detail, expanded(ctx, finding->note, finding));
}

char *finding_text_meaning(TALLOC_CTX *ctx, const struct finding *finding)
{
    const struct advice *advice = advice_for(finding->code);

    if (finding->meaning)
        return expanded(ctx, finding->meaning, finding);
    return advice ? expanded(ctx, advice->meaning, finding) : NULL;
}

static const char *const *lines_of(const struct advice *advice, enum finding_text_list which)
{
    static const char *const none[] = {NULL};
    const char *const *lines = NULL;

    if (advice) {
        lines = which == FINDING_TEXT_CAUSES ? advice->causes
                : which == FINDING_TEXT_FIX  ? advice->fix
                                             : advice->commands;
    }
    return lines ? lines : none;
}

static size_t count_of(const char *const *list)
{
    size_t count = 0;

    while (list && list[count])
        count++;
    return count;
}

char **finding_text_fix(TALLOC_CTX *ctx, const struct finding *finding)
{
    size_t count = 0, hints = count_of(finding->hints);
    char **fix =
             finding_text_lines(ctx, finding->code, FINDING_TEXT_FIX, finding_text_params(finding)),
         **out;

    while (fix && fix[count])
        count++;
    out = fix ? talloc_zero_array(ctx, char *, hints + count + 1) : NULL;
    if (!out)
        return NULL;
    talloc_steal(out, fix);
    for (size_t i = 0, kept = 0; i < hints + count; i++) {
        char *line = i < hints
                         ? expand_text(out, _(finding->hints[i]), finding_text_params(finding))
                         : fix[i - hints];

        if (line)
            out[kept++] = line;
    }
    return out;
}

char **finding_text_lines(TALLOC_CTX *ctx, enum finding_code code, enum finding_text_list which,
                          struct expand_params params)
{
    const char *const *lines = lines_of(advice_for(code), which);
    size_t count = 0, kept = 0;
    char **out;

    while (lines[count])
        count++;
    out = talloc_zero_array(ctx, char *, count + 1);
    for (size_t i = 0; out && i < count; i++) {
        char *line = which == FINDING_TEXT_COMMANDS ? expand_command(out, lines[i], params)
                                                    : expand_text(out, _(lines[i]), params);

        if (line)
            out[kept++] = line;
    }
    return out;
}

bool finding_text_is_optional(const char *template)
{
    return strstr(template, "{resolver}") || strstr(template, "{ca_file}");
}
