/* SPDX-License-Identifier: MIT */
/* alerts.c - the parts of a running service, put together. */
#include "alerts/alerts.h"

#include "alerts/alerts_work.h"
#include "alerts/limits.h"
#include "net/web_client.h"

enum sts_status alerts_new(TALLOC_CTX *ctx, const struct alerts_setup *setup, struct alerts **ret)
{
    struct alerts *alerts = talloc_zero(ctx, struct alerts);
    const struct web_client_setup client = {setup->loop, setup->ca_file, LIMIT_WEBHOOKS_ALL};
    enum sts_status status = STS_E_NOMEM;

    if (!alerts)
        return STS_E_NOMEM;
    alerts->setup = *setup;
    for (unsigned i = 0; i < NOTIFY_LANES; i++) {
        alerts->mail[i] = (struct program){.alerts = alerts, .use = NOTIFY_MAIL + i};
        alerts->command[i] = (struct program){.alerts = alerts, .use = NOTIFY_ALERTS + i};
    }
    status = web_client_new(alerts, &client, &alerts->web);
    if (!status)
        status = alerts_round_start(alerts);
    if (!status)
        status = alerts_send_start(alerts);
    if (status)
        talloc_free(alerts);
    else
        *ret = alerts;
    return status;
}

const struct alerts_setup *alerts_setup_of(const struct alerts *alerts)
{
    return &alerts->setup;
}

const struct store_alert_numbers *alerts_numbers(const struct alerts *alerts)
{
    return alerts->counted ? &alerts->numbers : NULL;
}

void alerts_wake(struct alerts *alerts)
{
    alerts_send_wake(alerts);
}
