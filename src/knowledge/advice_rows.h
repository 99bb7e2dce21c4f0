/* SPDX-License-Identifier: MIT */
/* advice_rows.h - what the tables of advice, one a topic, are made of; private to knowledge/.
 *
 * Sentences that several findings share stand here, so that they read the same everywhere and are
 * translated once.  A line with a place that a finding does not fill in is left out there; so a
 * line may belong to one situation only.  In every list one line at least does with the places
 * that each finding has (test_advice.c). */
#ifndef KNOWLEDGE_ADVICE_ROWS_H
#define KNOWLEDGE_ADVICE_ROWS_H

#include "knowledge/advice.h"

struct advice_row {
    enum finding_code code;
    struct advice advice;
};

extern const struct advice_row advice_record[], advice_policy_host[], advice_policy_cert[],
    advice_fetch[], advice_policy[], advice_mx[], advice_mx_tls[], advice_handshake[],
    advice_tlsrpt[], advice_rua[], advice_dane[], advice_report[];

#define LINES(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
/* ends a table */
#define LAST_ROW                                                                                   \
    {                                                                                              \
        FINDING_COUNT,                                                                             \
        {                                                                                          \
            NULL, NULL, NULL, NULL                                                                 \
        }                                                                                          \
    }

/* ---- commands: not translated ---------------------------------------------------------------- */

/* First for whoever named a resolver or a CA file, then for the system's. */
#define DIG(query)   "dig @{resolver} -p {resolver_port} " query, "dig " query
#define SHOW_CERT    "openssl x509 -noout -subject -issuer -dates -ext subjectAltName"
#define SHOW_PURPOSE "openssl x509 -noout -subject -issuer -ext extendedKeyUsage,keyUsage"
/* -host and -port rather than -connect: an IPv6 address needs no brackets there */
#define POLICY_TLS "openssl s_client -host {address} -port {https_port} -servername {policy_host} "
#define MX_TLS                                                                                     \
    "openssl s_client -host {address} -port {smtp_port} -starttls smtp -servername {host} "
#define MX_TLS_NO_SNI                                                                              \
    "openssl s_client -host {address} -port {smtp_port} -starttls smtp -noservername "

#define DIG_RECORD  DIG("+short TXT {record_name}")
#define DIG_TLSRPT  DIG("+short TXT {tlsrpt_name}")
#define DIG_MX      DIG("+short MX {domain}")
#define DIG_HOST    DIG("+noall +answer {host} A {host} AAAA")
#define DIG_POLICY  DIG("+noall +answer {policy_host} A {policy_host} AAAA")
#define DIG_NS      "dig +nssearch {domain}"
#define CURL_POLICY "curl -sS {policy_url}"
#define CURL_HEAD   "curl -sSi {policy_url}"
#define CURL_TALK   "curl -v {policy_url}"
#define CURL_BYTES  "curl -sS {policy_url} | od -c"
#define CURL_AT     "curl -v --resolve {policy_host}:{https_port}:{address} {policy_url}"
#define POLICY_CERT POLICY_TLS "</dev/null 2>/dev/null | " SHOW_CERT
#define POLICY_VERIFY                                                                              \
    POLICY_TLS "-verify_hostname {policy_host} -CAfile {ca_file} -showcerts </dev/null",           \
        POLICY_TLS "-verify_hostname {policy_host} -showcerts </dev/null"
#define SMTP_TALK "curl -v --resolve {host}:{smtp_port}:{address} smtp://{host}:{smtp_port}"
#define MX_CERT   MX_TLS "</dev/null 2>/dev/null | " SHOW_CERT
#define MX_VERIFY                                                                                  \
    MX_TLS "-verify_hostname {host} -CAfile {ca_file} -showcerts </dev/null",                      \
        MX_TLS "-verify_hostname {host} -showcerts </dev/null"

/* ---- what it means --------------------------------------------------------------------------- */

#define MEANS_NO_RECORD                                                                            \
    N_("Senders behave as if the domain had no MTA-STS: they deliver, but nothing protects the "   \
       "mail from being read or diverted in transit. A sender with an earlier policy cached "      \
       "uses it until its max_age expires.")
#define MEANS_NO_FETCH                                                                             \
    N_("Senders cannot fetch the policy. Those that never had it deliver without any "             \
       "protection; those with an earlier one cached use it until its max_age expires.")
#define MEANS_NO_TRUST                                                                             \
    N_("Senders must not accept a policy from a host they cannot authenticate. Those that never "  \
       "had it deliver without any protection; those with an earlier one cached use it until "     \
       "its max_age expires.")
