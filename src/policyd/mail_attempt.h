/* SPDX-License-Identifier: MIT */
/* mail_attempt.h - a mail on its way: who sends it, and what each mail server leads to. */
#ifndef POLICYD_MAIL_ATTEMPT_H
#define POLICYD_MAIL_ATTEMPT_H

#include <talloc.h>

#include "policyd/policy_reply.h"
#include "verdict/view.h"

/* By what makes a difference: 3.10.3 stands for 3.10.0 to 3.10.4, which take the patterns of a
 * policy and do not enforce them; 3.10 for later ones, which skip MX hosts outside of the policy;
 * 3.11 writes the level into the log. */
enum mailer {
    MAILER_POSTFIX_3_7,
    MAILER_POSTFIX_3_10_3,
    MAILER_POSTFIX_3_10,
    MAILER_POSTFIX_3_11,
    MAILERS
};

enum mail_fate {
    FATE_DELIVERED,   /* over a connection whose other end was authenticated */
    FATE_UNPROTECTED, /* delivered, whoever the other end is */
    FATE_DEFERRED,
    FATE_BOUNCED, /* the domain takes no mail */
    FATE_UNKNOWN, /* a host that decides could not be observed */
    FATES
};

/* One attempt, in the order of the attempts. */
struct mail_attempt {
    const char *host;    /* BOUNCED: "." of the null MX */
    const char *address; /* NULL: no connection was tried */
    enum mail_fate fate; /* DEFERRED: the next one is tried, if there is one */
    const char *
        tls; /* the level as Postfix 3.11 logs it: "secure", "!secure", "may:none"; "" of BOUNCED */
    const char *dsn; /* "2.0.0", "4.7.5"; NULL: UNKNOWN */
    const char *why; /* of DEFERRED and BOUNCED, as in the log */
    const char *log; /* the line; NULL: UNKNOWN */
};

struct would_deliver {
    enum mailer mailer;
    enum policy_answer answer;
    const char *reply; /* of the daemon */
    enum mail_fate fate;
    struct mail_attempt *attempts;
    size_t attempt_count;
};

#endif
