/* SPDX-License-Identifier: MIT */
/* log_policy.c - what the policy daemon says now, for what a mail server did then. */
#include "collect/log_policy.h"

#include <string.h>

static bool is_answer(const struct log_policy *known, const char *answer)
{
    return known->answer && strcmp(known->answer, answer) == 0;
}

/* TLSA records that match nothing are DANE's whatever the daemon says: the mail server may apply
 * them where MX records are not signed. */
static bool is_by_dane(const struct log_policy *known, const struct log_session *session)
{
    return strstr(session->reason, "DANE") || is_answer(known, "dane-only") ||
           is_answer(known, "dane");
}

/* False: that is not known. */
static bool choose(const struct log_policy *known, const struct log_session *session,
                   struct session_policy *ret)
{
    bool bound = session->verified || session->result;

    *ret = (struct session_policy){
        .type = "no-policy-found", .domain = known->domain, .lines = "", .mx = ""};
    if (!bound)
        return true;
    if (is_by_dane(known, session)) {
        ret->type = "tlsa";
        ret->domain = session->host;
    } else if (is_answer(known, "secure")) {
        ret->type = "sts";
        ret->lines = known->lines;
        ret->mx = known->mx;
    } else {
        /* a handshake may fail under no policy; a certificate that was refused was so by one */
        return known->answer && session->result == STS_RESULT_VALIDATION_FAILURE;
    }
    return true;
}

bool log_policy_event(const struct log_policy *known, const struct log_session *session,
                      struct log_event *ret)
{
    if (!choose(known, session, &ret->policy))
        return false;
    ret->failure = (struct session_failure){.type = sts_result_name(session->result),
                                            .sending_ip = "",
                                            .mx = session->host,
                                            .helo = "",
                                            .receiving_ip = session->address,
                                            .reason = session->reason,
                                            .info = ""};
    ret->policy.failed = session->result != STS_RESULT_NONE;
    ret->policy.failures = &ret->failure;
    ret->policy.failure_count = ret->policy.failed;
    ret->event = (struct session_event){known->domain, known->record, &ret->policy, 1};
    return true;
}
