/* SPDX-License-Identifier: MIT */
/* csv_domains.c - a line a domain. */
#include "render/csv_domains.h"

#include <mtasts/policy.h>

void csv_domains_head(struct csv_table *table)
{
    static const char *const columns[] = {
        "domain",        "group",     "tags",       "verdict",
        "posture",       "delivery",  "checked_at", "cause",
        "subject",       "since",     "changed_at", "certificate_ends_at",
        "failed_7_days", "next_step", "next_mode",  "next_max_age"};

    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        csv_field(table, columns[i]);
    csv_end(table);
}

void csv_domains_row(struct csv_table *table, const struct domain_list_row *row)
{
    const struct store_listed_domain *d = &row->state;
    bool changes = row->next.kind == OUTLOOK_CHANGE;
    const char *const texts[] = {d->place.name, d->group_name, d->tags,
                                 d->verdict,    d->posture,    d->delivery};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        csv_field(table, texts[i]);
    csv_time(table, d->checked != 0, d->checked);
    csv_field(table, d->code);
    csv_field(table, d->subject);
    csv_time(table, d->since != 0, d->since);
    csv_time(table, d->changed_at != 0, d->changed_at);
    csv_time(table, d->cert_ends != 0, d->cert_ends);
    csv_number(table, d->failed);
    csv_field(table, outlook_name(row->next.kind));
    csv_field(table, changes ? sts_mode_name(row->next.mode) : NULL);
    if (changes)
        csv_number(table, row->next.max_age);
    else
        csv_field(table, NULL);
    csv_end(table);
}