#define MEANS_NO_POLICY                                                                            \
    N_("Senders that follow the standard reject the whole policy. Those that never had a valid "   \
       "one deliver without any protection; those with one cached use it until its max_age "       \
       "expires.")
#define MEANS_DIFFERS                                                                              \
    N_("Senders handle it differently: some accept the policy, others reject it and deliver "      \
       "without protection.")
#define MEANS_MX_REFUSED                                                                           \
    N_("In mode enforce, senders do not deliver to this host. They try the other MX hosts; if "    \
       "none is left, they queue the mail and return it after some days. In testing mode they "    \
       "deliver and report the failure.")
#define MEANS_NO_REPORTS                                                                           \
    N_("Mail is not affected, but no sender can tell you when TLS to your servers fails: you "     \
       "learn of it only when someone misses mail.")

/* ---- what to do ------------------------------------------------------------------------------ */

#define FIX_RECORD_TEXT                                                                            \
    N_("Publish exactly this:\n"                                                                   \
       "| {record_name}. 3600 IN TXT \"v=STSv1; id={new_id}\"")
#define FIX_ONE_FIELD                                                                              \
    N_("In a DNS panel, enter the text without quotation marks:\n"                                 \
       "| v=STSv1; id={new_id}")
#define FIX_NEW_ID                                                                                 \
    N_("Then change the id, so that senders fetch the new text:\n"                                 \
       "| {record_name}. 3600 IN TXT \"v=STSv1; id={new_id}\"")
#define FIX_EMERGENCY                                                                              \
    N_("If mail is being rejected now: set mode: testing and max_age: 86400 in the policy, keep "  \
       "its mx lines, then publish a new id ({emergency_id}) at {record_name}. Fix the fault "     \
       "anyway: some senders use the cached policy until its max_age expires, whatever the id "    \
       "says.")
#define FIX_READ_REPORTS                                                                           \
    N_("In a report, result-type names the fault, receiving-mx-hostname the MX host and "          \
       "failed-session-count how often it occurred; mtasts explain with the result-type says "     \
       "more. After a fix, watch the reports for two more days.")
#define FIX_CHECK_AGAIN                                                                            \
    N_("Check the domain again:\n"                                                                 \
       "$ mtasts check {domain}")
#define FIX_LINE                                                                                   \
    N_("Replace line {line}, \"{line_text}\", with:\n"                                             \
       "| {right}")
#define FIX_MANAGED_MX                                                                             \
    N_("If a provider runs this host (Microsoft 365 and Google Workspace manage their "            \
       "certificates themselves), first make sure that the MX record contains the name the "       \
       "provider gave you, then contact its support.")
#define FIX_RENEW_POLICY_CERT                                                                      \
    N_("Get a certificate for {policy_host} from a public CA, for example with certbot, or "       \
       "add {policy_host} as a custom domain at a hosting service and have the service issue "     \
       "it:\n"                                                                                     \
       "$ certbot certonly -d {policy_host}")
#define FIX_RENEW_MX_CERT                                                                          \
    N_("Get a certificate for {host} from a public CA, for example with certbot, and make "        \
       "every renewal reload the mail server:\n"                                                   \
       "$ certbot certonly -d {host}")
#define FIX_FULLCHAIN                                                                              \
    N_("The server must send the certificate and all intermediates, but not the root, in this "    \
       "order; with Let's Encrypt use fullchain.pem, not cert.pem.")
#define FIX_CHAIN_URL                                                                              \
    N_("The missing certificate is {missing_issuer}. Fetch it, convert it "                        \
       "and append it to the certificate file:\n"                                                  \
       "$ curl -sS {missing_issuer_url} | openssl x509 -inform der "                               \
       "-outform pem")

/* where the missing one turns out to be a root */
#define FIX_CHAIN_ROOT                                                                             \
    N_("If {missing_issuer} turns out to be a root (subject and issuer are the same), senders do " \
       "not trust this CA: get a certificate from another one.")
#define FIX_PURPOSE                                                                                \
    N_("Install a certificate whose extended key usage contains serverAuth (TLS Web Server "       \
       "Authentication); every ordinary web server certificate does.")

#define FIX_STALE_CA                                                                               \
    N_("The expired certificate is {stale_ca}, above the server's own: use the current chain of "  \
       "the CA (with Let's Encrypt, fullchain.pem of the last renewal), or have the certificate "  \
       "reissued.")
#define FIX_SOON_CA                                                                                \
    N_("The CA certificate {soon_ca} expires: have your certificate reissued (certbot renew "      \
       "--force-renewal) and install the new chain, fullchain.pem.")
#define FIX_MISSING_UPPER                                                                          \
    N_("If {missing_issuer} is an intermediate of a public CA, the server has to send it too: "    \
       "{missing_issuer_url}")

#endif
