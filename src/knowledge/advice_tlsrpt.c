/* SPDX-License-Identifier: MIT */
/* advice_tlsrpt.c - what to know and to do about the TXT record at _smtp._tls. */
#include "knowledge/advice_rows.h"

#define FIX_TLSRPT_TEXT                                                                            \
    N_("Publish exactly this, with an address that you read:\n"                                    \
       "| {tlsrpt_name}. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@{domain}\"")
#define FIX_TLSRPT_PANEL                                                                           \
    N_("In a DNS panel, enter the text without quotation marks, for example:\n"                    \
       "| v=TLSRPTv1; rua=mailto:tls-reports@example.com")
#define FIX_EXTERNAL N_("The address may be in another domain; no record there has to allow it.")

const struct advice_row advice_tlsrpt[] = {
    {FINDING_TLSRPT_RECORD_MISSING,
     {.meaning = MEANS_NO_REPORTS,
      .causes = LINES(N_("TLS reporting was never set up; it has its own record, separate from "
                         "MTA-STS."),
                      N_("The record is new: resolvers remember for a while that it did not exist. "
                         "The zone's SOA record says for how long."),
                      N_("The DNS panel appends the domain to the name, so the name contains it "
                         "twice.")),
      .fix =
          LINES(FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL, FIX_EXTERNAL,
                N_("Reports arrive once a day as a gzip-compressed JSON file, the first ones after "
                   "one to three days. Use a separate mailbox for them."),
                FIX_READ_REPORTS),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_LOOKUP_FAILED,
     {.meaning = N_("Whether the record exists could not be determined from here. Mail is not "
                    "affected; senders whose lookup fails too send no reports."),
      .causes =
          LINES(N_("A name server of the domain does not answer, or returns an error."),
                N_("The resolver used here is overloaded, refuses the query or has no network."),
                N_("If the same query succeeds with dig +cd, DNSSEC validation fails.")),
      .fix = LINES(N_("Query each name server of {domain} individually and fix the one that "
                      "fails."),
                   N_("If the name servers all work, check again with another resolver:\n"
                      "$ mtasts check --resolver ADDRESS {domain}")),
      .commands = LINES("dig TXT {tlsrpt_name}", DIG_NS)}},

    {FINDING_TLSRPT_RECORD_MULTIPLE,
     {.meaning = N_("With more than one record that begins with v=TLSRPTv1; senders must behave "
                    "as if there were none: you get no reports. Mail is not affected."),
      .causes = LINES(N_("A second recipient was added as a second record."),
                      N_("A reporting service added its record, but the old one was not "
                         "removed.")),
      .fix = LINES(N_("Keep one record at {tlsrpt_name}, with all addresses in one rua, separated "
                      "by commas: v=TLSRPTv1; "
                      "rua=mailto:tls-reports@example.com,https://example.net/report"),
                   FIX_TLSRPT_PANEL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_VERSION_INVALID,
     {.meaning = N_("Senders discard a TXT record that does not begin with exactly v=TLSRPTv1; and "
                    "send no reports. Mail is not affected."),
      .causes =
          LINES(N_("A typo, for example v=TLSRPT1 or v=TLS-RPTv1, or wrong capitalization."),
                N_("The version is not the first field, or the semicolon after it is missing."),
                N_("The text was entered with quotation marks in a DNS panel that adds its "
                   "own.")),
      .fix = LINES(N_("Replace \"{text}\" with:\n"
                      "| {right}"),
                   FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_VERSION_SPACING,
     {.meaning = N_("The standard contradicts itself about whitespace before the first "
                    "semicolon. Some senders discard such a record and send no reports. Mail is "
                    "not affected."),
      .causes = LINES(N_("The record was typed or generated as v=TLSRPTv1 ; rua=...")),
      .fix = LINES(N_("Remove the whitespace before the semicolon."), FIX_TLSRPT_TEXT,
                   FIX_TLSRPT_PANEL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_SYNTAX_INVALID,
     {.meaning = N_("The record violates the grammar of the standard: strict senders send no "
                    "reports. Mail is not affected."),
      .causes = LINES(
          N_("A comma or a space separates the fields instead of a semicolon."),
          N_("A field has no equals sign or no value."),
          N_("A comma, semicolon or exclamation mark inside an address is not percent-encoded.")),
      .fix = LINES(FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL,
                   N_("Inside an address, write %2C for a comma, %3B for a semicolon and %21 "
                      "for an exclamation mark.")),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_MISPLACED,
     {.meaning = N_("Senders query only {tlsrpt_name}, so a record elsewhere brings no reports. "
                    "Mail is not affected."),
      .causes =
          LINES(N_("The DNS panel appends the domain to the name, so the name contains it twice."),
                N_("The name was shortened to _tls, or follows an early draft (_smtp-tlsrpt)."),
                N_("The record was entered for the domain itself.")),
      .fix = LINES(N_("Publish the same text at {tlsrpt_name}, and delete the record at "
                      "{found_at}."),
                   FIX_TLSRPT_TEXT,
                   N_("If the DNS panel appends the domain, enter only _smtp._tls as the name.")),
      .commands = LINES(DIG_TLSRPT, "dig +short TXT {found_at}")}},

    {FINDING_TLSRPT_RUA_MISSING,
     {.meaning = N_("The record names no address for reports, so senders cannot send any. Mail is "
                    "not affected."),
      .causes = LINES(N_("Only the version was entered."),
                      N_("The field was written as ruf, RUA or rua: instead of rua=.")),
      .fix = LINES(FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL, FIX_EXTERNAL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RUA_INVALID,
     {.meaning = N_("Senders cannot deliver reports to such an address; some then reject the "
                    "whole record. Mail is not affected."),
      .causes = LINES(N_("The email address lacks its mailto: prefix."),
                      N_("The URL begins with http: instead of https:."),
                      N_("The addresses are separated by semicolons or spaces instead of commas.")),
      .fix = LINES(N_("Replace \"{text}\" with:\n"
                      "| {right}"),
                   N_("{!right}Write mailto: and an email address, or an https: URL; "
                      "several are separated by commas."),
                   FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RUA_UNDELIVERABLE,
     {.meaning = N_("The reports for this address get lost: senders try once a day and get them "
                    "back, or find no server. Mail is not affected, but you do not learn of TLS "
                    "failures."),
      .causes =
          LINES(N_("The domain in the address contains a typo."),
                N_("The reporting service was discontinued, or its name has changed."),
                N_("The address is in a domain or subdomain that accepts no mail, such as that "
                   "of the website.")),
      .fix = LINES(N_("Replace {uri} with an address that can be reached: a mailbox whose "
                      "domain accepts mail, or an https: host that exists."),
                   FIX_TLSRPT_TEXT, FIX_EXTERNAL),
      .commands = LINES(DIG_TLSRPT, DIG("+short MX {host}"), DIG_HOST)}},

    LAST_ROW,
};
