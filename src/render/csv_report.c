/* SPDX-License-Identifier: MIT */
/* csv_report.c - policies and failures of TLS reports as a table (RFC 4180). */
#include "render/report.h"

#include "render/csv.h"

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

    csv_field(table, record);
    csv_field(table, item->path);
    csv_field(table, tally_sender(item->report));
    csv_field(table, sts_report_id(item->report));
    csv_time(table, dated, begin);
    csv_time(table, dated, last);
    csv_field(table, policy->recipient);
    csv_field(table, policy->type);
    csv_field(table, policy_strings_mode(policy));
}

static void policy_line(struct csv_table *table, const struct origin *item,
                        const struct sts_report_policy *policy)
{
    head(table, "policy", item, policy);
    csv_number(table, policy->successful);
    csv_number(table, policy->failed);
    for (int i = 0; i < 7; i++)
        csv_field(table, "");
    csv_field(table, item->trust);
    csv_end(table);
}

static void failure_line(struct csv_table *table, const struct origin *item,
                         const struct sts_report_policy *policy,
                         const struct sts_report_detail *detail)
{
    head(table, "failure", item, policy);
    csv_field(table, "");
    csv_number(table, detail->sessions);
    csv_field(table, detail->result_type);
    csv_field(table, detail->sending_ip);
    csv_field(table, detail->mx);
    csv_field(table, detail->receiving_ip);
    csv_field(table, detail->helo);
    csv_field(table, detail->reason);
    csv_field(table, detail->info);
    csv_field(table, item->trust);
    csv_end(table);
}

const char *csv_report_head(void)
{
    return "record,path,sender,report_id,start,end,domain,policy_type,mode,successful,failed,"
           "result_type,sending_ip,mx,receiving_ip,helo,reason,information,trust\r\n";
}

char *csv_report(TALLOC_CTX *ctx, const struct sts_report *report, const char *path,
                 const char *trust)
{
    struct csv_table table = csv_begin(ctx);
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
