/* SPDX-License-Identifier: MIT */
/* advice_report.c - what to know and to do about what senders report. */
#include "knowledge/advice_rows.h"
#include "rules/report_rules.h"

#define MEANS_REPORTED                                                                             \
    N_("If the policy was in mode enforce, the sender did not deliver these sessions and tried "   \
       "again or returned the mail; in testing mode it delivered and told you. Reports come a "    \
       "day "                                                                                      \
       "late, so look first whether the fault is still there.")
#define MEANS_NO_POLICY_THERE                                                                      \
    N_("The sender had no policy it could use. It delivered without protection, or by a policy "   \
       "it "                                                                                       \
       "had kept from earlier. Reports come a day late, so look first whether the fault is still " \
       "there.")
#define FIX_LOOK_NOW                                                                               \
    N_("See whether the fault is still there:\n"                                                   \
       "$ mtasts check {domain}")
#define FIX_EACH_ADDRESS                                                                           \
    N_("{!provider}If the check is clean, look at every server and address behind the name: "      \
       "often one of "                                                                             \
       "several is to blame.")
#define FIX_WATCH                                                                                  \
    N_("After the repair watch the reports of the next two days: the failures must end in all of " \
       "them.")
#define FIX_ALL_MX                                                                                 \
    N_("List every MX host in the policy, each by a line such as {mx_line}, then publish a new "   \
       "id "                                                                                       \
       "({new_id}) at {record_name}.")
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
      .causes = LINES(N_("One MX host or one server behind it has no TLS, often a backup MX."),
                      N_("A firewall that inspects SMTP removes STARTTLS from the answer."),
                      N_("TLS was switched off after the key or the certificate could not be "
                         "loaded.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_UNCOVERED, FIX_EACH_ADDRESS,
                   N_("{!provider}Switch TLS on there, and SMTP inspection off."), FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, LOOK)}},

    {FINDING_REPORT_CERTIFICATE_HOST_MISMATCH,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("The name of the MX host is not among the names of its certificate."),
                      N_("The MX host was renamed, or is an alias of another name."),
                      N_("Clients that send no SNI are shown another certificate.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_UNCOVERED, FIX_EACH_ADDRESS,
                   N_("{!provider}Get a certificate that names every MX host, and present it with "
                      "and without "
                      "SNI."),
                   FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, LOOK)}},

    {FINDING_REPORT_CERTIFICATE_EXPIRED,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("The certificate was renewed, but the mail server was not reloaded."),
                      N_("The renewal fails and nobody reads its messages."),
                      N_("One of several servers was forgotten.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_UNCOVERED, FIX_EACH_ADDRESS,
                   N_("{!provider}Reload the mail server, and let every renewal reload it."),
                   FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, LOOK)}},

    {FINDING_REPORT_CERTIFICATE_NOT_TRUSTED,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("The server does not send its intermediate certificate."),
                      N_("The certificate is self-signed or from a private CA."),
                      N_("With DANE: the TLSA record does not match the certificate.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_UNCOVERED, FIX_EACH_ADDRESS,
                   N_("{!provider}{!dane}Let the server send the certificate and all "
                      "intermediates; with Let's "
                      "Encrypt that is fullchain.pem."),
                   FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, LOOK)}},

    {FINDING_REPORT_VALIDATION_FAILURE,
     {.meaning = MEANS_REPORTED,
      .causes = LINES(N_("The policy does not cover the MX host: a wildcard stands for one label "
                         "only."),
                      N_("The MX record was changed and the policy was not."),
                      N_("The server does not send its intermediate certificate."),
                      N_("The TLS handshake failed, or the certificate is self-signed.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_ALL_MX, FIX_EACH_ADDRESS,
                   N_("{!mx_line}{!provider}{!dane}Look at the certificate as senders see it, with "
                      "and without SNI: it must be valid, name the host, and come with all "
                      "intermediates."),
                   FIX_WATCH),
      .commands = LINES(TLSA_IF_DANE, SHOW_CERTS, NOT_DANE DIG_MX, NOT_DANE CURL_POLICY, LOOK)}},

    {FINDING_REPORT_STS_POLICY_FETCH_ERROR,
     {.meaning = MEANS_NO_POLICY_THERE,
      .causes = LINES(N_("The policy host has an IPv6 address that does not answer."),
                      N_("A firewall or a bot filter turns the sender away."),
                      N_("The web server was down, slow, or answered with another status than "
                         "200.")),
      .fix = LINES(FIX_LOOK_NOW,
                   N_("If the check is clean, look for the sender's requests in the log of the web "
                      "server, and try IPv4 and IPv6 by themselves."),
                   FIX_WATCH),
      .commands =
          LINES(CURL_TALK, "curl -6 -sSi {policy_url}", "curl -4 -sSi {policy_url}", LOOK)}},

    {FINDING_REPORT_STS_POLICY_INVALID,
     {.meaning = MEANS_NO_POLICY_THERE,
      .causes = LINES(N_("A key is misspelt, or version, mode, max_age or mx is missing."),
                      N_("A web page comes in place of the file, with status 200.")),
      .fix = LINES(FIX_LOOK_NOW,
                   N_("Put the text right and publish a new id ({new_id}) at "
                      "{record_name}."),
                   FIX_WATCH),
      .commands = LINES(CURL_HEAD, LOOK)}},

    {FINDING_REPORT_STS_WEBPKI_INVALID,
     {.meaning = MEANS_NO_POLICY_THERE,
      .causes = LINES(N_("The web server has no certificate for the policy host and "
                         "presents another."),
                      N_("The certificate of the policy host expired.")),
      .fix = LINES(FIX_LOOK_NOW, FIX_RENEW_POLICY_CERT, FIX_WATCH),
      .commands = LINES(CURL_TALK, LOOK)}},

    {FINDING_REPORT_TLSA_INVALID,
     {.meaning = REPORT_MEANS_DANE,
      .causes =
          LINES(N_("The certificate was renewed with a new key, and the TLSA record names the "
                   "old one."),
                N_("The TLSA record has usage 0 or 1, or a digest of the wrong length.")),
      .fix = LINES(FIX_LOOK_NOW,
                   N_("{!provider}Publish the new TLSA record beside the old one, wait for twice "
                      "its TTL, and "
                      "change the certificate then."),
                   FIX_WATCH),
      .commands = LINES(TLSA_OF, LOOK)}},

    {FINDING_REPORT_DNSSEC_INVALID,
     {.meaning = REPORT_MEANS_DANE,
      .causes = LINES(N_("Signatures of the zone expired."),
                      N_("The DS record at the parent does not fit the keys of the zone."),
                      N_("A load balancer answers DNS questions it does not know wrongly.")),
      .fix = LINES(FIX_LOOK_NOW, N_("Sign the zone again, or put the DS record right."), FIX_WATCH),
      .commands = LINES("delv MX {domain}", TLSA_OF, LOOK)}},

    {FINDING_REPORT_DANE_REQUIRED,
     {.meaning = REPORT_MEANS_DANE,
      .causes = LINES(N_("The sender was told to deliver to this domain by DANE only."),
                      N_("TLSA records or the signatures of the zone were removed.")),
      .fix = LINES(N_("Publish TLSA records in a signed zone, or ask the sender to lift its "
                      "demand."),
                   FIX_WATCH),
      .commands = LINES(TLSA_OF, "dig +dnssec MX {domain}")}},

    {FINDING_REPORT_OTHER,
     {.meaning = N_("The sender uses a word of its own. What happened to the mail depends on the "
                    "mode of the policy, as with other failures."),
      .causes = LINES(N_("A newer standard or a sender's own extension.")),
      .fix = LINES(FIX_LOOK_NOW, N_("Ask the sender by the contact-info of the report if the check "
                                    "is clean.")),
      .commands = LINES(LOOK)}},

    {FINDING_REPORT_STALE_POLICY,
     {.meaning = N_("A sender keeps a policy until its max_age is over or it sees a new id. Until "
                    "then old and new MX hosts and certificates must work."),
      .causes =
          LINES(N_("The policy was changed, and the sender has not looked since."),
                N_("The id was not changed along with the policy, so senders see no reason to "
                   "fetch it."),
                N_("The web server or a cache in front of it still serves the old file to "
                   "some.")),
      .fix = LINES(N_("If the id was not changed with the policy, publish a new one now:\n"
                      "| {record_name}. 3600 IN TXT \"v=STSv1; id={new_id}\""),
                   N_("Keep what the old policy allows working until then.")),
      .commands = LINES(DIG_RECORD, CURL_POLICY)}},

    {FINDING_REPORT_NO_POLICY_FOUND,
     {.meaning = N_("This sender delivered without asking for protected connections, so mail from "
                    "it could be read or diverted on its way."),
      .causes = LINES(N_("The policy was published after the day of the report."),
                      N_("The sender does not use MTA-STS and reports what it does not check."),
                      N_("For a time there was no record or more than one at {record_name}, or "
                         "some name servers did not have it.")),
      .fix =
          LINES(N_("If the policy is newer than the report, nothing is to be done: later reports "
                   "will name it."),
                N_("Otherwise see whether every name server has exactly one record:\n"
                   "$ mtasts check {domain}")),
      .commands = LINES(DIG_RECORD, LOOK)}},

    {FINDING_REPORT_ONE_SENDER_ONLY,
     {.meaning = N_("A fault of yours is mostly seen by all senders. What only one sees lies often "
                    "between you and it: its network, its list of roots, its versions of TLS."),
      .causes = LINES(N_("A filter or a broken route between this sender and your servers."),
                      N_("Your server and this sender disagree on TLS: versions, ciphers, session "
                         "tickets."),
                      N_("This sender still knows an intermediate certificate or a policy that the "
                         "others do not.")),
      .fix = LINES(N_("Look into the log of the mail server or web server for connections of this "
                      "sender at that time."),
                   N_("If nothing is wrong there, write to the contact-info of its report.")),
      .commands = LINES(LOOK)}},

    {FINDING_REPORT_CONFIRMED,
     {.meaning = N_("The fault did not go away by itself: mail of senders that follow MTA-STS is "
                    "concerned now."),
      .causes = LINES(N_("The fault that the report names was not repaired.")),
      .fix = LINES(N_("Repair what the check names:\n"
                      "$ mtasts check {domain}"),
                   FIX_WATCH),
      .commands = LINES(LOOK)}},

    {FINDING_REPORT_NOT_CONFIRMED,
     {.meaning = N_("The fault was repaired, shows only at times or only to some senders, or is of "
                    "a kind that cannot be seen from here."),
      .causes = LINES(N_("It was repaired after the day of the report."),
                      N_("One of several servers has it, and another one answered."),
                      N_("Only the way from that sender is disturbed.")),
      .fix =
          LINES(N_("Wait for the reports of two more days. If the failures go on, check again at "
                   "other times and look at each server behind the name.")),
      .commands = LINES(LOOK)}},

    LAST_ROW,
};
