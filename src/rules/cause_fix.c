/* SPDX-License-Identifier: MIT */
/* cause_fix.c - what to do about a likely cause, where the advice of the finding is too general. */
#include "rules/cause.h"

#include <stddef.h>
#include <string.h>

#define LINES(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define FIX_TLSA                                                                                   \
    N_("Publish the new TLSA record next to the old one, wait for twice its TTL, and only then "   \
       "change the certificate.")

static const struct {
    const char *cause;
    const char *const *fix;
} rows[] = {
    {"tls-handshake",
     LINES(N_("Test TLS 1.2 and TLS 1.3 separately (openssl s_client with -tls1_2, -tls1_3), "
              "and offer both, at least with an RSA certificate."),
           N_("If only one sender fails: disable session tickets for a few days and check "
              "whether its reports change."))},
    {"tls-version", LINES(N_("Offer TLS 1.2 and TLS 1.3, and remove any filter in front of the "
                             "mail server that supports only older versions."))},
    {"tlsa-mismatch", LINES(FIX_TLSA)},
    {"certificate-self-signed",
     LINES(N_("Replace the self-signed certificate with one from a public CA, also for clients "
              "that send no SNI."))},
    {"certificate-not-yet-valid",
     LINES(N_("Correct the clock of the machine that issued the certificate, or wait until the "
              "certificate is valid."))},
    {"starttls-refused",
     LINES(N_("Check the mail server's log for key and certificate errors at startup."))},
    {"sender-policy-broken",
     LINES(N_("Write to the contact-info of the report: the fault is in the sender's own TLS "
              "settings for your domain."))},
    {"fetch-refused", LINES(N_("Start the web server and make it listen on port 443 at every "
                               "address of {policy_host}, including IPv6."))},
    {"fetch-missing", LINES(N_("Put the file at {policy_url}; serve it with HTTP status 200 and "
                               "without a redirect."))},
};

const char *const *cause_fix(const struct cause *cause)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (!strcmp(rows[i].cause, cause->name))
            return rows[i].fix;
    return NULL;
}
