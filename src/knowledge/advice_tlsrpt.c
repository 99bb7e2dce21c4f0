/* SPDX-License-Identifier: MIT */
/* advice_tlsrpt.c - what to know and to do about the TXT record at _smtp._tls. */
#include "knowledge/advice_rows.h"

#define FIX_TLSRPT_TEXT                                                                            \
    N_("Publish exactly this, with an address you read:\n"                                         \
       "| {tlsrpt_name}. 3600 IN TXT \"v=TLSRPTv1; "                                               \
       "rua=mailto:tlsrpt@{domain}\"")
#define FIX_TLSRPT_PANEL                                                                           \
    N_("In a DNS panel enter the text without quotation marks, for example: v=TLSRPTv1; "          \
       "rua=mailto:tlsrpt@example.com")
#define FIX_EXTERNAL N_("The address may be in another domain; no record there has to allow it.")

const struct advice_row advice_tlsrpt[] = {
    {FINDING_TLSRPT_RECORD_MISSING,
     {.meaning = MEANS_NO_REPORTS,
      .causes =
          LINES(N_("TLS reporting was never set up; it is a record of its own beside MTA-STS."),
                N_("The record is new: resolvers remember for a while that it did not exist. "
                   "The SOA record of the zone says how long."),
                N_("The DNS panel adds the domain to the name by itself, so that it stands "
                   "there twice.")),
      .fix = LINES(
          FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL, FIX_EXTERNAL,
          N_("Reports come once a day as a JSON file, gzip-compressed; the first take one to three "
             "days. Give them a mailbox of their own."),
          FIX_READ_REPORTS),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_LOOKUP_FAILED,
     {.meaning = N_("Whether the record exists could not be seen from here. Mail is not affected; "
                    "senders for whom the look-up fails too send no reports."),
      .causes =
          LINES(N_("A name server of the domain does not answer, or answers with an error."),
                N_("The resolver used here is overloaded, refuses the question or has no network."),
                N_("If the same question succeeds with dig +cd, DNSSEC validation fails.")),
      .fix = LINES(N_("Ask each name server of {domain} by itself and repair the one that fails."),
                   N_("If the name servers are in order, check again with another resolver:\n"
                      "$ mtasts check --resolver ADDRESS {domain}")),
      .commands = LINES("dig TXT {tlsrpt_name}", DIG_NS)}},

    {FINDING_TLSRPT_RECORD_MULTIPLE,
     {.meaning = N_("With more than one record that begins with v=TLSRPTv1; senders must act as if "
                    "there were none: you get no reports. Mail is not affected."),
      .causes = LINES(N_("A second recipient was added as a second record."),
                      N_("A reporting service added its record, and the old one was left.")),
      .fix =
          LINES(N_("Leave one record at {tlsrpt_name}, with all addresses in one rua, separated by "
                   "commas: v=TLSRPTv1; rua=mailto:one@example.com,https://example.net/report"),
                FIX_TLSRPT_PANEL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_VERSION_INVALID,
     {.meaning = N_("Senders discard a TXT record that does not begin with exactly v=TLSRPTv1; and "
                    "send no reports. Mail is not affected."),
      .causes =
          LINES(N_("A typing error, for example v=TLSRPT1 or v=TLS-RPTv1, or letters in the "
                   "wrong case."),
                N_("The version is not the first field, or the semicolon after it is missing."),
                N_("The text was entered with quotation marks in a DNS panel that adds its "
                   "own.")),
      .fix = LINES(N_("Replace \"{text}\" by:\n"
                      "| {right}"),
                   FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_VERSION_SPACING,
     {.meaning = N_("The standard contradicts itself on white space before the first semicolon. "
                    "Some senders discard such a record and send no reports. Mail is not "
                    "affected."),
      .causes = LINES(N_("The record was typed or generated as v=TLSRPTv1 ; rua=...")),
      .fix = LINES(N_("Remove the white space before the semicolon."), FIX_TLSRPT_TEXT,
                   FIX_TLSRPT_PANEL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_SYNTAX_INVALID,
     {.meaning = N_("The record breaks the grammar of the standard: strict senders send no "
                    "reports. Mail is not affected."),
      .causes = LINES(
          N_("Fields are separated by a comma or a blank in place of the semicolon."),
          N_("A field has no equals sign or no value."),
          N_("A comma, semicolon or exclamation mark inside an address is not percent-encoded.")),
      .fix = LINES(FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL,
                   N_("Inside an address write %2C for a comma, %3B for a semicolon, %21 for an "
                      "exclamation mark.")),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RECORD_MISPLACED,
     {.meaning = N_("Senders ask at {tlsrpt_name} only, so a record elsewhere brings no reports. "
                    "Mail is not affected."),
      .causes = LINES(
          N_("The DNS panel adds the domain to the name by itself, so that it stands there twice."),
          N_("The name was shortened to _tls, or follows an early draft (_smtp-tlsrpt)."),
          N_("The record was entered for the domain itself.")),
      .fix =
          LINES(N_("Publish the same text at {tlsrpt_name}, and delete the record at "
                   "{found_at}."),
                FIX_TLSRPT_TEXT,
                N_("If the panel adds the domain by itself, enter only _smtp._tls as the name.")),
      .commands = LINES(DIG_TLSRPT, "dig +short TXT {found_at}")}},

    {FINDING_TLSRPT_RUA_MISSING,
     {.meaning = N_("The record names no address for reports, so senders cannot send any. Mail is "
                    "not affected."),
      .causes = LINES(N_("Only the version was entered."),
                      N_("The field was written as ruf, RUA or rua: in place of rua=.")),
      .fix = LINES(FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL, FIX_EXTERNAL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RUA_INVALID,
     {.meaning = N_("Senders know no way to deliver reports to such an address; some then reject "
                    "the whole record. Mail is not affected."),
      .causes =
          LINES(N_("mailto: before the mail address was forgotten."),
                N_("The URL begins with http: in place of https:."),
                N_("The addresses are separated by semicolons or blanks in place of commas.")),
      .fix = LINES(N_("Replace \"{text}\" by:\n"
                      "| {right}"),
                   N_("{!right}Write mailto: and a mail address, or an https: URL; "
                      "several are separated by commas."),
                   FIX_TLSRPT_TEXT, FIX_TLSRPT_PANEL),
      .commands = LINES(DIG_TLSRPT)}},

    {FINDING_TLSRPT_RUA_UNDELIVERABLE,
     {.meaning = N_("The reports for this address go nowhere: senders try once a day and get them "
                    "back, or find no server. Mail is not affected, but you learn nothing of TLS "
                    "failures."),
      .causes =
          LINES(N_("The domain in the address is mistyped."),
                N_("The reporting service was given up, or its name has changed."),
                N_("The address lies in a domain or subdomain that takes no mail, such as the web "
                   "site's.")),
      .fix = LINES(N_("Put an address in place of {uri} that can be reached: a mailbox whose "
                      "domain takes mail, "
                      "or an https: host that exists."),
                   FIX_TLSRPT_TEXT, FIX_EXTERNAL),
      .commands = LINES(DIG_TLSRPT, DIG("+short MX {host}"), DIG_HOST)}},

    LAST_ROW,
};
