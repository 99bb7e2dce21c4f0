/* SPDX-License-Identifier: MIT */
/* rule_shortage.c - something of our own ran out: what was seen says nothing about the domain. */
#include <string.h>

#include "rules/rule.h"

/* Each has a value for its own step of advice. */
static const struct {
    const char *shortage, *text, *param, *value;
} rows[] = {
    {"memory", N_("The check ran out of memory and could not assess the domain."), "memory_limit",
     "unlimited"},
    {"files",
     N_("The check may not open enough files and connections at the same time and could not "
        "assess the domain."),
     "file_limit", "4096"},
    {"ports",
     N_("This machine had no free local port for connections, so the check could not assess the "
        "domain."),
     "port_range", "1024 65000"},
    {"clock",
     N_("The clock of this machine jumped during the check because it was set or the machine "
        "was suspended, so the check could not assess the domain."),
     "clock", "UTC"},
};

void rule_shortage(struct rules *r)
{
    size_t i = sizeof(rows) / sizeof(rows[0]) - 1;

    while (i && strcmp(rows[i].shortage, r->view.facts->shortage) != 0)
        i--;
    finding_add(r, FINDING_OWN_SHORTAGE, r->view.facts->domain, rows[i].text, rows[i].param,
                rows[i].value, NULL);
}
