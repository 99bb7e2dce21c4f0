/* SPDX-License-Identifier: MIT */
/* topic_rollout.c - topics: from the first test to enforce, and back. */
#include "knowledge/topic_rows.h"

const struct topic topic_rollout[] = {
    {"phases", "rollout roll-out phase plan stages phasen einfuehrung stufen", TOPIC_GROUP_ROLLOUT,
     TOPIC_APPENDIX_NONE, N_("The rollout: from testing to enforce in four phases"),
     N_("mode and max_age rise together, and each step waits for clean reports. A small max_age "
        "at first makes a mistake disappear within a day; a large one in the end preserves the "
        "protection even if an attacker blocks the policy."),
     LINES(N_("enforce was enabled without looking at the reports."),
           N_("max_age was raised to weeks while the policy was still changing."),
           N_("The rollout stopped at testing, and nobody noticed.")),
     LINES(CURL_POLICY, "mtasts plan {domain}"),
     LINES(N_("Phase 1, first test: mode testing, max_age 86400 (a day), for at least two "
              "weeks."),
           N_("Phase 2, long test: mode testing, max_age 604800 (a week), after two weeks without "
              "failures."),
           N_("Phase 3, careful enforce: mode enforce, max_age 604800 (a week), for the first "
              "month."),
           N_("Phase 4, steady: mode enforce, max_age 2592000 (30 days), after a month of enforce "
              "without failures."),
           FIX_ORDER, FIX_PLAN),
     LINES("policy-mode-testing", "policy-max-age-short"), "RFC 8461 section 8.1",
     LINES("mode", "max_age", "rollback")},

    {"change", "update updating order new-mx move migration aendern umzug reihenfolge",
     TOPIC_GROUP_ROLLOUT, TOPIC_APPENDIX_NONE, N_("Changing policy or MX: what comes first?"),
     N_("Change the policy before the record, since a new id makes senders fetch it at once. A "
        "new MX host gets its certificate and its mx line before its MX record; an old one "
        "loses its mx line last. In a study, one in four of the administrators asked did it the "
        "wrong way round."),
     LINES(N_("The id was changed first, and senders fetched the old policy under the new id."),
           N_("The MX records were changed during a move, but the policy still names the former "
              "servers."),
           N_("The old mx line was deleted while senders still saw the old MX record.")),
     LINES("mtasts lint --against OLD mta-sts.txt", COMPARE_MX, DIG_RECORD),
     LINES(
         N_("Add the new host to the policy, serve it, and publish a new id ({new_id}) at "
            "{record_name}."),
         N_("Wait until senders have seen it: the TTL of the record, for careless senders the old "
            "max_age."),
         N_("Then change the MX records; when their TTL has expired, remove the old mx line and "
            "change the id again."),
         FIX_KEEP_OLD),
     LINES("mx-not-covered", "mx-pattern-unused", "report-stale-policy"), "RFC 8461 section 8.1",
     LINES("id", "mx", "propagation")},

    {"rollback", "roll-back emergency back-to-testing to-testing notfall zurueck rueckkehr",
     TOPIC_GROUP_ROLLOUT, TOPIC_APPENDIX_NONE, N_("Emergency: back to testing"),
     N_("In testing mode, senders deliver again whatever they find. They learn of it when they "
        "fetch the policy: those that check the id soon, the others when their cached policy "
        "has expired, which may take as long as the previous max_age. So the cause must be "
        "fixed anyway, and the policy host must keep working: a sender that cannot fetch the "
        "new policy keeps the old one."),
     LINES(N_("The record, file or host was deleted in haste: that keeps the old policy alive."),
           N_("The mode was changed, but the id was not."),
           N_("The mx lines were emptied at the same time, which makes the policy invalid.")),
     LINES(CURL_POLICY, DIG_RECORD, "mtasts rollback {domain}"),
     LINES(N_("In the policy, replace mode: enforce with mode: testing and set max_age: 86400; "
              "leave the mx lines as they are:\n"
              "| version: STSv1\n"
              "| mode: testing\n"
              "| {mx_line}\n"
              "| max_age: 86400"),
           N_("Once it is served, publish a new id with a short TTL:\n"
              "| {record_name}. 300 IN TXT \"v=STSv1; id={new_id}\""),
           N_("Fix what is being rejected, for the senders that still have the old policy "
              "cached."),
           N_("If only an mx line is missing, add it in the same step: this helps at once with "
              "senders that fetch the policy."),
           FIX_ROLLBACK,
           N_("Then check in the reports what was wrong:\n"
              "$ mtasts report FILE")),
     LINES("mx-not-covered", "mx-none-covered", "report-stale-policy"), "RFC 8461 section 8.1",
     LINES("propagation", "none", "enforce", "reports")},

    {"propagation",
     "delay how-long repair-time time-to-repair propagationszeit wirksam wie-lange dauer",
     TOPIC_GROUP_ROLLOUT, TOPIC_APPENDIX_NONE, N_("How long until a fix takes effect?"),
     N_("A fixed certificate or STARTTLS works with the next attempt of each sender. A changed "
        "policy is seen after the TTL of the record by senders that check the id, within a day "
        "by those that fetch it daily, and after the old max_age by the rest: a day with 86400, "
        "30 days with 2592000. No sender needs longer than the max_age it last fetched."),
     LINES(
         N_("The id was not changed along with the policy, so senders see no reason to fetch it."),
         N_("The TTL of the record is long, or a name server still has the old one."),
         N_("The policy host fails: then senders keep the cached policy until it expires."),
         N_("max_age was raised to weeks too early.")),
     LINES("dig +noall +answer TXT {record_name}", DIG_NS, CURL_POLICY),
     LINES(FIX_ORDER,
           N_("Keep max_age at 86400 while testing, and the TTL of the record at 3600 or less."),
           FIX_KEEP_OLD, FIX_ROLLBACK),
     LINES("sts-record-not-propagated", "sts-record-ttl-high", "report-stale-policy"),
     "RFC 8461 sections 3.3 and 8.1", LINES("id", "max_age", "change")},

    {"watch", "48-hours 48h two-days monitoring monitor 48-stunden ueberwachen beobachten",
     TOPIC_GROUP_ROLLOUT, TOPIC_APPENDIX_NONE, N_("After a fix: watch the reports for two days"),
     N_("A report covers a UTC day and arrives up to a day later, so the first whole day after "
        "a fix shows two days later. Two days suffice for what every connection encounters, "
        "such as a certificate. They say nothing about senders that still have an old policy "
        "cached: those follow within its max_age."),
     LINES(N_("The day of the fix itself still shows failures from before it."),
           N_("A sender that rarely sends mail sends no report in these two days."),
           N_("The fault returns with the next renewal, or affects one of several servers.")),
     LINES(ASK_CHECK, "mtasts report --check FILE"),
     LINES(N_("Check at once:\n"
              "$ mtasts check {domain}"),
           N_("Read the reports of the two days after the fix: the failures must disappear from "
              "all of them."),
           N_("Run the check daily; its exit status is that of a monitoring plugin:\n"
              "$ mtasts check --quiet {domain}")),
     LINES("report-not-confirmed", "report-confirmed", "report-stale-policy"),
     "RFC 8460 section 4.1", LINES("reports", "no-reports")},
};
const size_t topic_rollout_count = sizeof(topic_rollout) / sizeof(topic_rollout[0]);
