/* SPDX-License-Identifier: MIT */
/* advice_policy_cert.c - what to know and to do about the policy host's certificate. */
#include "knowledge/advice_rows.h"

const struct advice_row advice_policy_cert[] = {
    {FINDING_POLICY_CERT_EXPIRED,
     {.meaning = MEANS_NO_TRUST,
      .causes = LINES(
          N_("The automatic renewal fails: its challenge is redirected, blocked, or reaches "
             "another server."),
          N_("The certificate was renewed, but the web server was not reloaded."),
          N_("One of several servers or addresses still uses the old file."),
          N_("The name is no longer registered at the hosting service, so the service no longer "
             "renews its certificate.")),
      .fix = LINES(FIX_STALE_CA,
                   N_("{!soon_ca}Renew it and read the error if that fails; a hosting service "
                      "such as Cloudflare renews automatically while the name is set up there, "
                      "as its panel shows:\n"
                      "$ certbot renew --cert-name {policy_host}"),
                   N_("Reload the web server, and make every renewal do so."), FIX_CHECK_AGAIN),
      .commands = LINES(POLICY_CERT, POLICY_VERIFY)}},

    {FINDING_POLICY_CERT_NOT_YET_VALID,
     {.meaning = MEANS_NO_TRUST,
      .causes = LINES(N_("The certificate was issued in advance and installed too early."),
                      N_("The clock of the machine that issued it was wrong.")),
      .fix = LINES(N_("Use the previous certificate until {not_before}, or get a new one for "
                      "{policy_host}."),
                   FIX_RENEW_POLICY_CERT),
      .commands = LINES(POLICY_CERT, POLICY_VERIFY)}},

    {FINDING_POLICY_CERT_NAME_MISMATCH,
     {.meaning = MEANS_NO_TRUST,
      .causes = LINES(
          N_("The certificate is that of the website and was never extended to mta-sts."),
          N_("The web server has no site for this name and presents its default certificate."),
          N_("The name points by CNAME to a hosting service where the domain is not, or no "
             "longer, set up: the service presents its own certificate."),
          N_("A wildcard for another level: one for *.example.com covers mta-sts.example.com "
             "but not mta-sts.mail.example.com.")),
      .fix = LINES(
          N_("The certificate must contain DNS:{policy_host} in its subject alternative names; "
             "it currently has {names}."),
          FIX_RENEW_POLICY_CERT,
          N_("On your own web server create a site (server_name, ServerName) for {policy_host} "
             "that uses it.")),
      .commands = LINES(POLICY_CERT, POLICY_VERIFY)}},

    {FINDING_POLICY_CERT_COMMON_NAME_ONLY,
     {.meaning = MEANS_NO_TRUST,
      .causes = LINES(N_("The certificate was created manually or by an old internal CA, which "
                         "writes the name only into the common name.")),
      .fix =
          LINES(N_("Have it reissued with subjectAltName = DNS:{policy_host}: MTA-STS ignores the "
                   "common name."),
                FIX_RENEW_POLICY_CERT),
      .commands = LINES(POLICY_CERT)}},

    {FINDING_POLICY_CERT_PARTIAL_WILDCARD,
     {.meaning = MEANS_NO_TRUST,
      .causes = LINES(N_("The certificate was issued for a name like mta*.example.com; MTA-STS "
                         "accepts the asterisk only as the whole left-most label.")),
      .fix =
          LINES(N_("Get a certificate for {policy_host} itself or for *.{domain}; it currently has "
                   "{names}."),
                FIX_RENEW_POLICY_CERT),
      .commands = LINES(POLICY_CERT)}},

    {FINDING_POLICY_CERT_SELF_SIGNED,
     {.meaning = MEANS_NO_TRUST,
      .causes = LINES(N_("The web server still has the certificate created at installation."),
                      N_("No site is configured for this name, so the default one answers."),
                      N_("A reverse proxy passes the connection on to the server behind it.")),
      .fix = LINES(FIX_RENEW_POLICY_CERT,
                   N_("Configure it for the site {policy_host} and reload the web server.")),
      .commands = LINES(POLICY_CERT, POLICY_VERIFY)}},

    {FINDING_POLICY_CERT_UNTRUSTED_ROOT,
     {.meaning = MEANS_NO_TRUST,
      .causes = LINES(
          N_("The certificate comes from an internal CA, or from a test environment such as Let's "
             "Encrypt staging."),
          N_("At Cloudflare, the origin certificate is visible because the proxy is turned off."),
          N_("The CA was removed from the common trust stores, or its chain ends at an old root.")),
      .fix = LINES(N_("Its issuer {issuer} is not in the trust store that senders use."),
                   FIX_MISSING_UPPER, FIX_RENEW_POLICY_CERT,
                   N_("If the certificate is a Cloudflare origin certificate, turn the proxy on "
                      "for {policy_host}.")),
      .commands = LINES(POLICY_VERIFY, POLICY_CERT)}},

    {FINDING_POLICY_CERT_WRONG_PURPOSE,
     {.meaning = MEANS_NO_TRUST,
      .causes = LINES(N_("A certificate for clients, e-mail (S/MIME) or code signing was "
                         "installed instead of a server certificate."),
                      N_("An internal CA used a template without server authentication.")),
      .fix = LINES(FIX_PURPOSE, FIX_RENEW_POLICY_CERT,
                   N_("Configure it for the site {policy_host} and reload the web server.")),
      .commands = LINES(POLICY_TLS "</dev/null 2>/dev/null | " SHOW_PURPOSE)}},

    {FINDING_POLICY_CERT_CHAIN_INCOMPLETE,
     {.meaning =
          N_("Many browsers fetch a missing intermediate certificate themselves, mail senders "
             "do not: they cannot trust the host and cannot fetch the policy. Those that never "
             "had it deliver without protection; those with a cached one use it until its "
             "max_age expires."),
      .causes =
          LINES(N_("Only the certificate itself was configured, without the file of the "
                   "intermediates."),
                N_("The intermediates are those of another CA, or of an earlier certificate.")),
      .fix = LINES(FIX_CHAIN_URL, FIX_FULLCHAIN, FIX_CHAIN_ROOT,
                   N_("Reload the web server and look for \"Verify return code: 0 (ok)\" in the "
                      "output of openssl.")),
      .commands = LINES(POLICY_VERIFY)}},

    {FINDING_POLICY_CERT_EXPIRES_SOON,
     {.meaning = N_("Nothing fails yet. Once the certificate has expired, senders can no longer "
                    "fetch the policy, and the protection ends as their cached copies expire."),
      .causes = LINES(
          N_("The automatic renewal has been failing for some time: it usually happens when a "
             "third of the lifetime is left (of 90 days: 30, of 45 days: 15)."),
          N_("The certificate was renewed, but the web server was not reloaded."),
          N_("The certificate is renewed manually.")),
      .fix = LINES(FIX_SOON_CA,
                   N_("{!soon_ca}Renew it and read the error if that fails; a hosting service "
                      "such as Cloudflare renews automatically while the name is set up "
                      "there, as its panel shows:\n"
                      "$ certbot renew --cert-name {policy_host}"),
                   N_("Reload the web server, and make every renewal do so.")),
      .commands = LINES(POLICY_CERT)}},

    LAST_ROW,
};
