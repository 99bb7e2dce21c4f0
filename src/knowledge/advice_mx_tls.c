/* SPDX-License-Identifier: MIT */
/* advice_mx_tls.c - what to know and to do about STARTTLS and certificates of the MX hosts. */
#include "knowledge/advice_rows.h"

#define FIX_POSTFIX_CERT                                                                           \
    N_("Postfix: smtpd_tls_chain_files with key and full chain, or smtpd_tls_cert_file and "       \
       "smtpd_tls_key_file; then postfix reload.")

const struct advice_row advice_mx_tls[] = {
    {FINDING_MX_STARTTLS_MISSING,
     {.meaning = N_("In mode enforce, senders do not deliver to this host: they try the other "
                    "MX hosts, queue the mail and return it after some days. In testing mode "
                    "and without MTA-STS they deliver in clear text, readable in transit."),
      .causes =
          LINES(N_("TLS is not enabled in the mail server, or its certificate cannot be loaded."),
                N_("A firewall that inspects SMTP removes STARTTLS from the reply to EHLO."),
                N_("Another server or a proxy answers at this address.")),
      .fix =
          LINES(N_("Enable TLS: in Postfix smtpd_tls_security_level = may, in Exim "
                   "tls_advertise_hosts = *, each with certificate and key."),
                N_("If the log of {host} shows that STARTTLS is offered internally, turn off SMTP "
                   "inspection in the firewall; replies like XXXXXXXA are typical of it."),
                N_("Give the server a certificate for {host} from a public CA."), FIX_EMERGENCY),
      .commands = LINES(SMTP_TALK, MX_TLS "</dev/null")}},

    {FINDING_MX_STARTTLS_REFUSED,
     {.meaning = N_("STARTTLS is announced, but the command fails, so there is no TLS. In mode "
                    "enforce, senders do not deliver to this host; in testing mode and without "
                    "MTA-STS they deliver in clear text."),
      .causes = LINES(
          N_("The server cannot load its certificate or key, often because of file permissions "
             "after a renewal (454 TLS not available)."),
          N_("Too many simultaneous sessions, or a lack of entropy or memory."),
          N_("A firewall or proxy in front of the server breaks the command.")),
      .fix = LINES(
          N_("The reply was: {code} {reply}. Look for the reason in the log of {host} at that "
             "time."),
          N_("Check that the mail server can read the certificate and key of {host} and that "
             "the two match, then restart it."),
          FIX_EMERGENCY),
      .commands = LINES(MX_TLS "</dev/null", SMTP_TALK " --ssl-reqd --insecure")}},

    {FINDING_MX_TLS_HANDSHAKE_FAILED,
     {.meaning = MEANS_MX_REFUSED,
      .causes = LINES(
          N_("The server has no usable certificate, or only one with a weak key or signature."),
          N_("Server and sender have no TLS version or cipher in common."),
          N_("A firewall or proxy interferes after STARTTLS.")),
      .fix = LINES(
          N_("The alert \"{alert}\" came from the server; its log shows the reason."),
          N_("The server does not know the name {unknown_name}, which senders send (SNI): add "
             "it with its certificate (Postfix: tls_server_sni_maps), or make the server answer "
             "unknown names with its default certificate."),
          N_("Allow TLS 1.2 and 1.3 with the default ciphers of the server's TLS library."),
          N_("Use a certificate for {host} with an RSA key of at least 2048 bits or an EC key, "
             "signed with SHA-256."),
          FIX_EMERGENCY),
      .commands = LINES(MX_TLS "-msg </dev/null", MX_TLS "-tls1_2 </dev/null")}},

    {FINDING_MX_TLS_CLIENT_CERTIFICATE,
     {.meaning = N_("Senders have no client certificate for your server, so none of them can "
                    "establish TLS. In mode enforce they do not deliver to this host; without "
                    "MTA-STS many fall back to clear text, and some give up."),
      .causes =
          LINES(N_("A setting meant for submission or for partners applies to port 25 as well."),
                N_("A proxy or load balancer in front of the mail server verifies clients (mutual "
                   "TLS).")),
      .fix = LINES(
          N_("Postfix: postconf -e smtpd_tls_req_ccert=no; then remove -o "
             "smtpd_tls_req_ccert=yes from the service smtp in master.cf, and run postfix "
             "reload. To request one without requiring it, use smtpd_tls_ask_ccert = yes."),
          N_("Exim: unset tls_verify_hosts; tls_try_verify_hosts requests without requiring. "
             "TLS proxy: turn off client verification for port 25 (nginx: ssl_verify_client "
             "off; HAProxy: no \"verify required\")."),
          N_("Exchange: turn off \"Mutual authentication (mTLS)\" on the receive connector that "
             "accepts mail from the internet for {host}."),
          FIX_EMERGENCY),
      .commands = LINES(MX_TLS "-msg </dev/null", MX_TLS "-tls1_2 </dev/null")}},

    {FINDING_MX_TLS_VERSION_OLD,
     {.meaning =
          N_("MTA-STS requires TLS 1.2 or newer. Senders that enforce the policy do not deliver "
             "to this host; others fall back to old TLS or clear text."),
      .causes = LINES(N_("The mail server or the appliance in front of it is old, or its "
                         "settings limit it to old versions."),
                      N_("The operating system's library supports nothing newer.")),
      .fix = LINES(
          N_("Allow TLS 1.2 and 1.3, in Postfix with smtpd_tls_protocols = >=TLSv1.2 (before 3.6: "
             "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1)."),
          N_("If the server {host} cannot do that, update it, or put a newer one in front of "
             "it."),
          FIX_EMERGENCY),
      .commands = LINES(MX_TLS "-tls1_2 </dev/null", MX_TLS "-tls1_3 </dev/null")}},

    {FINDING_MX_CERT_EXPIRED,
     {.meaning = MEANS_MX_REFUSED,
      .causes = LINES(
          N_("The automatic renewal fails, for example because port 80 is closed on the mail "
             "server or the DNS challenge lost its access."),
          N_("The certificate was renewed, but the mail server still uses the old one: it was "
             "not reloaded, or the file was not copied."),
          N_("It is renewed manually and was forgotten.")),
      .fix = LINES(FIX_STALE_CA,
                   N_("{!soon_ca}Renew it, and read the error message if that fails:\n"
                      "$ certbot renew --cert-name {host}"),
                   N_("Reload the mail server, and make every renewal do so:\n"
                      "$ postfix reload\n"
                      "$ certbot renew --deploy-hook 'postfix reload'"),
                   FIX_MANAGED_MX, FIX_EMERGENCY),
      .commands = LINES(MX_CERT, MX_VERIFY)}},

    {FINDING_MX_CERT_NOT_YET_VALID,
     {.meaning = MEANS_MX_REFUSED,
      .causes = LINES(N_("The certificate was issued in advance and installed too early."),
                      N_("The clock of the machine that issued it was wrong.")),
      .fix = LINES(N_("Use the previous certificate until {not_before}, or get a new one for "
                      "{host}."),
                   FIX_RENEW_MX_CERT, FIX_EMERGENCY),
      .commands = LINES(MX_CERT, MX_VERIFY)}},

    {FINDING_MX_CERT_NAME_MISMATCH,
     {.meaning = MEANS_MX_REFUSED,
      .causes = LINES(
          N_("The certificate is for the domain or another name of the server, not for the name in "
             "the MX record."),
          N_("Several names share the server, but it does not select the certificate by SNI."),
          N_("The MX record names an alias or an old name of the host."),
          N_("A proxy or firewall presents its own certificate.")),
      .fix = LINES(
          N_("The certificate must contain DNS:{host} in its subject alternative names; it "
             "currently has {names}."),
          FIX_RENEW_MX_CERT, FIX_POSTFIX_CERT,
          N_("Or name in the MX record a host that the certificate covers, after adding an mx "
             "line for it to the policy."),
          FIX_MANAGED_MX, FIX_EMERGENCY),
      .commands = LINES(MX_CERT, MX_VERIFY)}},

    {FINDING_MX_CERT_COMMON_NAME_ONLY,
     {.meaning = MEANS_MX_REFUSED,
      .causes = LINES(N_("The certificate was created manually or by an old internal CA, which "
                         "writes the name only into the common name.")),
      .fix = LINES(N_("Have it reissued with subjectAltName = DNS:{host}: MTA-STS ignores the "
                      "common name."),
                   FIX_RENEW_MX_CERT, FIX_EMERGENCY),
      .commands = LINES(MX_CERT)}},

    {FINDING_MX_CERT_SELF_SIGNED,
     {.meaning = MEANS_MX_REFUSED,
      .causes = LINES(N_("The mail server still has the certificate created at installation "
                         "(\"snakeoil\")."),
                      N_("The configuration names a file other than the CA's certificate."),
                      N_("An appliance or proxy in front of the server has its own certificate.")),
      .fix = LINES(FIX_RENEW_MX_CERT, FIX_POSTFIX_CERT, FIX_EMERGENCY),
      .commands = LINES(MX_CERT, MX_VERIFY)}},

    {FINDING_MX_CERT_UNTRUSTED_ROOT,
     {.meaning = MEANS_MX_REFUSED,
      .causes = LINES(
          N_("The certificate comes from an internal CA, or from a test environment such as Let's "
             "Encrypt staging."),
          N_("The CA was removed from the common trust stores, or its chain ends at an old root."),
          N_("An appliance that inspects mail signs with its own CA.")),
      .fix = LINES(N_("Its issuer {issuer} is not in the trust store that senders use."),
                   FIX_MISSING_UPPER, FIX_RENEW_MX_CERT, FIX_POSTFIX_CERT, FIX_MANAGED_MX,
                   FIX_EMERGENCY),
      .commands = LINES(MX_VERIFY, MX_CERT)}},

    {FINDING_MX_CERT_WRONG_PURPOSE,
     {.meaning = MEANS_MX_REFUSED,
      .causes = LINES(N_("A certificate for clients, e-mail (S/MIME) or code signing was "
                         "installed instead of a server certificate."),
                      N_("An internal CA used a template without server authentication."),
                      N_("The server presents the certificate with which it authenticates as a "
                         "client (smtp_tls_cert_file in Postfix).")),
      .fix = LINES(FIX_PURPOSE, FIX_RENEW_MX_CERT, FIX_POSTFIX_CERT, FIX_MANAGED_MX, FIX_EMERGENCY),
      .commands = LINES(MX_TLS "</dev/null 2>/dev/null | " SHOW_PURPOSE)}},

    {FINDING_MX_CERT_CHAIN_INCOMPLETE,
     {.meaning =
          N_("Senders do not fetch a missing intermediate certificate. In mode enforce, most do "
             "not deliver to this host; a few that happen to have it do. In testing mode they "
             "deliver and report certificate-not-trusted or validation-failure."),
      .causes =
          LINES(N_("Only the certificate itself was configured, without the file of the "
                   "intermediates."),
                N_("The intermediates are those of another CA, or of an earlier certificate.")),
      .fix = LINES(FIX_CHAIN_URL, FIX_FULLCHAIN, FIX_CHAIN_ROOT, FIX_POSTFIX_CERT,
                   N_("Look for \"Verify return code: 0 (ok)\" in the output of openssl."),
                   FIX_EMERGENCY),
      .commands = LINES(MX_VERIFY)}},

    {FINDING_MX_CERT_EXPIRES_SOON,
     {.meaning = N_("Nothing fails yet. Once the certificate has expired, senders that enforce the "
                    "policy no longer deliver to this host."),
      .causes = LINES(
          N_("The automatic renewal has been failing for some time: it usually happens when a "
             "third of the lifetime is left (of 90 days: 30, of 45 days: 15)."),
          N_("The certificate was renewed, but the mail server still uses the old one: it was "
             "not reloaded, or the file was not copied."),
          N_("The certificate is renewed manually.")),
      .fix = LINES(FIX_SOON_CA,
                   N_("{!soon_ca}Renew it, and read the error message if that fails:\n"
                      "$ certbot renew --cert-name {host}"),
                   N_("Reload the mail server, and make every renewal do so:\n"
                      "$ postfix reload\n"
                      "$ certbot renew --deploy-hook 'postfix reload'"),
                   FIX_MANAGED_MX),
      .commands = LINES(MX_CERT)}},

    {FINDING_MX_CERT_DIFFERS_BY_ADDRESS,
     {.meaning = N_("Senders that use the faulty address fail, others succeed: the failures are "
                    "intermittent. In mode enforce, mail that hits it is delayed until another "
                    "address or MX host is tried."),
      .causes = LINES(N_("One of several servers behind the name did not receive the new "
                         "certificate."),
                      N_("IPv4 and IPv6 point to different servers, or one of them to a proxy."),
                      N_("An old server was left in DNS.")),
      .fix =
          LINES(N_("Install on the server at {address} the certificate that the other addresses of "
                   "{host} present, and reload it."),
                N_("Or delete the address from DNS."),
                N_("Distribute the certificate to all servers at every renewal.")),
      .commands = LINES(MX_CERT, DIG_HOST)}},

    LAST_ROW,
};
