/* SPDX-License-Identifier: MIT */
/* would_deliver_host.h - one MX host; private to policyd/. */
#ifndef POLICYD_WOULD_DELIVER_HOST_H
#define POLICYD_WOULD_DELIVER_HOST_H

#include "policyd/mail_attempt.h"

struct host_trial {
    struct would_deliver *would; /* owns the texts */
    const struct domain_view *view;
    const struct mx_view *mx;
    const struct policy_known *known;
};

/* Passed over before a connection: *ret says why. */
bool host_is_skipped(const struct host_trial *trial, struct mail_attempt *ret);
void host_try(const struct host_trial *trial, const struct smtp_session *session,
              struct mail_attempt *ret);

#endif
