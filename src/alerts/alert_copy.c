/* SPDX-License-Identifier: MIT */
/* alert_copy.c - copies of alerts and of their domains. */
#include "alerts/alert_copy.h"

#include "base/array.h"

static const char *kept(struct alert_copies *copies, const char *text)
{
    char *copy = text ? talloc_strdup(copies->ctx, text) : NULL;

    copies->no_memory |= text && !copy;
    return copy;
}

bool alert_copies_take(void *arg, const struct store_alert *alert)
{
    struct alert_copies *copies = arg;
    struct alert_copy *made = array_grow(copies->ctx, &copies->list, &copies->count, sizeof(*made));

    copies->no_memory |= !made;
    if (!made)
        return false;
    made->row = *alert;
    made->row.group_name = kept(copies, alert->group_name);
    made->row.kind = kept(copies, alert->kind);
    made->row.cause = kept(copies, alert->cause);
    made->row.subject = kept(copies, alert->subject);
    made->row.severity = kept(copies, alert->severity);
    made->row.thread = kept(copies, alert->thread);
    made->row.acknowledged_by = kept(copies, alert->acknowledged_by);
    made->row.muted_by = kept(copies, alert->muted_by);
    return !copies->no_memory;
}

struct domain_copies {
    struct alert_copies *copies;
    struct alert_copy *alert;
};

static bool take_domain(void *arg, const struct store_alert_domain *domain)
{
    struct domain_copies *domains = arg;
    struct alert_copies *copies = domains->copies;
    struct store_alert_domain *made = array_grow(copies->ctx, &domains->alert->domains,
                                                 &domains->alert->domain_count, sizeof(*made));

    copies->no_memory |= !made;
    if (!made)
        return false;
    *made = *domain;
    made->domain = kept(copies, domain->domain);
    made->detail = kept(copies, domain->detail);
    return !copies->no_memory;
}

enum sts_status alert_copies_domains(struct store *store, struct alert_copies *copies, size_t limit)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < copies->count; i++) {
        struct domain_copies domains = {copies, &copies->list[i]};

        status = store_alert_domains(store, copies->list[i].row.id, limit, take_domain, &domains);
    }
    return !status && copies->no_memory ? STS_E_NOMEM : status;
}
