/* SPDX-License-Identifier: MIT */
/* advice_handshake.c - what to know and to do about handshakes that go well with some senders. */
#include "knowledge/advice_rows.h"

#define CAUSES_LARGE_HELLO                                                                         \
    LINES(N_("A firewall, load balancer or TLS inspection in front of the server reads the "       \
             "ClientHello in one piece and drops one that arrives in two packets."),               \
          N_("The TLS library of the server or appliance is old and has a limit of its own."),     \
          N_("Large packets are lost in transit (MTU)."))
#define FIX_LARGE_HELLO                                                                            \
    N_("Update the firmware of the devices in front of {host} (firewall, load balancer, mail "     \
       "gateway), or turn off their TLS inspection for this port. Vendors list the bug as "        \
       "\"large ClientHello\" or \"post-quantum key exchange\".")
#define FIX_LARGE_DIRECT                                                                           \
    N_("Test the server itself, bypassing these devices, with OpenSSL 3.5 or newer and the "       \
       "group X25519MLKEM768. If it fails there too, update the server's TLS library.")
#define FIX_SECOND                                                                                 \
    N_("Renew the certificate with the {key} key like the other one, or remove it from the "       \
       "configuration: one valid certificate is enough, and one with an RSA key works with "       \
       "every sender.")
#define FIX_SECOND_NGINX                                                                           \
    N_("In nginx and Apache these are two pairs of certificate and key lines for one site; in "    \
       "Postfix, smtpd_tls_eccert_file and smtpd_tls_cert_file, or two entries in "                \
       "smtpd_tls_chain_files. Make sure that renewal covers both.")
#define FIX_TLS12                                                                                  \
    N_("Allow TLS 1.2 as well; with ECDHE ciphers it is still considered safe (RFC 9325).")
#define FIX_EXCHANGE                                                                               \
    N_("Allow ECDHE ciphers and put them first: the defaults of OpenSSL and GnuTLS are good, so "  \
       "remove your own settings.")
#define FIX_STAPLE                                                                                 \
    N_("Have the certificate reissued without must-staple (certbot: without --must-staple), and "  \
       "install it. Let's Encrypt stopped issuing such certificates in 2025.")
#define FIX_DEFAULT_CERT                                                                           \
    N_("Make a certificate that names {host} the default one, which clients without SNI get.")
#define FIX_DEFAULT_POSTFIX                                                                        \
    N_("Postfix: the default is smtpd_tls_chain_files (or smtpd_tls_cert_file with "               \
       "smtpd_tls_key_file); tls_server_sni_maps only selects others by name. Look at both, "      \
       "change the default, then run postfix reload:\n"                                            \
       "$ postconf smtpd_tls_chain_files smtpd_tls_cert_file tls_server_sni_maps")
#define FIX_DEFAULT_EXIM                                                                           \
    N_("Exim: where tls_certificate and tls_privatekey depend on $tls_in_sni, clients without "    \
       "SNI get what they yield while it is empty.")
#define FIX_ONE_CERT                                                                               \
    N_("Or use one certificate with the names of all hosts that this server answers for; then "    \
       "SNI makes no difference.")

