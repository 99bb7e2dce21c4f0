/* SPDX-License-Identifier: MIT */
/* topic_reports.c - topics: TLS reports, and the senders that write them. */
#include "knowledge/topic_rows.h"

const struct topic topic_reports[] = {
    {"reports", "report read-reports reading-reports tls-report tls-reports berichte tls-berichte",
     TOPIC_GROUP_REPORT, TOPIC_APPENDIX_NONE, N_("How do I read a TLS report?"),
     N_("A report is a JSON file, usually gzip-compressed in a mail, covering one UTC day. For "
        "each policy it says how many sessions succeeded and failed (summary), and for each "
        "kind of failure: result-type, what failed; receiving-mx-hostname, at which MX host; "
        "sending-mta-ip and receiving-ip, between which addresses; failed-session-count, how "
        "often; and sometimes failure-reason-code, in the sender's own words."),
     LINES(N_("Sessions of different policies are added up, although some senders report the "
              "same ones under sts and under tlsa."),
           N_("A failure without MX host and address is mistaken for one of the mail server; it "
              "happened at the policy, in DNS or HTTPS."),
           N_("A failure in testing mode is mistaken for lost mail; the mail was delivered.")),
     LINES("mtasts report FILE", "gunzip -c FILE.json.gz | python3 -m json.tool", DIG_TLSRPT),
     LINES(FIX_REPORT,
           N_("First check whether one sender or all of them report the failure, and whether at "
              "one address or at all: one sender points to the path in between, one address to "
              "one server."),
           N_("Look up the result type:\n"
              "$ mtasts explain result-types"),
           N_("Compare it with the current state of the domain:\n"
              "$ mtasts report --check FILE")),
     LINES("report-one-sender-only", "report-stale-policy", "report-confirmed"),
     "RFC 8460 section 4.4", LINES("tls-rpt-report", "result-types", "no-reports")},

    {"tls-rpt-report",
     "tlsrpt-report sample-report example-report annotated-report report-format beispielbericht",
     TOPIC_GROUP_REPORT, TOPIC_APPENDIX_SAMPLE, N_("A TLS report, line by line"),
     N_("A sender writes one such JSON document for each day and domain, and sends it "
        "gzip-compressed by mail or HTTPS. Each entry of policies says by which policy the sender "
        "judged its connections, how many succeeded and how many failed; failure-details says "
        "what failed, where and how often."),
     LINES(N_("policy-type no-policy-found is mistaken for a fault: it only says that the sender "
              "found no policy."),
           N_("The counts of failure-details are added up and compared with the summary: one "
              "attempt may be counted under several result types."),
           N_("The reported policy-string is taken for the current policy: it is the one that the "
              "sender had cached.")),
     LINES("gunzip -c FILE.json.gz | python3 -m json.tool", "mtasts report --verbose FILE"),
     LINES(FIX_REPORT,
           N_("Read it from the inside out: result-type, then receiving-mx-hostname, then "
              "failed-session-count, and only then the sender."),
           N_("To see what a result type means:\n$ mtasts explain certificate-host-mismatch")),
     LINES("report-certificate-host-mismatch", "report-no-policy-found", "report-stale-policy"),
     "RFC 8460 section 4.4", LINES("result-types", "reports", "no-reports")},

    {"result-types", "result-type failure-types tls-rpt-codes error-codes fehlercodes",
     TOPIC_GROUP_REPORT, TOPIC_APPENDIX_RESULT_TYPES,
     N_("The result types of TLS reports and their severity"),
     N_("Five types are about MX hosts, the three that begin with sts- about the policy and its "
        "host, and three about DANE: tlsa-invalid, dnssec-invalid and dane-required. How much "
        "mail is affected depends on the mode: in testing mode none is rejected."),
     LINES(N_("For certificate-expired, people look at the policy host: it refers to an MX host; "
              "for the policy host it is sts-webpki-invalid."),
           N_("validation-failure is mistaken for an incomplete chain, as guides say: it covers "
              "everything that has no type of its own, above all an MX host that the policy does "
              "not cover."),
           N_("A sender uses one type for everything.")),
     LINES("mtasts explain validation-failure", "mtasts explain sts-policy-fetch-error"),
     LINES(N_("starttls-not-supported: enable TLS at that MX host, and disable SMTP inspection."),
           N_("certificate-host-mismatch: check that the certificate contains the name of the "
              "MX host."),
           N_("certificate-expired: renew it and reload the mail server, today."),
           N_("certificate-not-trusted: use a certificate from a public CA and send its "
              "complete chain."),
           N_("validation-failure: compare the MX host with the mx lines, then check its "
              "certificate and chain."),
           N_("sts-policy-fetch-error: check what {policy_url} returns, over IPv4 and IPv6."),
           N_("sts-policy-invalid: mtasts lint FILE names the line."),
           N_("sts-webpki-invalid: renew the certificate of {policy_host}, or have it issued for "
              "this name."),
           N_("tlsa-invalid, dnssec-invalid, dane-required: compare the TLSA records and their "
              "signatures with the certificate:\n$ mtasts explain dane")),
     LINES("report-validation-failure", "report-starttls-not-supported"), "RFC 8460 section 4.3",
     LINES("reports", "tls-rpt-report", "action-plan")},

    {"no-reports", "missing-reports empty-reports late-reports keine-berichte leere-berichte",
     TOPIC_GROUP_REPORT, TOPIC_APPENDIX_NONE, N_("Why are there no reports, or too few?"),
     N_("Senders collect for a whole day and send the report afterwards; the first reports "
        "arrive one to three days after the record was published. Many senders send none at "
        "all, and a sender without mail for you has nothing to report. Google and Microsoft "
        "send the most."),
     LINES(N_("The record is only a few days old: Microsoft 365 begins after two to three days, "
              "Google sends a day's report the day after."),
           N_("The record is misspelt or at another name."),
           N_("The mail was classified as spam, or a filter removed the attachment."),
           N_("The address is in the domain whose mail is currently being rejected."),
           N_("Some senders send reports only to the first of several addresses.")),
     LINES(DIG_TLSRPT, "mtasts check --no-smtp {domain}"),
     LINES(N_("Wait three days after publishing the record, then look for reports from Google."),
           N_("Check the record:\n"
              "$ mtasts check {domain}"),
           N_("Use a separate mailbox, in another domain if possible, without a spam filter.")),
     LINES("tlsrpt-record-missing", "tlsrpt-record-misplaced", "tlsrpt-rua-undeliverable",
           "tlsrpt-rua-https-unreachable", "tlsrpt-rua-https-status", "tlsrpt-rua-https-cert"),
     "RFC 8460 section 4.1", LINES("tls-rpt", "external-rua", "reports")},

    {"external-rua",
     "external external-destination authorisation authorization report-authorization "
     "externe-adresse autorisierung",
     TOPIC_GROUP_REPORT, TOPIC_APPENDIX_NONE,
     N_("Do reports to another domain need its permission?"),
     N_("No. Unlike DMARC, TLS-RPT has no authorization record at the domain that receives the "
        "reports, and senders do not look for one. Checkers that require "
        "example.com._report._tls.example.net are wrong. The address does not have to be in "
        "your domain and preferably is not: reports must arrive when its mail does not."),
     LINES(N_("The DMARC rule (_report._dmarc) was applied by mistake."),
           N_("A checker reports the missing record as an error, although the standard has no "
              "such record.")),
     LINES(DIG_TLSRPT),
     LINES(N_("There is nothing to do; do not publish such a record."),
           N_("Just make sure that the domain of the address accepts mail:\n$ mtasts check "
              "{domain}")),
     LINES("tlsrpt-rua-undeliverable"), "RFC 8460 section 3", LINES("tls-rpt", "no-reports")},

    {"senders", "sender sending-servers implementations differences absender unterschiede",
     TOPIC_GROUP_REPORT, TOPIC_APPENDIX_NONE, N_("How sending servers differ"),
     N_("The standard leaves room for interpretation, and no program follows it completely. "
        "Programs differ in how soon they see a new id, in how they handle testing, in how "
        "strictly they parse the policy and compare MX names, and in which result type they "
        "report. A policy that all interpret alike is plain ASCII, has the four fields once "
        "each, no blank line, a max_age from 86400 to 31557600, and hosts or *. and a host as "
        "mx."),
     LINES(N_("One sender rejects mail that all others deliver, or the reverse."),
           N_("A rollback reaches one sender within minutes and another after weeks."),
           N_("The same fault has another name in each report.")),
     LINES("mtasts lint mta-sts.txt", "mtasts lint --json mta-sts.txt"),
     LINES(N_("Keep to what every sender can parse: ASCII, the four fields version, mode, mx "
              "and max_age, one \"key: value\" per line, a max_age of 86400 to 31557600, and in "
              "each mx line a host or an asterisk, a dot and a host."),
           N_("How each known sender interprets your file:\n"
              "$ mtasts lint --json FILE")),
     LINES("policy-not-portable", "report-one-sender-only"), "RFC 8461",
     LINES("id", "propagation", "false-alarms")},
};
const size_t topic_report_count = sizeof(topic_reports) / sizeof(topic_reports[0]);
