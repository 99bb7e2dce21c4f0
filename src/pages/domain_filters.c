/* SPDX-License-Identifier: MIT */
/* domain_filters.c - what can be picked of a domain's reports, and what is. */
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"
#include "pages/domain_parts.h"

#define CHOICES_MAX 100

static const char *shown(TALLOC_CTX *ctx, const char *text)
{
    const char *printable = text_printable(ctx, text, strlen(text), 100);

    return printable ? printable : "";
}

/* What is picked and not among the reports of the period is a choice all the same. */
static void add_choice(struct domain_filter *filter, const char *value, const char *label,
                       const char *picked)
{
    filter->choices[filter->choice_count++] =
        (struct choice){value, label, picked && !strcasecmp(picked, value)};
}

/* hosts: of addresses; NULL: they are none. */
static void add_filter(TALLOC_CTX *ctx, struct domain_page *page, struct domain_filter filter,
                       const struct names *names, const char *picked,
                       const struct domain_names *hosts)
{
    const struct tally_count **list = tally_sorted(ctx, names);
    bool found = false;

    filter.choices = talloc_array(ctx, struct choice, CHOICES_MAX + 1);
    if (!list || !filter.choices)
        return;
    for (size_t i = 0; i < names->count && i < CHOICES_MAX; i++) {
        found |= picked && !strcasecmp(picked, list[i]->name);
        if (*list[i]->name)
            add_choice(&filter, list[i]->name,
                       hosts ? domain_address(ctx, hosts, list[i]->name)
                             : shown(ctx, list[i]->name),
                       picked);
    }
    if (picked && !found)
        add_choice(&filter, picked, shown(ctx, picked), picked);
    page->filters[page->filter_count++] = filter;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void add_periods(TALLOC_CTX *ctx, struct domain_page *page, int64_t days)
{
    static const unsigned long lengths[] = {30, 90, 365};

    page->periods = talloc_array(ctx, struct choice, 3);
    for (size_t i = 0; page->periods && i < 3; i++)
        page->periods[page->period_count++] = (struct choice){
            talloc_asprintf(ctx, "%lu", lengths[i]),
            talloc_asprintf(ctx, ngettext("%lu day", "%lu days", lengths[i]), lengths[i]),
            (unsigned long)days == lengths[i]};
}

void domain_filters(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *summary,
                    const struct report_pick *pick, const struct domain_names *names)
{
    const struct report_choices *all = &summary->series->all;

    page->picked = pick->sender || pick->mx || pick->result_type || pick->sending_ip;
    page->pick = *pick;
    page->length = summary->days;
    add_periods(ctx, page, summary->days);
    page->filters = talloc_array(ctx, struct domain_filter, 4);
    if (!page->filters)
        return;
    add_filter(ctx, page, (struct domain_filter){"sender", _("Sender"), _("all senders"), NULL, 0},
               &all->senders, pick->sender, NULL);
    add_filter(ctx, page, (struct domain_filter){"mx", _("MX host"), _("all MX hosts"), NULL, 0},
               &all->mx, pick->mx, NULL);
    add_filter(ctx, page, (struct domain_filter){"type", _("Result"), _("all results"), NULL, 0},
               &all->result_types, pick->result_type, NULL);
    add_filter(ctx, page,
               (struct domain_filter){"ip", _("Sending address"), _("all addresses"), NULL, 0},
               &all->sending_ips, pick->sending_ip, names);
}
