/* SPDX-License-Identifier: MIT */
/* topic_rows.h - what the tables of topics share; private to knowledge/. */
#ifndef KNOWLEDGE_TOPIC_ROWS_H
#define KNOWLEDGE_TOPIC_ROWS_H

#include "knowledge/advice_rows.h"
#include "knowledge/topic.h"

/* By name, where no check has seen an address. */
#define AT_POLICY_HOST                                                                             \
    "openssl s_client -connect {policy_host}:{https_port} -servername {policy_host} "
#define AT_MX               "openssl s_client -connect {host}:{smtp_port} -starttls smtp -servername {host} "
#define CERT_OF_POLICY_HOST AT_POLICY_HOST "</dev/null 2>/dev/null | " SHOW_CERT
#define CERT_OF_MX          AT_MX "</dev/null 2>/dev/null | " SHOW_CERT
#define VERIFY_POLICY_HOST                                                                         \
    AT_POLICY_HOST "-verify_hostname {policy_host} </dev/null 2>&1 | grep -i '^ *verif'"
#define VERIFY_MX  AT_MX "-verify_hostname {host} </dev/null 2>&1 | grep -i '^ *verif'"
#define COMPARE_MX "dig +short MX {domain}; " CURL_POLICY " | grep '^mx:'"
#define ASK_CHECK  "mtasts check {domain}"

#define FIX_ORDER                                                                                  \
    N_("Change the policy first, check with curl that it is served, and only then change the id "  \
       "at {record_name}.")
#define FIX_KEEP_OLD                                                                               \
    N_("Old MX hosts and certificates must keep working until the TTL of the records has "         \
       "expired and cached policies have been replaced.")
#define FIX_PLAN N_("The current phase and the next step with its date:\n$ mtasts plan {domain}")
#define FIX_ROLLBACK                                                                               \
    N_("The files and records for it, filled in, and when all senders will have seen them:\n"      \
       "$ mtasts rollback {domain}")
#define FIX_GENERATE                                                                               \
    N_("Everything you need, generated from the live MX records:\n"                                \
       "$ mtasts generate {domain}")
#define FIX_REPORT                                                                                 \
    N_("Have the program evaluate them:\n"                                                         \
       "$ mtasts report FILE")
#define FIX_LINT                                                                                   \
    N_("Check the file before publishing it:\n"                                                    \
       "$ mtasts lint mta-sts.txt")

#define CAUSE_CERT_NAME                                                                            \
    N_("The certificate is that of the website and was never extended to mta-sts.")
#define CAUSE_NOT_SET_UP                                                                           \
    N_("The name points by CNAME to a hosting service where the domain is not, or no longer, "     \
       "set up: the service presents its own certificate.")
#define CAUSE_MX_CHANGED                                                                           \
    N_("An MX host was added or the provider changed, but the policy was "                         \
       "not.")

#endif
