/* SPDX-License-Identifier: MIT */
/* csv_scan.c - results of a scan as a table: a line a domain. */
#include "render/csv_scan.h"

#include <string.h>

#include "base/text.h"
#include "render/csv.h"
#include "render/headline.h"

#define TIME_FIELD 7 /* of observed_at; those before it hold no quotation mark */

const char *csv_scan_head(void)
{
    return "domain,verdict,posture,delivery,worst_severity,worst_code,codes,observed_at,headline,"
           "mode,max_age,id,mx,error\r\n";
}

/* Each code once, the worst first. */
static void codes_field(struct csv_table *table, const struct diagnosis *d)
{
    bool has[FINDING_COUNT] = {false};
    char *codes = talloc_strdup(table->ctx, "");

    for (size_t i = 0; codes && i < d->finding_count; i++) {
        enum finding_code code = d->findings[i].code;

        if (!has[code])
            codes =
                talloc_asprintf_append(codes, "%s%s", *codes ? " " : "", finding_info(code)->name);
        has[code] = true;
    }
    csv_field(table, codes);
    talloc_free(codes);
}

static void mx_field(struct csv_table *table, const struct diagnosis *d)
{
    char *hosts = talloc_strdup(table->ctx, "");

    for (size_t i = 0; hosts && i < d->mx_count; i++)
        hosts = talloc_asprintf_append(hosts, "%s%s", i ? " " : "", d->mx[i].host->name);
    csv_field(table, hosts);
    talloc_free(hosts);
}

static void policy_fields(struct csv_table *table, const struct live_policy *policy)
{
    csv_field(table, policy ? sts_mode_name(policy->mode) : "");
    if (policy)
        csv_number(table, policy->max_age);
    else
        csv_field(table, "");
    csv_field(table, policy ? policy->id : "");
}

char *csv_scan(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct csv_table table = csv_begin(ctx);
    const struct finding *worst = d->finding_count ? d->findings : NULL;
    char *sentence = headline(ctx, d);

    csv_field(&table, d->facts->domain);
    csv_field(&table, verdict_name(d->verdict));
    csv_field(&table, posture_name(d->posture));
    csv_field(&table, delivery_name(d->delivery));
    csv_field(&table, worst ? severity_name(worst->severity) : "");
    csv_field(&table, worst ? finding_info(worst->code)->name : "");
    codes_field(&table, d);
    csv_time(&table, true, d->facts->observed_at);
    csv_field(&table, sentence);
    policy_fields(&table, d->policy);
    mx_field(&table, d);
    csv_field(&table, "");
    csv_end(&table);
    talloc_free(sentence);
    return sentence ? table.text : NULL;
}

/* A quotation mark of a line that is no name is not worth its doubling. */
static char *plain(TALLOC_CTX *ctx, const char *given)
{
    char *text = text_printable(ctx, given, strlen(given), 0);

    for (char *c = text; c && *c; c++)
        if (*c == '"')
            *c = '?';
    return text;
}

char *csv_scan_error(TALLOC_CTX *ctx, int64_t line, const char *given, const char *error)
{
    struct csv_table table = csv_begin(ctx);
    char *text = plain(ctx, given);
    char *where = talloc_asprintf(ctx, "line %lld: %s", (long long)line, error);

    csv_field(&table, text);
    for (int i = 0; i < 12; i++)
        csv_field(&table, "");
    csv_field(&table, where);
    csv_end(&table);
    talloc_free(where);
    talloc_free(text);
    return text && where ? table.text : NULL;
}

const char *csv_scan_subject(const char *line, size_t *ret_length)
{
    const char *end = *line == '"' ? strstr(line + 1, "\",\"") : NULL;

    if (!end)
        return NULL;
    *ret_length = (size_t)(end - line) - 1;
    return line + 1;
}

const char *csv_scan_time(const char *line)
{
    for (int i = 0; line && i < TIME_FIELD; i++) {
        line = strstr(line, "\",\"");
        line = line ? line + 2 : NULL;
    }
    return line ? line + 1 : NULL;
}
