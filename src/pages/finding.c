/* SPDX-License-Identifier: MIT */
/* finding.c - a finding as pages draw it. */
#include "pages/finding.h"

#include <string.h>

static struct finding_page page_of(TALLOC_CTX *ctx, const struct shown_finding *shown)
{
    return (struct finding_page){
        .code = shown->info->name,
        .severity = shown->severity,
        .mark = {mark_of_severity(shown->finding->severity).kind, NULL},
        .title = shown->title,
        .subject = shown->subject,
        .detail = lines_of_text(ctx, shown->detail),
        .meaning = lines_of_text(ctx, shown->meaning),
        .causes = lines_of(ctx, shown->causes),
        .commands = lines_of(ctx, shown->commands),
        .fix = lines_of(ctx, shown->fix),
        .fix_title = shown->fix_title,
        .spec = shown->spec,
        .open = shown->finding->severity > SEVERITY_INFO,
    };
}

struct findings_page findings_page_of(TALLOC_CTX *ctx, const struct finding *findings, size_t count)
{
    const struct shown_finding *shown = shown_findings_new(ctx, findings, count);
    struct findings_page page = {NULL, 0};

    if (shown)
        page.findings = talloc_array(ctx, struct finding_page, count);
    for (size_t i = 0; page.findings && i < count; i++)
        page.findings[page.finding_count++] = page_of(page.findings, &shown[i]);
    return page;
}
