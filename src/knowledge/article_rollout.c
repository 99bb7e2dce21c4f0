/* SPDX-License-Identifier: MIT */
/* article_rollout.c - topics: from the first test to enforce, and back. */
#include "knowledge/article_rows.h"

const struct article article_rollout[] = {
    {"phases", "rollout roll-out phase plan stages phasen einfuehrung stufen", ARTICLE_ROLLOUT,
     N_("The roll-out: from testing to enforce in four phases"),
     N_("mode and max_age rise together, and each step waits for clean reports. A small max_age at "
        "first lets a mistake die within a day; a large one in the end makes the protection hold "
        "against an attacker who blocks the policy."),
     LINES(N_("enforce was switched on without a look at the reports."),
           N_("max_age was raised to weeks while the policy still changed."),
           N_("The roll-out stopped at testing, and nobody noticed.")),
     LINES(CURL_POLICY, "mtasts plan {domain}"),
     LINES(N_("Phase 1, first test: mode testing, max_age 86400 (a day), for two weeks at least."),
           N_("Phase 2, long test: mode testing, max_age 604800 (a week), after two weeks without "
              "failures."),
           N_("Phase 3, careful enforce: mode enforce, max_age 604800 (a week), for the first "
              "month."),
           N_("Phase 4, steady: mode enforce, max_age 2592000 (30 days), after a month of enforce "
              "without failures."),
           FIX_ORDER, FIX_PLAN),
     LINES("policy-mode-testing", "policy-max-age-short"), "RFC 8461 section 8.1"},

    {"change", "update updating order new-mx move migration aendern umzug reihenfolge",
     ARTICLE_ROLLOUT, N_("Changing policy or MX: what comes first?"),
     N_("The policy is changed before the record, since a new id makes senders fetch it at once. A "
        "new MX host gets its certificate and its mx line before its MX record; an old one loses "
        "its mx line last. Of the administrators asked in a study one in four did it the wrong way "
        "round."),
     LINES(N_("The id was changed first, and senders fetched the old policy under the new id."),
           N_("The MX records were changed in a move, and the policy still names the servers of "
              "before."),
           N_("The old mx line was deleted while senders still saw the old MX record.")),
     LINES("mtasts lint --against OLD mta-sts.txt", COMPARE_MX, DIG_RECORD),
     LINES(
         N_("Add the new host to the policy, serve that, and publish a new id ({new_id}) at "
            "{record_name}."),
         N_("Wait until senders have seen it: the TTL of the record, for careless senders the old "
            "max_age."),
         N_("Then change the MX records; when their TTL has passed, remove the old mx line and "
            "change the id again."),
         FIX_KEEP_OLD),
     LINES("mx-not-covered", "mx-pattern-unused", "report-stale-policy"), "RFC 8461 section 8.1"},

    {"rollback", "roll-back emergency back-to-testing to-testing notfall zurueck rueckkehr",
     ARTICLE_ROLLOUT, N_("Emergency: back to testing"),
     N_("In testing senders deliver again whatever they find. They learn of it when they fetch the "
        "policy: those that look at the id soon, the others when their cached policy has expired, "
        "which may take as long as the max_age of before. So the cause must be repaired all the "
        "same, and the policy host must go on working: a sender that cannot fetch the new policy "
        "keeps the old one."),
     LINES(N_("Record, file or host were deleted in a hurry: that keeps the old policy alive."),
           N_("The mode was changed and the id was not."),
           N_("The mx lines were emptied along with it, which makes the policy invalid.")),
     LINES(CURL_POLICY, DIG_RECORD, "mtasts rollback {domain}"),
     LINES(N_("In the policy replace mode: enforce by mode: testing and set max_age: 86400; leave "
              "the mx lines as they are."),
           N_("Then publish a new id with a short TTL:\n"
              "| {record_name}. 300 IN TXT \"v=STSv1; id={new_id}\""),
           N_("Repair what is refused, for the senders that still hold the old policy."),
           N_("If only an mx line is missing, add it in the same step: with a sender that fetches "
              "the policy that helps at once."),
           FIX_ROLLBACK,
           N_("Then see from the reports what was wrong:\n"
              "$ mtasts explain reports")),
     LINES("mx-not-covered", "mx-none-covered", "report-stale-policy"), "RFC 8461 section 8.1"},

    {"propagation",
     "delay how-long repair-time time-to-repair propagationszeit wirksam wie-lange dauer",
     ARTICLE_ROLLOUT, N_("How long until a repair has effect?"),
     N_("A repaired certificate or STARTTLS works with the next attempt of each sender. A changed "
        "policy is seen after the TTL of the record by senders that look at the id, within a day "
        "by those that fetch it daily, and after the old max_age by the rest: a day with 86400, "
        "30 days with 2592000. No sender needs longer than the max_age it last fetched."),
     LINES(
         N_("The id was not changed along with the policy, so senders see no reason to fetch it."),
         N_("The TTL of the record is long, or a name server still has the old one."),
         N_("The policy host fails: then the cached policy stays until it expires."),
         N_("max_age was raised to weeks too early.")),
     LINES("dig +noall +answer TXT {record_name}", DIG_NS, CURL_POLICY),
     LINES(FIX_ORDER,
           N_("Keep max_age at 86400 while testing, and the TTL of the record at 3600 or less."),
           FIX_KEEP_OLD, FIX_ROLLBACK),
     LINES("sts-record-not-propagated", "sts-record-ttl-high", "report-stale-policy"),
     "RFC 8461 sections 3.3 and 8.1"},

    {"watch", "48-hours 48h two-days monitoring monitor 48-stunden ueberwachen beobachten",
     ARTICLE_ROLLOUT, N_("After a repair: watch the reports for two days"),
     N_("A report covers a day of UTC and arrives up to a day after it, so the first whole day "
        "after a repair shows two days later. Two days are right for what every connection meets, "
        "such as a certificate. They say nothing of senders that still hold an old policy: those "
        "follow within its max_age."),
     LINES(N_("The day of the repair itself still shows failures, from before it."),
           N_("A sender that writes seldom sends no report in these two days."),
           N_("The fault comes back with the next renewal, or sits on one of several servers.")),
     LINES(ASK_CHECK, "mtasts report --check FILE"),
     LINES(N_("Check at once:\n"
              "$ mtasts check {domain}"),
           N_("Read the reports of the two days after the repair: the failures must end in all of "
              "them."),
           N_("Let the check run each day; its exit status is that of a "
              "monitoring plug-in:\n"
              "$ mtasts check --quiet {domain}")),
     LINES("report-not-confirmed", "report-confirmed", "report-stale-policy"),
     "RFC 8460 section 4.1"},
};
const size_t article_rollout_count = sizeof(article_rollout) / sizeof(article_rollout[0]);
