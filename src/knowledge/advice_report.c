/* SPDX-License-Identifier: MIT */
/* advice_report.c - what to know and to do about what senders report. */
#include "knowledge/advice_rows.h"
#include "rules/report_rules.h"

#define MEANS_REPORTED                                                                             \
    N_("If the policy was in mode enforce, the sender did not deliver in these sessions and "      \
       "tried again or returned the mail; in testing mode it delivered and reported the "          \
       "failures. "                                                                                \
       "Reports arrive a day late, so first check whether the fault still exists.")
#define MEANS_NO_POLICY_THERE                                                                      \
    N_("The sender had no usable policy. It delivered without protection, or according to a "      \
       "policy cached earlier. Reports arrive a day late, so first check whether the fault "       \
       "still exists.")
#define FIX_LOOK_NOW                                                                               \
    N_("Check whether the fault still exists:\n"                                                   \
       "$ mtasts check {domain}")
#define FIX_EACH_ADDRESS                                                                           \
    N_("{!provider}If the check finds nothing, examine every server and address behind the "       \
       "name: often only one of several is affected.")
#define FIX_WATCH                                                                                  \
    N_("After the fix, watch the reports of the next two days: the failures must disappear from "  \
       "all of them.")
#define FIX_ALL_MX                                                                                 \
    N_("List every MX host in the policy, each on a line such as {mx_line}, then publish a new "   \
       "id ({new_id}) at {record_name}.")
#define FIX_UNCOVERED                                                                              \
    N_("If {uncovered} is to receive mail, add its line to the policy and publish a new id "       \
       "({new_id}) at {record_name}; otherwise remove it from the MX records:\n"                   \
       "| mx: {uncovered}")
#define LOOK "mtasts check {domain}"
#define SHOW_CERTS                                                                                 \
    "openssl s_client -connect {host}:{smtp_port} -starttls smtp -servername {host} "              \
    "-verify_hostname {host} -showcerts </dev/null"
#define TLSA_OF      DIG("+dnssec TLSA _{smtp_port}._tcp.{host}")
#define TLSA_IF_DANE DIG("+dnssec TLSA _{smtp_port}._tcp.{dane}")
#define NOT_DANE     "{!dane}"

