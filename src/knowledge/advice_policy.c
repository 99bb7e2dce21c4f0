/* SPDX-License-Identifier: MIT */
/* advice_policy.c - what to know and to do about the text of the policy. */
#include "knowledge/advice_rows.h"

#define FIX_WHOLE_FILE                                                                             \
    N_("{!right}A valid policy has one field per line, and an mx line for each MX host or "        \
       "wildcard:\n| version: STSv1\n| mode: testing\n| mx: mail.example.com\n| max_age: 604800")
#define FIX_PLAIN_FILE                                                                             \
    N_("Save the file as plain ASCII text, one \"key: value\" a line, with LF or CRLF line ends.")

const struct advice_row advice_policy[] = {
    {FINDING_POLICY_EMPTY,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The file was created and never filled, or a deployment emptied it."),
                      N_("The MTA-STS service no longer serves the domain and answers with an "
                         "empty file."),
                      N_("A script fails without an error status.")),
      .fix = LINES(N_("Put the policy into the file at {policy_url}."), FIX_WHOLE_FILE, FIX_NEW_ID),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_HTML,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(
          N_("The web site's application answers every unknown path with its own page."),
          N_("A log-in, consent or bot protection page comes in place of the file."),
          N_("The hosting service shows a placeholder page, or the text was wrapped in HTML by an "
             "editor.")),
      .fix = LINES(N_("Serve the bare text file at {policy_url}, before the rules of the "
                      "application."),
                   FIX_WHOLE_FILE, FIX_NEW_ID),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_BOM,
     {.meaning = MEANS_NO_POLICY,
      .causes =
          LINES(N_("An editor on Windows saved the file as \"UTF-8 with BOM\" or as UTF-16.")),
      .fix = LINES(FIX_PLAIN_FILE,
                   N_("To remove a UTF-8 mark:\n"
                      "$ sed -i '1s/^\\xEF\\xBB\\xBF//' mta-sts.txt"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_BYTES)}},

    {FINDING_POLICY_BARE_CR,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The file was written with the line ends of old Macintosh software."),
                      N_("A web form or a script replaced LF by CR.")),
      .fix = LINES(FIX_PLAIN_FILE,
                   N_("To convert the file:\n"
                      "$ tr '\\r' '\\n' < mta-sts.txt > new.txt"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_BYTES)}},

    {FINDING_POLICY_LINE_MALFORMED,
     {.meaning = N_("Every line must be \"key: value\". Senders that check the grammar reject the "
                    "whole policy because of one other line and deliver without protection or "
                    "keep to a cached policy; some skip the line."),
      .causes = LINES(N_("A comment, a heading or a fence of Markdown was left in the file."),
                      N_("The equals sign of the TXT record was used in place of the colon."),
                      N_("The policy was written as JSON, or values were put in quotation marks.")),
      .fix = LINES(FIX_LINE, N_("Switch compression ({coding}) off for {policy_url}."),
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
      .causes =
          LINES(N_("A typing error, for example STS1 or STSv2, or letters in the wrong case."),
                N_("The value stands in quotation marks or has something behind it.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Write exactly:\n"
                      "| version: STSv1"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MODE_MISSING,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The line was forgotten or its key mistyped.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Add a line mode: testing. Go on to mode: enforce when the "
                      "reports show no failures."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MODE_INVALID,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(
          N_("Capital letters: the three words enforce, testing and none are written small."),
          N_("A word that is no mode, such as enforced, test, off, or report from an early draft "
             "of the standard.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Write mode: testing, mode: enforce or mode: none, in "
                      "small letters."),
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
                      N_("A sign, a decimal point, a separator of thousands, or more than ten "
                         "digits.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Write the number of seconds in digits only, for example "
                      "max_age: 604800 for one week."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MAX_AGE_TOO_LARGE,
     {.meaning = N_("The standard allows 31557600 seconds, about one year. Some senders reject the "
                    "policy and deliver without protection, others lower the number or take it as "
                    "it is."),
      .causes = LINES(N_("Milliseconds were written in place of seconds, or a zero too many."),
                      N_("The largest value was taken to be the best.")),
      .fix = LINES(FIX_LINE,
                   N_("Write at most max_age: 31557600; a stable policy does well with 2592000 "
                      "(30 days)."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MAX_AGE_LOW,
     {.meaning = N_("The policy takes effect. But senders that send you mail less often than every "
                    "max_age seconds fetch it again each time, and an attacker who blocks the "
                    "policy host for that long gets unprotected mail."),
      .causes = LINES(N_("Enforce was introduced only weeks ago; then this is right."),
                      N_("The value was copied from an example.")),
      .fix = LINES(N_("Once enforce has run for a month without failures, raise it: max_age: "
                      "2592000. mtasts plan says when."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MX_TOO_WIDE,
     {.meaning = N_("The wildcard accepts mail servers in other people's domains. An attacker who "
                    "registers such a domain, gets a certificate for it and forges the MX record "
                    "receives the mail, and no MTA-STS check fails."),
      .causes = LINES(N_("The wildcard was shortened too far, to cover several providers."),
                      N_("A placeholder such as *.com was left in the file.")),
      .fix = LINES(N_("Replace the line by one line for each MX host: {hosts}"),
                   N_("Name each MX host in a line of its own, or use a wildcard of the provider's "
                      "own domain, such as mx: *.mail.example.net."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MAX_AGE_SHORT,
     {.meaning =
          N_("Senders forget the policy within a day. An attacker who blocks the policy host "
             "for that long gets unprotected mail, and senders that seldom write to you never "
             "have a cached policy at all."),
      .causes = LINES(N_("The value of a first trial was never raised."),
                      N_("Someone wanted to be able to roll back quickly. A new id does that with "
                         "senders that look at it, whatever max_age is.")),
      .fix = LINES(
          N_("Raise it in steps: max_age: 86400 while you begin testing, 604800 when two weeks "
             "passed without failures and for the first weeks of enforce, 2592000 after a month of "
             "enforce without failures."),
          FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MX_MISSING,
     {.meaning =
          N_("Without an mx line no host is allowed, and the policy is invalid. Most senders "
             "reject it and deliver without protection; some take it as it is and deliver "
             "to nobody."),
      .causes = LINES(N_("The mx lines were forgotten, or the key was mistyped."),
                      N_("The hosts were written without the key, or all behind one key of "
                         "another name.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Add one line for each MX host:\n"
                      "| {mx_lines}"),
                   N_("{!right}Add one line \"mx: NAME\" for each MX host that DNS gives "
                      "for the domain."),
                   FIX_NEW_ID),
      .commands = LINES(DIG_MX, CURL_POLICY)}},

    {FINDING_POLICY_MX_MISSING_IN_NONE,
     {.meaning =
          N_("The standard allows mode none without mx lines, but some senders reject such a "
             "policy. They then keep to the cached policy before it, which is what mode none "
             "was meant to end."),
      .causes = LINES(N_("The mx lines were deleted when MTA-STS was switched off.")),
      .fix = LINES(FIX_LINE,
                   N_("Put the mx lines back:\n"
                      "| {mx_lines}"),
                   N_("Put the mx lines back, at least one: mx: followed by the name of an MX "
                      "host."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY, DIG_MX)}},

    {FINDING_POLICY_MX_INVALID,
     {.meaning = N_("An mx line must be a host name, or *. and a host name. Strict senders reject "
                    "the whole policy and deliver without protection; others keep it, and the line "
                    "covers nothing."),
      .causes =
          LINES(N_("An e-mail address, a URL or an IP address stands where a host name belongs."),
                N_("The line was copied from DNS with its preference or its final dot."),
                N_("Several hosts stand in one line."),
                N_("The asterisk is not the whole first label, or stands alone."),
                N_("The name has letters outside ASCII; the policy needs its xn-- form.")),
      .fix = LINES(FIX_LINE,
                   N_("For the present MX hosts the policy needs:\n"
                      "| {mx_lines}"),
                   N_("{!right}Write one host in each line, as DNS names it, without "
                      "preference and final dot: mx: mail.example.com or mx: *.example.com"),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY, DIG_MX)}},

    {FINDING_POLICY_KEY_CASE,
     {.meaning = MEANS_NO_POLICY,
      .causes = LINES(N_("The keys were written with capital letters, by hand or by an editor that "
                         "begins lines with a capital.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}Write the keys in lower case: version, mode, mx, max_age. Only "
                      "STSv1 has capitals."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_DUPLICATE_FIELD,
     {.meaning = N_("By the standard the first line counts. Many senders take the last one, others "
                    "reject the policy; with two modes one sender enforces and another does not."),
      .causes = LINES(N_("A line was changed by adding a new one below."),
                      N_("Two versions of the file were merged.")),
      .fix = LINES(N_("Delete line {line}, \"{line_text}\", or the earlier one of the same key; "
                      "keep the value you mean."),
                   N_("Only mx may stand more than once."), FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_BLANK_LINE,
     {.meaning = N_("The grammar of the standard has no blank lines. Most senders skip them, a few "
                    "reject the whole policy and deliver without protection."),
      .causes = LINES(N_("A blank line separates the fields, or stands at the end of the file."),
                      N_("The file has CRLF twice, after a conversion.")),
      .fix = LINES(N_("Delete every blank line; one line end after the last field is allowed."),
                   FIX_NEW_ID),
      .commands = LINES("curl -sS {policy_url} | cat -A")}},

    {FINDING_POLICY_SPACING,
     {.meaning = N_("The grammar of the standard has no white space before a key or before its "
                    "colon. Many senders skip it, others reject the whole policy and deliver "
                    "without protection."),
      .causes = LINES(N_("The lines were indented or aligned at the colon."),
                      N_("The text was copied from a web page or a mail.")),
      .fix =
          LINES(FIX_LINE, N_("{!right}Begin each line with its key, and put the colon next to it."),
                FIX_NEW_ID),
      .commands = LINES("curl -sS {policy_url} | cat -A")}},

    {FINDING_POLICY_EXTENSION_INVALID,
     {.meaning = MEANS_DIFFERS,
      .causes = LINES(
          N_("The key of a regular field was mistyped."),
          N_("A field of somebody's own has an empty value or a name with forbidden characters.")),
      .fix = LINES(FIX_LINE, N_("{!right}Delete line {line}, \"{line_text}\", or correct its key."),
                   N_("{!right}A policy needs version, mode, mx and max_age and nothing else."),
                   FIX_NEW_ID),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_EXTENSION_UNKNOWN,
     {.meaning = N_("Senders ignore fields they do not know, as the standard asks them to."),
      .causes = LINES(N_("The key of a regular field was mistyped; then that field is missing."),
                      N_("A generator adds a field of its own.")),
      .fix = LINES(FIX_LINE,
                   N_("{!right}If line {line}, \"{line_text}\", was meant to be a standard field, "
                      "correct its key; otherwise you may keep or delete it."),
                   N_("Remove what no standard defines: a few checkers and senders dislike it.")),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MX_PROVIDER,
     {.meaning = N_("The grammar is fine, but a wildcard stands for exactly one label, and a name "
                    "without a star for itself alone. Senders that enforce the policy do not "
                    "deliver to hosts that no line covers."),
      .causes = LINES(N_("The star was left out, or the pattern is a label short."),
                      N_("The policy follows a guide that is wrong or out of date."),
                      N_("The provider has added hosts since the policy was written.")),
      .fix = LINES(N_("{provider} needs these lines:\n| {provider_mx}"),
                   N_("See which of your MX hosts the file covers:\n"
                      "$ mtasts lint --mx HOST mta-sts.txt"),
                   FIX_NEW_ID),
      .commands = LINES(DIG_MX, CURL_POLICY)}},

    {FINDING_POLICY_NOT_PORTABLE,
     {.meaning = N_("The policy is valid, yet not every sending program follows the standard here. "
                    "Those named reject the policy or read it otherwise, and deliver without the "
                    "protection you meant to have."),
      .causes = LINES(N_("An additional field has a colon or a letter beyond ASCII in its value."),
                      N_("The max_age is 0."),
                      N_("The policy is longer than 10 KB, by comments in additional fields or "
                         "by very many mx lines.")),
      .fix = LINES(N_("Keep to what every sender reads: ASCII, the four fields version, mode, mx "
                      "and max_age, one \"key: value\" a line, a max_age of 86400 to 31557600, and "
                      "in each mx line a host or an asterisk, a dot and a host."),
                   FIX_NEW_ID,
                   N_("How each known sender reads your file:\n"
                      "$ mtasts lint FILE")),
      .commands = LINES(CURL_POLICY)}},

    {FINDING_POLICY_MODE_TESTING,
     {.meaning = N_("Senders deliver even where TLS or the certificate fails, and only report it. "
                    "Mail is not protected yet."),
      .causes = LINES(N_("This is the phase before enforce; it is sometimes forgotten."),
                      N_("The policy was put back to testing because of a fault.")),
      .fix = LINES(
          N_("Read the reports sent to the address in {tlsrpt_name} for two weeks at least. "
             "Senders collect a whole day; the first reports take one to three days to come."),
          FIX_READ_REPORTS,
          N_("If no failure of your own is left, set mode: enforce with max_age: 604800."),
          FIX_NEW_ID, N_("After a month without failures raise max_age to 2592000 (30 days).")),
      .commands = LINES(CURL_POLICY, DIG_TLSRPT)}},

    {FINDING_POLICY_MODE_NONE,
     {.meaning = N_("Senders deliver as if there were no MTA-STS. This is the right way to give it "
                    "up: it replaces the cached policies."),
      .causes = LINES(N_("MTA-STS is being given up, or was switched off because of a fault.")),
      .fix = LINES(
          N_("To give it up: leave this policy until every policy served before it has expired, "
             "that is the largest max_age you ever served, counted from the last day you served "
             "it. Then remove the TXT record {record_name} first, and {policy_host} after it."),
          N_("To use it again: set mode: testing, then enforce when the reports are clean."),
          FIX_NEW_ID),
      .commands = LINES(CURL_POLICY, DIG_RECORD)}},

    LAST_ROW,
};
