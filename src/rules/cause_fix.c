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
    N_("Publish the new TLSA record beside the old one, wait for twice its TTL, and change the "   \
       "certificate then.")

static const struct {
    const char *cause;
    const char *const *fix;
} rows[] = {
    {"tls-handshake",
     LINES(N_("Try TLS 1.2 and TLS 1.3 each by itself (openssl s_client with -tls1_2, -tls1_3), "
              "and offer both, with an RSA certificate at least."),
           N_("If one sender alone fails: switch session tickets off for some days and see whether "
              "its reports change."))},
    {"tls-version", LINES(N_("Offer TLS 1.2 and TLS 1.3, and no filter before the mail server that "
                             "speaks older versions only."))},
    {"tlsa-mismatch", LINES(FIX_TLSA)},
    {"certificate-self-signed",
     LINES(N_("Put a certificate from a public CA in the place of the self-signed one, also for "
              "clients that send no SNI."))},
    {"certificate-not-yet-valid",
     LINES(N_("Set the clock of the machine that made the certificate, or wait until the "
              "certificate is valid."))},
    {"starttls-refused",
     LINES(N_("Look for errors on key and certificate in the log of the mail server at the time "
              "of its start."))},
    {"sender-policy-broken",
     LINES(N_("Write to the contact-info of the report: the fault is in the sender's own TLS "
              "settings for your domain."))},
    {"fetch-refused", LINES(N_("Start the web server, and let it listen on port 443 at every "
                               "address of {policy_host}, IPv6 included."))},
    {"fetch-missing", LINES(N_("Put the file at {policy_url}, served with status 200 and without "
                               "a redirect."))},
};

const char *const *cause_fix(const struct cause *cause)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (!strcmp(rows[i].cause, cause->name))
            return rows[i].fix;
    return NULL;
}