const struct advice_row advice_report[] = {
    {FINDING_REPORT_STARTTLS_NOT_SUPPORTED,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("An MX host, or one of the servers behind it, has no TLS; often it is "
                         "a backup MX."),
                      N_("A firewall that inspects SMTP removes STARTTLS from the reply to "
                         "EHLO."),
                      N_("TLS was disabled because the key or the certificate could not be "
                         "loaded.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_UNCOVERED, FIX_EACH_ADDRESS,
                   N_("{!provider}Enable TLS there, and disable SMTP inspection in the "
                      "firewall."),
                   FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, LOOK)}},

    {FINDING_REPORT_CERTIFICATE_HOST_MISMATCH,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("The name of the MX host is not among the names of its certificate."),
                      N_("The MX host was renamed, or is an alias."),
                      N_("Clients that send no SNI receive another certificate.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_UNCOVERED, FIX_EACH_ADDRESS,
                   N_("{!provider}Get a certificate that names every MX host, and present it with "
                      "and without "
                      "SNI."),
                   FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, LOOK)}},

    {FINDING_REPORT_CERTIFICATE_EXPIRED,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("The certificate was renewed, but the mail server was not reloaded."),
                      N_("The renewal fails, and nobody reads its error messages."),
                      N_("One of several servers was forgotten.")),
      .fix =
          LINES(FIX_LOOK_NOW, FIX_UNCOVERED, FIX_EACH_ADDRESS,
                N_("{!provider}Reload the mail server, and make every renewal do so."), FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, LOOK)}},

    {FINDING_REPORT_CERTIFICATE_NOT_TRUSTED,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("The server does not send its intermediate certificate."),
                      N_("The certificate is self-signed or from a private CA."),
                      N_("With DANE: the TLSA record does not match the certificate.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_UNCOVERED, FIX_EACH_ADDRESS,
                   N_("{!provider}{!dane}Make the server send the certificate and all "
                      "intermediates; with Let's Encrypt that is fullchain.pem."),
                   FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, LOOK)}},

    {FINDING_REPORT_VALIDATION_FAILURE,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("The policy does not cover the MX host: a wildcard matches one label "
                         "only."),
                      N_("The MX record was changed, but the policy was not."),
                      N_("The server does not send its intermediate certificate."),
                      N_("The TLS handshake failed, or the certificate is self-signed.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_ALL_MX, FIX_EACH_ADDRESS,
                   N_("{!mx_line}{!provider}{!dane}Check the certificate as senders see it, "
                      "with and without SNI: it must be valid, name the host, and come with all "
                      "intermediates."),
                   FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, NOT_DANE DIG_MX, NOT_DANE CURL_POLICY, LOOK)}},

    {FINDING_REPORT_STS_POLICY_FETCH_ERROR,
     {.meaning = MEANS_NO_POLICY_THERE,
      .causes = LINES(N_("The policy host has an IPv6 address that does not answer."),
                      N_("A firewall or a bot filter rejects the sender."),
                      N_("The web server was down or slow, or returned a status other than 200.")),
      .fix = LINES(FIX_LOOK_NOW,
                   N_("If the check finds nothing, look for the sender's requests in the log of "
                      "the web server, and try IPv4 and IPv6 separately."),
                   FIX_WATCH),
      .commands =
          LINES(CURL_TALK, "curl -6 -sSi {policy_url}", "curl -4 -sSi {policy_url}", LOOK)}},

    {FINDING_REPORT_STS_POLICY_INVALID,
     {.meaning = MEANS_NO_POLICY_THERE,
      .causes = LINES(N_("A key is misspelt, or version, mode, max_age or mx is missing."),
                      N_("A web page is served instead of the file, with HTTP status 200.")),
      .fix = LINES(FIX_LOOK_NOW,
                   N_("Correct the text and publish a new id ({new_id}) at {record_name}."),
                   FIX_WATCH),
      .commands = LINES(CURL_HEAD, LOOK)}},

    {FINDING_REPORT_STS_WEBPKI_INVALID,
     {.meaning = MEANS_NO_POLICY_THERE,
      .causes = LINES(N_("The web server has no certificate for the policy host and "
                         "presents another."),
                      N_("The certificate of the policy host has expired.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_RENEW_POLICY_CERT, FIX_WATCH),
      .commands = LINES(CURL_TALK, LOOK)}},

    {FINDING_REPORT_TLSA_INVALID,
     {.meaning = REPORT_MEANS_DANE,
      .causes =
          LINES(N_("The certificate was renewed with a new key, but the TLSA record describes "
                   "the old one."),
                N_("The TLSA record has usage 0 or 1, or a digest of the wrong length.")),
      .fix = LINES(FIX_LOOK_NOW,
                   N_("{!provider}Publish the new TLSA record next to the old one, wait for "
                      "twice its TTL, and only then change the certificate."),
                   FIX_WATCH),
      .commands = LINES(TLSA_OF, LOOK)}},

    {FINDING_REPORT_DNSSEC_INVALID,
     {.meaning = REPORT_MEANS_DANE,
      .causes = LINES(N_("Signatures of the zone have expired."),
                      N_("The DS record at the parent does not match the keys of the zone."),
                      N_("A load balancer answers DNS queries that it does not know "
                         "incorrectly.")),
      .fix = LINES(FIX_LOOK_NOW, N_("Re-sign the zone, or correct the DS record."), FIX_WATCH),
      .commands = LINES("delv MX {domain}", TLSA_OF, LOOK)}},

    {FINDING_REPORT_DANE_REQUIRED,
     {.meaning = REPORT_MEANS_DANE,
      .causes = LINES(N_("The sender is configured to deliver to this domain only with DANE."),
                      N_("TLSA records or the zone's signatures were removed.")),
      .fix = LINES(N_("Publish TLSA records in a signed zone, or ask the sender to drop this "
                      "requirement."),
                   FIX_WATCH),
      .commands = LINES(TLSA_OF, "dig +dnssec MX {domain}")}},

    {FINDING_REPORT_OTHER,
     {.meaning = N_("The sender uses a type of its own. What happened to the mail depends on "
                    "the mode of the policy, as with other failures."),
      .causes = LINES(N_("A newer standard or a sender's own extension.")),
      .fix = LINES(FIX_LOOK_NOW, N_("If the check finds nothing, ask the sender through the "
                                    "contact-info of the report.")),
      .commands = LINES(LOOK)}},

    {FINDING_REPORT_STALE_POLICY,
     {.meaning = N_("A sender keeps a policy until its max_age expires or it sees a new id. "
                    "Until then, both old and new MX hosts and certificates must work."),
      .causes =
          LINES(N_("The policy was changed, but the sender has not checked since."),
                N_("The id was not changed along with the policy, so senders see no reason to "
                   "fetch it."),
                N_("The web server or a cache in front of it still serves the old file to "
                   "some.")),
      .fix = LINES(N_("If the id was not changed with the policy, publish a new one now:\n"
                      "| {record_name}. 3600 IN TXT \"v=STSv1; id={new_id}\""),
                   N_("Until then, keep everything working that the old policy allows.")),
      .commands = LINES(DIG_RECORD, CURL_POLICY)}},

    {FINDING_REPORT_NO_POLICY_FOUND,
     {.meaning = N_("This sender delivered without requiring protected connections, so its mail "
                    "could be read or diverted in transit."),
      .causes = LINES(N_("The policy was published after the day of the report."),
                      N_("The sender does not use MTA-STS and reports policies that it does not "
                         "check."),
                      N_("For a time there was no record or more than one at {record_name}, or "
                         "some name servers did not have it.")),
      .fix = LINES(N_("If the policy is newer than the report, there is nothing to do: later "
                      "reports will name it."),
                   N_("Otherwise check that every name server has exactly one record:\n"
                      "$ mtasts check {domain}")),
      .commands = LINES(DIG_RECORD, LOOK)}},

    {FINDING_REPORT_ONE_SENDER_ONLY,
     {.meaning = N_("A fault on your side is usually seen by all senders. What only one sees is "
                    "often between you and it: its network, its list of roots, its TLS "
                    "versions."),
      .causes = LINES(N_("A filter or a broken route between this sender and your servers."),
                      N_("Your server and this sender disagree on TLS: versions, ciphers, session "
                         "tickets."),
                      N_("This sender still has an intermediate certificate or a policy that "
                         "the others do not.")),
      .fix = LINES(N_("Search the log of the mail server or web server for connections from "
                      "this sender at that time."),
                   N_("If nothing is wrong there, write to the contact-info of the sender's "
                      "report.")),
      .commands = LINES(LOOK)}},

    {FINDING_REPORT_CONFIRMED,
     {.meaning = N_("The fault has not gone away: mail from senders that follow MTA-STS is "
                    "affected now."),
      .causes = LINES(N_("The fault that the report names was not fixed.")),
      .fix = LINES(N_("Fix what the check reports:\n"
                      "$ mtasts check {domain}"),
                   FIX_WATCH),
      .commands = LINES(LOOK)}},

    {FINDING_REPORT_NOT_CONFIRMED,
     {.meaning = N_("The fault was fixed, is intermittent, affects only some senders, or cannot "
                    "be seen from here."),
      .causes = LINES(N_("It was fixed after the day of the report."),
                      N_("One of several servers has it, but another one answered."),
                      N_("Only the path from that sender is disrupted.")),
      .fix = LINES(N_("Wait for the reports of two more days. If the failures continue, check "
                      "again at other times and examine each server behind the name.")),
      .commands = LINES(LOOK)}},

    LAST_ROW,
};
