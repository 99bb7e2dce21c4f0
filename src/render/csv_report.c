/* SPDX-License-Identifier: MIT */
/* csv_report.c - policies and failures of TLS reports as a table (RFC 4180). */
#include "render/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

struct csv_table {
    TALLOC_CTX *ctx;
    char *text;
    bool begun; /* a field stands in the line */
};

static void put(struct csv_table *table, const char *text)
{
    if (table->text)
        table->text = talloc_strdup_append_buffer(table->text, text);
}

/* Quoted always: a spreadsheet reads =, +, - and @ at the beginning as a formula, quoted or not, so
 * a blank stands before them. */
static void field(struct csv_table *table, const char *value)
{
    char *shown = text_printable(table->ctx, value ? value : "", value ? strlen(value) : 0, 0);
    const char *at = shown ? shown : "";

    put(table, table->begun ? ",\"" : "\"");
    table->begun = true;
    if (*at && strchr("=+-@", *at))
        put(table, " ");
    while (*at) {
        size_t length = strcspn(at, "\"");

        if (table->text)
            table->text = talloc_strndup_append_buffer(table->text, at, length);
        at += length;
        if (*at == '"') {
            put(table, "\"\"");
            at++;
        }
    }
    put(table, "\"");
    talloc_free(shown);
}

static void number(struct csv_table *table, int64_t value)
{
    char text[32];

    snprintf(text, sizeof(text), "%s%" PRId64, table->begun ? "," : "", value);
    table->begun = true;
    put(table, text);
}

static void end(struct csv_table *table)
{
    put(table, "\r\n");
    table->begun = false;
}

static void time_field(struct csv_table *table, bool known, int64_t seconds)
{
    char text[CLOCK_TEXT_SIZE] = "";

    if (known)
        clock_format(seconds, text);
    field(table, text);
}

/* What a line is of. */
struct origin {
    const struct sts_report *report;
    const char *path, *trust;
};

static void head(struct csv_table *table, const char *record, const struct origin *item,
                 const struct sts_report_policy *policy)
{
    int64_t begin = 0, last = 0;
    bool dated = sts_report_range(item->report, &begin, &last);

    field(table, record);
    field(table, item->path);
    field(table, tally_sender(item->report));
    field(table, sts_report_id(item->report));
    time_field(table, dated, begin);
    time_field(table, dated, last);
    field(table, policy->recipient);
    field(table, policy->type);
    field(table, policy_strings_mode(policy));
}

static void policy_line(struct csv_table *table, const struct origin *item,
                        const struct sts_report_policy *policy)
{
    head(table, "policy", item, policy);
    number(table, policy->successful);
    number(table, policy->failed);
    for (int i = 0; i < 7; i++)
        field(table, "");
    field(table, item->trust);
    end(table);
}

static void failure_line(struct csv_table *table, const struct origin *item,
                         const struct sts_report_policy *policy,
                         const struct sts_report_detail *detail)
{
    head(table, "failure", item, policy);
    field(table, "");
    number(table, detail->sessions);
    field(table, detail->result_type);
    field(table, detail->sending_ip);
    field(table, detail->mx);
    field(table, detail->receiving_ip);
    field(table, detail->helo);
    field(table, detail->reason);
    field(table, detail->info);
    field(table, item->trust);
    end(table);
}

const char *csv_report_head(void)
{
    return "record,path,sender,report_id,start,end,domain,policy_type,mode,successful,failed,"
           "result_type,sending_ip,mx,receiving_ip,helo,reason,information,trust\r\n";
}

char *csv_report(TALLOC_CTX *ctx, const struct sts_report *report, const char *path,
                 const char *trust)
{
    struct csv_table table = {.ctx = ctx, .text = talloc_strdup(ctx, "")};
    struct origin item = {report, path, trust};
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);

    for (size_t j = 0; j < count; j++) {
        policy_line(&table, &item, &policies[j]);
        for (size_t k = 0; k < policies[j].detail_count; k++)
            failure_line(&table, &item, &policies[j], &policies[j].details[k]);
    }
    return table.text;
}
