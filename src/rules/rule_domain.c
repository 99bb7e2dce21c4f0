/* SPDX-License-Identifier: MIT */
/* rule_domain.c - a domain that does not exist: then there is nothing else to say of it. */
#include "rules/near_miss.h"
#include "rules/rule.h"

void rule_domain(struct rules *r)
{
    const char *meant = near_miss(r->view.mem, r->view.facts->domain);

    finding_add(r, FINDING_DOMAIN_NONEXISTENT, r->view.facts->domain,
                meant ? N_("{domain} does not exist in the DNS ({answer}). Did you mean "
                           "{meant}?")
                      : N_("{domain} does not exist in the DNS ({answer})."),
                "host", r->view.facts->domain, "name", r->view.facts->domain, "type", "MX",
                "answer", dns_answer_text(r->view.facts->mx_answer), "meant", meant, NULL);
}
