/* SPDX-License-Identifier: MIT */
/* limits.h - the ceilings of accounts, each with its reason. */
#ifndef ACCOUNTS_LIMITS_H
#define ACCOUNTS_LIMITS_H

#include <stdint.h>

/* yescrypt with this cost takes 43 ms and 32 MiB on the machine it was measured on: enough to make
 * guessing dear, and two at a time are no way to fill the memory. */
#define PASSWORD_COST    6
#define PASSWORD_WORKERS 2
/* Beyond that one would wait longer than a second; who comes then is told to try again. */
#define PASSWORD_QUEUE_MAX 32
/* A sentence of several words; yescrypt itself takes 512 bytes. */
#define PASSWORD_MAX 256
/* NIST SP 800-63B 5.1.1.2: 8 at least; more, since there is a second factor only for who wants. */
#define PASSWORD_MIN 10

#define ACCOUNT_NAME_MAX 100 /* characters of the name of a user or a group: it has one line */

#define ATTEMPTS_MAX    5  /* from one address, and at the code of one account ... */
#define ATTEMPTS_SPAN_S 60 /* ... in so many seconds */
/* At the password of one account, from all addresses that are strange to it: whoever wants to keep
 * its owner out, who comes from a new one, needs six networks for that, not one; and a password of
 * ten letters lasts for ages. */
#define ATTEMPTS_OF_ACCOUNT 30
/* Of all accounts and addresses together.  Two workers hash some 2,800 passwords a minute. */
#define ATTEMPTS_KEPT 8192

#define ATTEMPTS_HOMES 4096 /* places that somebody signed in from: 32 KB */

#define SESSION_IDLE_S INT64_C(43200)   /* 12 hours: a working day */
#define SESSION_LIFE_S INT64_C(2592000) /* 30 days: who never leaves signs in monthly */
#define SESSION_MARK_S 60               /* it is written down that often that one is used */
#define AGENT_MAX      120              /* bytes of what a browser says of itself */

#define TICKETS_MAX   1000 /* passwords that were right, whose code is awaited */
#define TICKET_S      300  /* so long */
#define OIDC_TICKET_S 600  /* so long somebody may be at their provider */

#define TOTP_SECRET_SIZE 20 /* RFC 4226 section 4 R6: 160 bits */
#define TOTP_WINDOW      1  /* steps before and after, for clocks that are off */
#define RECOVERY_COUNT   10

/* Domains that a group claims and has not proven: the longest list that can be imported.  Of each
 * the DNS is asked some 80 times until it is 60 days old. */
#define CLAIMS_MAX INT64_C(50000)

/* Tokens of the API of a user: nobody keeps more of them apart, and the list is one page. */
#define TOKENS_MAX 100

/* The DNS is asked for the proof of a claim a quarter of the claim's age after the last time, but:
 */
#define PROOF_WAIT_LEAST_S INT64_C(60) /* so that who has just published it does not wait */
#define PROOF_WAIT_MOST_S  INT64_C(86400)
#define PROOF_LIFE_S       INT64_C(5184000) /* 60 days: then only when somebody asks for it */
#define PROOF_LOOKS_MAX    16               /* at a time; 20,000 new claims take minutes */
#define PROOF_FRESH_MS     2000             /* an answer is used again for so long */
#define PROOF_REST_MS      5000             /* until it is seen that one is due */

#define LIMIT_OIDC_REQUESTS 2 /* to the provider at a time; one a sign-in, and they are quick */
#define ID_TOKEN_MAX        (32u << 10) /* with many groups; a request line would not take more */
#define JWKS_KEYS_MAX       64          /* a provider shows some four, those to come included */
#define CLAIM_DEPTH         8           /* of a dotted path, and of a claim */
#define GROUPS_MAX          1000        /* of one user, as a provider tells them */
/* Clocks of two servers. */
#define ID_TOKEN_SKEW_S 60

#endif