const struct advice_row advice_handshake[] = {
    {FINDING_POLICY_TLS_LARGE_HELLO,
     {.meaning = N_("Senders whose TLS library offers hybrid key exchange by default (OpenSSL "
                    "3.5, Go 1.24 and newer) cannot fetch the policy; they deliver without "
                    "protection or use a cached policy. Others are not affected. The share of "
                    "such senders is growing."),
      .causes = CAUSES_LARGE_HELLO,
      .fix = LINES(FIX_LARGE_HELLO, FIX_LARGE_DIRECT),
      .commands =
          LINES(POLICY_TLS "-groups X25519MLKEM768:X25519 </dev/null", POLICY_TLS "</dev/null")}},

    {FINDING_POLICY_CERT_DIFFERS_BY_KEY,
     {.meaning = N_("Which certificate a sender gets depends on the keys it prefers. Those that "
                    "get the faulty one cannot fetch the policy; they deliver without "
                    "protection or use a cached policy."),
      .causes = LINES(N_("The server has an RSA and an ECDSA certificate, and only one of them is "
                         "renewed."),
                      N_("An old certificate was left in the configuration when the new one was "
                         "added.")),
      .fix = LINES(FIX_SECOND, FIX_SECOND_NGINX),
      .commands = LINES(POLICY_TLS "-tls1_2 -cipher {auth} </dev/null 2>/dev/null | " SHOW_CERT,
                        POLICY_CERT)}},

    {FINDING_POLICY_TLS13_ONLY,
     {.meaning = N_("Senders with an older TLS library cannot fetch the policy: they support TLS "
                    "1.2 at most, the minimum that MTA-STS requires."),
      .causes = LINES(N_("TLS 1.2 was disabled on purpose or by a profile such as \"modern\" of "
                         "Mozilla's generator.")),
      .fix = LINES(FIX_TLS12,
                   N_("nginx: ssl_protocols TLSv1.2 TLSv1.3; Apache: SSLProtocol -all +TLSv1.2 "
                      "+TLSv1.3.")),
      .commands = LINES(POLICY_TLS "-tls1_2 </dev/null", POLICY_TLS "-tls1_3 </dev/null")}},

    {FINDING_POLICY_TLS_NO_FORWARD_SECRECY,
     {.meaning = N_("Most senders are not affected. Some no longer offer RSA key exchange (Go "
                    "since 1.22, Rust's rustls); where the server has nothing else, they cannot "
                    "fetch the policy."),
      .causes = LINES(N_("An outdated list of ciphers is configured."),
                      N_("An old appliance terminates TLS in front of the server.")),
      .fix = LINES(FIX_EXCHANGE,
                   N_("nginx: remove ssl_ciphers, or use the list of Mozilla's generator "
                      "(https://ssl-config.mozilla.org), profile \"intermediate\".")),
      .commands =
          LINES(POLICY_TLS "-tls1_2 </dev/null", POLICY_TLS "-tls1_2 -cipher ECDHE </dev/null")}},

    {FINDING_POLICY_CERT_MUST_STAPLE,
     {.meaning = N_("Senders that check this extension (those with GnuTLS) reject the "
                    "certificate; most do not check it."),
      .causes = LINES(N_("The certificate was ordered with must-staple, but the web server does "
                         "not staple OCSP responses."),
                      N_("The CA no longer offers OCSP, so there is nothing to staple.")),
      .fix = LINES(
          FIX_STAPLE,
          N_("Or enable OCSP stapling (nginx: ssl_stapling on;) if the CA still offers OCSP.")),
      .commands = LINES(POLICY_TLS "-status </dev/null")}},

    {FINDING_MX_TLS_LARGE_HELLO,
     {.meaning = N_("Senders whose TLS library offers hybrid key exchange by default (Postfix "
                    "with OpenSSL 3.5, mail servers in Go) cannot establish TLS with this host. "
                    "In mode enforce they do not deliver to it; otherwise they deliver in clear "
                    "text. Others are not affected. The share of such senders is growing."),
      .causes = CAUSES_LARGE_HELLO,
      .fix = LINES(FIX_LARGE_HELLO, FIX_LARGE_DIRECT, FIX_MANAGED_MX, FIX_EMERGENCY),
      .commands = LINES(MX_TLS "-groups X25519MLKEM768:X25519 </dev/null", MX_TLS "</dev/null")}},

    {FINDING_MX_CERT_DIFFERS_BY_KEY,
     {.meaning = N_("Which certificate a sender gets depends on the keys it prefers. In mode "
                    "enforce, those that get the faulty one do not deliver to this host."),
      .causes = LINES(N_("The server has an RSA and an ECDSA certificate, and only one of them is "
                         "renewed."),
                      N_("An old certificate was left in the configuration when the new one was "
                         "added.")),
      .fix = LINES(FIX_SECOND, FIX_SECOND_NGINX, FIX_MANAGED_MX),
      .commands =
          LINES(MX_TLS "-tls1_2 -cipher {auth} </dev/null 2>/dev/null | " SHOW_CERT, MX_CERT)}},

    {FINDING_MX_TLS13_ONLY,
     {.meaning = N_("Senders with an older TLS library support TLS 1.2 at most, the minimum "
                    "that MTA-STS requires. In mode enforce they do not deliver to this host."),
      .causes = LINES(N_("TLS 1.2 was disabled on purpose or by a profile such as \"modern\" of "
                         "Mozilla's generator.")),
      .fix = LINES(FIX_TLS12, N_("Postfix: postconf -e 'smtpd_tls_protocols = >=TLSv1.2'; then "
                                 "postfix reload.")),
      .commands = LINES(MX_TLS "-tls1_2 </dev/null", MX_TLS "-tls1_3 </dev/null")}},

    {FINDING_MX_TLS_NEEDS_SNI,
     {.meaning = N_("Mail servers must not require SNI (RFC 8461 section 7.1): many senders that "
                    "encrypt without verifying send none, Postfix by default among them. After "
                    "the failed handshake they deliver in clear text or, where TLS is mandatory "
                    "for them, not at all. Senders that follow MTA-STS or DANE send SNI and are "
                    "not affected."),
      .causes = LINES(N_("The server has a certificate for each host name, but no default one."),
                      N_("A TLS proxy in front of the mail server accepts only names that it "
                         "knows.")),
      .fix = LINES(FIX_DEFAULT_CERT, FIX_DEFAULT_POSTFIX, FIX_DEFAULT_EXIM, FIX_MANAGED_MX),
      .commands = LINES(MX_TLS_NO_SNI "</dev/null", MX_TLS "</dev/null")}},

    {FINDING_MX_TLS_NO_FORWARD_SECRECY,
     {.meaning = N_("Most senders are not affected. Some no longer offer RSA key exchange (mail "
                    "servers in Go and Rust); where the server has nothing else, they do not "
                    "deliver to it in mode enforce."),
      .causes = LINES(N_("An outdated list of ciphers is configured."),
                      N_("An old appliance terminates TLS in front of the server.")),
      .fix =
          LINES(FIX_EXCHANGE, N_("Postfix: postconf -X tls_high_cipherlist tls_medium_cipherlist "
                                 "smtpd_tls_exclude_ciphers; then postfix reload.")),
      .commands = LINES(MX_TLS "-tls1_2 </dev/null", MX_TLS "-tls1_2 -cipher ECDHE </dev/null")}},

    {FINDING_MX_CERT_NEEDS_SNI,
     {.meaning = N_("MTA-STS and DANE are not affected: their senders must send SNI (RFC 8461 "
                    "section 7.1, RFC 7672 section 8.1). Others may not: Postfix names the host "
                    "only with smtp_tls_servername, with servername= in a TLS policy, or under "
                    "DANE. Where such a sender is configured to verify your certificate (in "
                    "Postfix the levels verify and secure), its mail to this host is deferred; "
                    "senders that encrypt without verifying deliver."),
      .causes = LINES(N_("Several hosts share the server, and the default certificate is that of "
                         "another one."),
                      N_("The default certificate is an old or self-signed one that was never "
                         "replaced.")),
      .fix = LINES(FIX_DEFAULT_CERT, FIX_DEFAULT_POSTFIX, FIX_DEFAULT_EXIM, FIX_ONE_CERT,
                   FIX_MANAGED_MX),
      .commands = LINES(MX_TLS_NO_SNI "</dev/null 2>/dev/null | " SHOW_CERT, MX_CERT)}},

    {FINDING_MX_CERT_MUST_STAPLE,
     {.meaning = N_("Senders that check this extension (those with GnuTLS, such as Exim on "
                    "Debian) reject the certificate; most do not check it. No common mail "
                    "server staples OCSP responses by default."),
      .causes = LINES(N_("The certificate was ordered with must-staple for a web server, but "
                         "the mail server uses it too."),
                      N_("The CA no longer offers OCSP, so there is nothing to staple.")),
      .fix = LINES(FIX_STAPLE, FIX_MANAGED_MX),
      .commands = LINES(MX_TLS "-status </dev/null")}},

    LAST_ROW,
};
