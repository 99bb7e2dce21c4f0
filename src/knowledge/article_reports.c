/* SPDX-License-Identifier: MIT */
/* article_reports.c - topics: TLS reports, and the senders that write them. */
#include "knowledge/article_rows.h"

const struct article article_reports[] = {
    {"reports", "report read-reports reading-reports tls-report tls-reports berichte tls-berichte",
     ARTICLE_REPORT, N_("How do I read a TLS report?"),
     N_("A report is a JSON file, mostly gzip in a mail, for one day of UTC. For each policy it "
        "says "
        "how many sessions succeeded and failed (summary), and for each kind of failure: "
        "result-type, what failed; receiving-mx-hostname, at which MX host; sending-mta-ip and "
        "receiving-ip, between which addresses; failed-session-count, how often; and sometimes "
        "failure-reason-code, in the sender's own words."),
     LINES(N_("Sums are taken over policies: some senders report the same sessions under sts and "
              "under tlsa."),
           N_("A failure without MX host and address is taken for one of the mail server; it "
              "happened at the policy, in DNS or HTTPS."),
           N_("A failure in testing is taken for lost mail: it was delivered.")),
     LINES("mtasts report FILE", "gunzip -c FILE.json.gz | python3 -m json.tool", DIG_TLSRPT),
     LINES(
         FIX_REPORT,
         N_("See first whether one sender or all of them see the failure, and whether at one "
            "address or at all: one sender points to the way between, one address to one server."),
         N_("Look up the result type:\n"
            "$ mtasts explain result-types"),
         N_("Compare with the present state of the domain:\n$ mtasts report --check FILE")),
     LINES("report-one-sender-only", "report-stale-policy", "report-confirmed"),
     "RFC 8460 section 4.4"},

    {"result-types", "result-type failure-types tls-rpt-codes error-codes fehlercodes",
     ARTICLE_REPORT, N_("The result types of TLS reports, and how grave each is"),
     N_("Of the MX host: starttls-not-supported (critical), certificate-host-mismatch, "
        "certificate-expired, certificate-not-trusted, validation-failure (high). Of the policy: "
        "sts-policy-fetch-error, sts-policy-invalid, sts-webpki-invalid (high). Of DANE: "
        "tlsa-invalid, dnssec-invalid, dane-required (high). How much mail is concerned depends on "
        "the mode: under testing none is refused."),
     LINES(
         N_("certificate-expired is looked for at the policy host: it speaks of an MX host, for "
            "the policy host it is sts-webpki-invalid."),
         N_("validation-failure is taken for a chain that is not whole, as guides say: it is what "
            "everything is reported as that has no name of its own, an MX host that the policy "
            "does not cover above all."),
         N_("A sender uses one type for everything.")),
     LINES("mtasts explain validation-failure", "mtasts explain sts-policy-fetch-error"),
     LINES(N_("starttls-not-supported: switch TLS on at that MX host, and SMTP inspection off."),
           N_("certificate-host-mismatch: see whether the certificate holds the name of the MX "
              "host."),
           N_("certificate-expired: renew it and reload the mail server, today."),
           N_("certificate-not-trusted: take a certificate of a public CA and send its whole "
              "chain."),
           N_("validation-failure: compare the MX host with the mx lines, then look at its "
              "certificate and chain."),
           N_("sts-policy-fetch-error: see what {policy_url} answers, from IPv4 and IPv6."),
           N_("sts-policy-invalid: mtasts lint FILE names the line."),
           N_("sts-webpki-invalid: renew the certificate of {policy_host}, or have it issued for "
              "this name.")),
     LINES("report-validation-failure", "report-starttls-not-supported"), "RFC 8460 section 4.3"},

    {"no-reports", "missing-reports empty-reports late-reports keine-berichte leere-berichte",
     ARTICLE_REPORT, N_("Why are there no reports, or too few?"),
     N_("Senders collect a whole day and send after it; the first reports come one to three days "
        "after the record was published. Many senders send none at all, and a sender without mail "
        "for you has nothing to report. Google and Microsoft send the most."),
     LINES(
         N_("The record is days old at most: Microsoft 365 begins after two to three days, Google "
            "sends a day's report the day after."),
         N_("The record is mistyped or stands at another name."),
         N_("The mail was taken for spam, or a filter removed the attachment."),
         N_("The address lies in the domain whose mail is refused just now."),
         N_("Of several addresses only the first is served by some senders.")),
     LINES(DIG_TLSRPT, "mtasts check --no-smtp {domain}"),
     LINES(N_("Wait three days after the record was published, then look for reports of Google."),
           N_("Check the record:\n"
              "$ mtasts check {domain}"),
           N_("Take a mailbox of its own, in another domain if possible, without a spam filter.")),
     LINES("tlsrpt-record-missing", "tlsrpt-record-misplaced", "tlsrpt-rua-undeliverable",
           "tlsrpt-rua-https-unreachable", "tlsrpt-rua-https-status", "tlsrpt-rua-https-cert"),
     "RFC 8460 section 4.1"},

    {"external-rua",
     "external external-destination authorisation authorization report-authorization "
     "externe-adresse autorisierung",
     ARTICLE_REPORT, N_("Do reports to another domain need its permission?"),
     N_("No. Unlike DMARC, TLS-RPT knows no authorisation record at the domain that receives the "
        "reports, and no sender looks for one. Checkers that demand "
        "example.com._report._tls.example.net are wrong. The address need not lie in your domain, "
        "and better does not: reports must arrive when its mail does not."),
     LINES(N_("The rule of DMARC (_report._dmarc) was taken over."),
           N_("A checker calls the missing record an error, although the standard knows none.")),
     LINES(DIG_TLSRPT),
     LINES(N_("Nothing has to be done; do not publish such a record."),
           N_("Just make sure that the domain of the address accepts mail:\n$ mtasts check "
              "{domain}")),
     LINES("tlsrpt-rua-undeliverable"), "RFC 8460 section 3"},

    {"senders", "sender sending-servers implementations differences absender unterschiede",
     ARTICLE_REPORT, N_("How sending servers differ"),
     N_("The standard leaves room, and no program follows it in everything. They differ in how "
        "soon "
        "they see a new id, in what they make of testing, in how strictly they read the policy and "
        "compare MX names, and in which result type they report. A policy that all read alike is "
        "plain ASCII, has the four fields once each, no blank line, a max_age from 86400 to "
        "31557600, and hosts or *. and a host as mx."),
     LINES(N_("One sender refuses mail that all others deliver, or the reverse."),
           N_("A roll-back reaches one sender within minutes and another after weeks."),
           N_("The same fault has another name in each report.")),
     LINES("mtasts lint mta-sts.txt", "mtasts lint --json mta-sts.txt"),
     LINES(N_("Keep to what every sender can parse: ASCII, the four fields version, mode, mx "
              "and max_age, one \"key: value\" per line, a max_age of 86400 to 31557600, and in "
              "each mx line a host or an asterisk, a dot and a host."),
           N_("How each known sender reads your file:\n"
              "$ mtasts lint --json FILE")),
     LINES("policy-not-portable", "report-one-sender-only"), "RFC 8461"},
};
const size_t article_report_count = sizeof(article_reports) / sizeof(article_reports[0]);
