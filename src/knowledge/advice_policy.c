/* SPDX-License-Identifier: MIT */
/* advice_policy.c - what to know and to do about the text of the policy. */
#include "knowledge/advice_rows.h"

#define FIX_WHOLE_FILE                                                                             \
    N_("{!right}A valid policy has one field per line, and an mx line for each MX host or "        \
       "wildcard:\n| version: STSv1\n| mode: testing\n| mx: mail.example.com\n| max_age: 604800")
#define FIX_PLAIN_FILE                                                                             \
    N_("Save the file as plain ASCII text, one \"key: value\" per line, with LF or CRLF line "     \
       "endings.")

const struct advice_row advice_policy[] = {
    {FINDING_POLICY_EMPTY,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The file was created but never filled, or a deployment emptied it."),
                      N_("The MTA-STS service no longer serves the domain and returns an empty "
                         "file."),
                      N_("A script fails without returning an error status.")),
      .fix =
          LINES(N_("Write the policy into the file at {policy_url}."), FIX_WHOLE_FILE, FIX_NEW_ID),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_HTML,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(
          N_("The website's application answers every unknown path with its own page."),
          N_("A login, consent or bot protection page is served instead of the file."),
          N_("The hosting service serves a placeholder page, or an editor wrapped the text in "
             "HTML.")),
      .fix = LINES(N_("Serve the bare text file at {policy_url}, ahead of the application's "
                      "rules."),
                   FIX_WHOLE_FILE, FIX_NEW_ID),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_BOM,
     {.meaning = MEANS_NO_POLICY,
      .causes =
          LINES(N_("An editor on Windows saved the file as \"UTF-8 with BOM\" or as UTF-16.")),
      .fix = LINES(FIX_PLAIN_FILE,
                   N_("To remove a UTF-8 byte order mark:\n"
                      "$ sed -i '1s/^\\xEF\\xBB\\xBF//' mta-sts.txt"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_BYTES)}},

    {FINDING_POLICY_BARE_CR,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The file was written with the line endings of old Macintosh software."),
                      N_("A web form or a script replaced LF with CR.")),
      .fix = LINES(FIX_PLAIN_FILE,
                   N_("To convert the file:\n"
                      "$ tr '\\r' '\\n' < mta-sts.txt > new.txt"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_BYTES)}},

    {FINDING_POLICY_LINE_MALFORMED,
     {.meaning = N_("Every line must be \"key: value\". Senders that check the grammar reject "
                    "the whole policy because of a single other line and deliver without "
                    "protection or use a cached policy; some skip the line."),
      .causes = LINES(N_("A comment, a heading or a Markdown fence was left in the file."),
                      N_("The equals sign of the TXT record was used instead of the colon."),
                      N_("The policy was written as JSON, or values are in quotation marks.")),
      .fix = LINES(FIX_LINE, N_("Turn off compression ({coding}) for {policy_url}."),
                   N_("{!right}Delete line {line}, or write it as key, colon, space, value."),
                   FIX_WHOLE_FILE, FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_VERSION_MISSING,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(
          N_("The line was forgotten because the TXT record already has v=STSv1; the file needs "
             "its own."),
          N_("The key was written as v, as in the TXT record.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Make this the first line of the policy:\n"
                      "| version: STSv1"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_VERSION_INVALID,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("A typo, for example STS1 or STSv2, or wrong capitalization."),
                      N_("The value is in quotation marks or is followed by other text.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Write exactly:\n"
                      "| version: STSv1"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MODE_MISSING,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The line was forgotten, or its key contains a typo.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Add a line mode: testing. Switch to mode: enforce when the "
                      "reports show no failures."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MODE_INVALID,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(
          N_("Capital letters: the three words enforce, testing and none must be in lower case."),
          N_("A word that is not a mode, such as enforced, test, off, or report from an early "
             "draft of the standard.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Write mode: testing, mode: enforce or mode: none, in lower case."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MAX_AGE_MISSING,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The line was forgotten, or the key was written as maxage or max-age.")),
      .fix = LINES(FIX_LINE, N_("{!right}Add a line max_age: 604800 (seconds, that is one week)."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MAX_AGE_INVALID,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("A unit or word was added, for example 7d, 1w or 86400 seconds."),
                      N_("A sign, a decimal point, a thousands separator, or more than ten "
                         "digits.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Write the number of seconds in digits only, for example "
                      "max_age: 604800 for one week."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MAX_AGE_TOO_LARGE,
     {.meaning = N_("The standard allows 31557600 seconds, about one year. Some senders reject "
                    "the policy and deliver without protection, others lower the value or use "
                    "it as it is."),
      .causes = LINES(N_("The value is in milliseconds instead of seconds, or has one zero too "
                         "many."),
                      N_("The largest value was considered the best.")),
      .fix = LINES(FIX_LINE,
                   N_("Write at most max_age: 31557600; for a stable policy 2592000 (30 days) "
                      "is sufficient."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MAX_AGE_LOW,
     {.meaning = N_("The policy works. But senders that send you mail less often than every "
                    "max_age seconds fetch it again each time, and an attacker who blocks the "
                    "policy host for that long gets unprotected mail."),
      .causes = LINES(N_("enforce was introduced only weeks ago; then this value is right."),
                      N_("The value was copied from an example.")),
      .fix = LINES(N_("Once enforce has run for a month without failures, raise it: max_age: "
                      "2592000. mtasts plan says when."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MX_TOO_WIDE,
     {.meaning = N_("The wildcard accepts mail servers in other people's domains. An attacker "
                    "who registers such a domain, obtains a certificate for it and forges the "
                    "MX record receives the mail, and no MTA-STS check fails."),
      .causes = LINES(N_("The wildcard was shortened too much to cover several providers."),
                      N_("A placeholder such as *.com was left in the file.")),
      .fix = LINES(N_("Replace the line with one line for each MX host: {hosts}"),
                   N_("List each MX host on its own line, or use a wildcard of the provider's "
                      "own domain, such as mx: *.mail.example.net."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MAX_AGE_SHORT,
     {.meaning =
          N_("Senders forget the policy within a day. An attacker who blocks the policy host "
             "for that long gets unprotected mail, and senders that rarely send you mail never "
             "have a cached policy at all."),
      .causes = LINES(N_("The value of a first trial was never raised."),
                      N_("Someone wanted to be able to roll back quickly. A new id achieves "
                         "that with senders that check it, whatever max_age is.")),
      .fix = LINES(
          N_("Raise it in steps: max_age: 86400 at the start of testing, 604800 after two weeks "
             "without failures and for the first weeks of enforce, 2592000 after a month of "
             "enforce without failures."),
          FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MX_MISSING,
     {.meaning =
          N_("Without an mx line no host is allowed, and the policy is invalid. Most senders "
             "reject it and deliver without protection; some accept it as it is and deliver to "
             "no host."),
      .causes = LINES(N_("The mx lines were forgotten, or the key contains a typo."),
                      N_("The hosts were written without the key, or all after one key with "
                         "another name.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Add one line for each MX host:\n"
                      "| {mx_lines}"),
                   N_("{!right}{!mx_lines}Add one line \"mx: NAME\" for each MX host that the "
                      "DNS lists for the domain."),
                   FIX_NEW_ID),
      .commands = LINES(DIG_MX, CURL_POLICY)}},

    {FINDING_POLICY_MX_MISSING_IN_NONE,
     {.meaning =
          N_("The standard allows mode none without mx lines, but some senders reject such a "
             "policy. They then continue to use the previously cached policy, which mode none "
             "was meant to end."),
      .causes = LINES(N_("The mx lines were deleted when MTA-STS was disabled.")),
      .fix = LINES(FIX_LINE,
                   N_("Restore the mx lines:\n"
                      "| {mx_lines}"),
                   N_("Restore the mx lines, at least one: mx: followed by the name of an MX "
                      "host."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY, DIG_MX)}},

    {FINDING_POLICY_MX_INVALID,
     {.meaning = N_("An mx line must contain a host name, or *. and a host name. Strict senders "
                    "reject the whole policy and deliver without protection; others accept it, "
                    "but the line covers nothing."),
      .causes =
          LINES(N_("It contains an email address, a URL or an IP address instead of a host "
                   "name."),
                N_("The line was copied from DNS including its preference or final dot."),
                N_("One line lists several hosts."),
                N_("The asterisk is not the whole first label, or is alone."),
                N_("The name contains letters outside ASCII; the policy needs its xn-- form.")),
      .fix = LINES(FIX_LINE,
                   N_("For the current MX hosts the policy needs:\n"
                      "| {mx_lines}"),
                   N_("{!right}Write one host on each line, as the DNS lists it, without "
                      "preference and final dot: mx: mail.example.com or mx: *.example.com"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY, DIG_MX)}},

    {FINDING_POLICY_KEY_CASE,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The keys were capitalized manually or by an editor that starts lines "
                         "with a capital letter.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Write the keys in lower case: version, mode, mx, max_age. Only "
                      "STSv1 contains capitals."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_DUPLICATE_FIELD,
     {.meaning = N_("According to the standard the first line counts. Many senders use the last "
                    "one, others reject the policy; with two modes one sender enforces and "
                    "another does not."),
      .causes = LINES(N_("A line was changed by adding a new one below it."),
                      N_("Two versions of the file were merged.")),
      .fix = LINES(N_("Delete line {line}, \"{line_text}\", or the earlier one with the same "
                      "key; keep the value you want."),
                   N_("Only mx may occur more than once."), FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_BLANK_LINE,
     {.meaning = N_("The standard's grammar allows no blank lines. Most senders ignore them, a "
                    "few reject the whole policy and deliver without protection."),
      .causes = LINES(N_("A blank line separates the fields or is at the end of the file."),
                      N_("A conversion has doubled the CRLF line endings.")),
      .fix = LINES(N_("Delete every blank line; one line ending after the last field is "
                      "allowed."),
                   FIX_NEW_ID),
      .commands = LINES("curl -sS {policy_url} | cat -A")}},

    {FINDING_POLICY_SPACING,
     {.meaning = N_("The standard's grammar allows no whitespace before a key or before its "
                    "colon. Many senders ignore it, others reject the whole policy and deliver "
                    "without protection."),
      .causes = LINES(N_("The lines were indented or aligned at the colon."),
                      N_("The text was copied from a web page or a mail.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Begin each line with its key, followed directly by the "
                      "colon."),
                   FIX_NEW_ID),
      .commands = LINES("curl -sS {policy_url} | cat -A")}},

    {FINDING_POLICY_EXTENSION_INVALID,
     {.meaning = MEANS_DIFFERS,
      .causes = LINES(N_("The key of a standard field contains a typo."),
                      N_("A custom field has an empty value or a name with invalid characters.")),
      .fix = LINES(FIX_LINE, N_("{!right}Delete line {line}, \"{line_text}\", or correct its key."),
                   N_("{!right}A policy needs version, mode, mx and max_age and nothing else."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_EXTENSION_UNKNOWN,
     {.meaning = N_("Senders ignore fields they do not know, as the standard requires."),
      .causes = LINES(N_("The key of a standard field contains a typo; then that field is "
                         "missing."),
                      N_("A generator adds its own field.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}If line {line}, \"{line_text}\", was meant to be a standard field, "
                      "correct its key; otherwise you may keep or delete it."),
                   N_("Remove fields that no standard defines: a few checkers and senders "
                      "object to them.")),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MX_PROVIDER,
     {.meaning = N_("The grammar is correct, but a wildcard matches exactly one label, and a "
                    "name without an asterisk only itself. Senders that enforce the policy do "
                    "not deliver to hosts that no line covers."),
      .causes = LINES(N_("The asterisk is missing, or the pattern is one label short."),
                      N_("The policy follows a guide that is wrong or out of date."),
                      N_("The provider has added hosts since the policy was written.")),
      .fix = LINES(N_("{provider} needs these lines:\n| {provider_mx}"),
                   N_("Check which of your MX hosts the file covers:\n"
                      "$ mtasts lint --mx HOST mta-sts.txt"),
                   FIX_NEW_ID),
      .commands = LINES(DIG_MX, CURL_POLICY)}},

    {FINDING_POLICY_NOT_PORTABLE,
     {.meaning = N_("The policy is valid, but not every sending program follows the standard "
                    "here. Those named reject the policy or interpret it differently, and "
                    "deliver without the intended protection."),
      .causes = LINES(N_("An additional field has a colon or a non-ASCII character in its "
                         "value."),
                      N_("The max_age is 0."),
                      N_("The policy is longer than 10 KB because of comments in additional "
                         "fields or very many mx lines.")),
      .fix = LINES(N_("Keep to what every sender can parse: ASCII, the four fields version, "
                      "mode, mx and max_age, one \"key: value\" per line, a max_age of 86400 to "
                      "31557600, and in each mx line a host or an asterisk, a dot and a host."),
                   FIX_NEW_ID,
                   N_("How each known sender interprets your file:\n"
                      "$ mtasts lint FILE")),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MODE_TESTING,
     {.meaning = N_("Senders deliver even if TLS or the certificate fails, and only report it. "
                    "Mail is not protected yet."),
      .causes = LINES(N_("This is the phase before enforce; it is sometimes left in place."),
                      N_("The policy was set back to testing because of a fault.")),
      .fix = LINES(
          N_("For at least two weeks, read the reports sent to the address in {tlsrpt_name}. "
             "Senders collect for a whole day; the first reports arrive after one to three "
             "days."),
          FIX_READ_REPORTS,
          N_("If no failures remain on your side, set mode: enforce with max_age: 604800."),
          FIX_NEW_ID, N_("After a month without failures, raise max_age to 2592000 (30 days).")),
      .commands = LINES(CURL_POLICY, DIG_TLSRPT)}},

    {FINDING_POLICY_MODE_NONE,
     {.meaning = N_("Senders deliver as if there were no MTA-STS. This is the right way to "
                    "remove it: it replaces the cached policies."),
      .causes = LINES(N_("MTA-STS is being removed, or was disabled because of a fault.")),
      .fix = LINES(
          N_("To remove MTA-STS: keep this policy until every policy served before it has "
             "expired, that is, for the largest max_age you ever served, counted from the last "
             "day you served it. Then remove the TXT record {record_name} first, and "
             "{policy_host} after it."),
          N_("To use it again: set mode: testing, then enforce once the reports are clean."),
          FIX_NEW_ID),
      .commands = LINES(CURL_POLICY, DIG_RECORD)}},

    LAST_ROW,
};
