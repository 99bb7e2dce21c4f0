/* SPDX-License-Identifier: MIT */
/* test_store.h - one table of cases, run on each database. */
#ifndef STORE_TEST_STORE_H
#define STORE_TEST_STORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/store.h"

struct test_backend {
    const char *name; /* of the fixtures: v1-NAME.sql */
    /* The address of an empty store; lives as long as ctx. */
    const char *(*fresh)(TALLOC_CTX *ctx);
    /* Run SQL behind the store's back. */
    void (*sql)(const char *where, const char *text);
};
extern const struct test_backend backend;

/* The exit status; `more` are the backend's own cases. */
int test_store_run(const struct CMUnitTest *more, size_t count);

/* test_store_kill.c */
void killed_at_any_point_each_report_is_there_once(void **state);
void killed_at_any_point_what_a_writer_told_is_there(void **state);
void many_writers_wait_for_each_other(void **state);

/* test_store_accounts.c */
void groups_have_names_of_their_own(void **state);
void users_come_back_whole(void **state);
void the_last_administrator_stays(void **state);
void one_claims_an_empty_service(void **state);
void several_claim_and_one_wins(void **state);
void members_have_a_role(void **state);
void a_domain_is_one_groups(void **state);
void claims_stand_side_by_side(void **state);
void claims_are_due_until_they_are_looked_at(void **state);
void sessions_end(void **state);
void tokens_are_found_by_their_label(void **state);
void tokens_go_with_the_one_that_made_them(void **state);
void each_code_counts_once(void **state);
void an_identity_is_issuer_and_subject(void **state);
void the_log_is_read_backwards(void **state);
void what_hangs_on_a_user_goes_too(void **state);

/* test_store_changes.c */
void changes_are_those_of_their_check(void **state);
void changes_are_listed_page_by_page(void **state);
void changes_are_found_by_filter(void **state);

/* test_store_domain_list.c */
void a_list_is_filtered(void **state);
void a_list_is_as_the_newest_checks_are(void **state);
void a_list_is_sorted_page_by_page(void **state);
void a_listed_domain_is_whole(void **state);
void one_is_as_in_the_list(void **state);
void all_that_a_filter_matches_is_changed(void **state);
void a_domain_has_so_many_tags(void **state);
void many_domains_are_whose_they_are(void **state);

/* test_store_alerts.c */
void a_channel_belongs_to_its_group(void **state);
void a_rule_has_channels_of_its_group(void **state);
void an_alert_takes_in_the_domains_of_its_cause(void **state);
void what_happened_is_joined_until_it_is_told(void **state);
void alerts_are_listed_open_first(void **state);
void what_is_claimed_nobody_else_sends(void **state);
void groups_take_turns(void **state);
void who_may_hang_shares_what_is_for_them(void **state);
void who_is_tried_again_may_hang(void **state);
void who_has_not_confirmed_is_asked_and_told_nothing(void **state);
void one_acknowledges_and_mutes_ones_own(void **state);
void a_delivery_waits_until_it_is_sent(void **state);
void reminders_are_due_until_acknowledged(void **state);
void domains_that_left_end_their_alerts(void **state);
void the_log_is_looked_through_behind_a_place(void **state);

/* test_store_batches.c */
void a_batch_is_worked_off(void **state);
void groups_take_turns_with_batches(void **state);
void a_batch_is_repeated_by_its_key(void **state);
void a_batch_is_cancelled_and_forgotten(void **state);

/* test_store_cached.c */
void an_older_fetch_replaces_no_newer_one(void **state);
void cached_policies_are_read_page_by_page(void **state);
void cached_policies_are_forgotten(void **state);
void a_clock_that_was_set_is_noticed(void **state);

/* test_store_mailboxes.c */
void each_folder_has_its_place(void **state);
void domains_are_known_that_were_checked(void **state);
void ways_add_up(void **state);
void the_quarantine_is_bounded(void **state);
void mailboxes_of_an_earlier_version_are_ways(void **state);
void what_was_rejected_is_kept_with_its_reason(void **state);

/* test_store_pages.c */
void domains_are_listed_with_their_latest_check(void **state);
void a_page_is_bounded_and_may_be_left(void **state);
void reports_are_listed_by_filter(void **state);
void policies_that_nobody_holds_are_forgotten(void **state);
void old_reports_are_forgotten_with_their_sessions(void **state);
void reports_of_an_earlier_version_are_listed(void **state);

/* test_store_partial.c */
void a_report_in_part_counts_for_its_domains(void **state);
void the_whole_report_replaces_its_parts(void **state);
void a_report_in_part_touches_nobody_elses(void **state);
void what_is_withheld_is_not_filled(void **state);

/* test_store_scans.c */
void a_scan_is_added_once(void **state);
void a_shard_is_done_once(void **state);
void a_shard_that_fails_is_set_aside(void **state);
void a_scan_is_cancelled_and_resumed(void **state);
void what_is_missing_is_swept(void **state);
void results_are_read_page_by_page(void **state);

/* test_store_schedule.c */
void a_domain_is_due_by_its_newest_check(void **state);
void a_domain_is_taken_by_one(void **state);
void groups_take_turns_at_once(void **state);
void domains_leave_the_schedule_with_their_group(void **state);
void the_schedule_is_counted(void **state);

/* test_store_outgoing.c */
void a_report_is_planned_once(void **state);
void what_is_not_planned_is_found_in_any_order(void **state);
void what_became_of_what_is_counted(void **state);
void deliveries_are_counted_by_state(void **state);
void who_claims_a_delivery_has_it(void **state);
void a_host_has_its_share_of_a_claim(void **state);
void results_decide_what_is_due(void **state);
void who_fails_is_known_until_it_works(void **state);
void sent_reports_are_forgotten(void **state);

/* test_store_session_counts.c */
void sessions_are_counted_by_day_record_and_policy(void **state);
void a_flush_counts_once(void **state);
void details_beyond_the_ceiling_are_one_row(void **state);
void policies_beyond_the_ceiling_are_lost(void **state);
void a_day_may_be_reported_a_minute_after_it(void **state);
void counted_days_are_forgotten(void **state);

/* test_store_rollups.c */
void a_state_is_that_of_the_newest_check(void **state);
void a_check_that_is_stored_late_changes_since_when(void **state);
void what_is_pruned_is_still_known_since_when(void **state);
void findings_and_parts_are_of_the_newest_check(void **state);
void what_is_not_proven_is_not_seen(void **state);
void worse_is_more_harm(void **state);
void a_day_has_what_its_reports_count(void **state);
void a_revision_replaces_what_was_counted(void **state);
void failures_are_found_by_filter(void **state);
void sessions_told_twice_count_once(void **state);
void what_is_pruned_is_no_longer_counted(void **state);
void a_day_has_what_the_page_shows(void **state);
void policies_and_names_are_pruned(void **state);
void what_was_stored_earlier_is_filled(void **state);

/* test_store_shared.c */
void a_shared_check_is_found_by_its_id(void **state);
void shared_checks_are_forgotten(void **state);

/* test_store_writer.c */
void what_is_told_is_durable(void **state);
void what_comes_meanwhile_is_one_batch(void **state);
void one_that_is_refused_leaves_the_others(void **state);
void those_that_wait_can_be_refused(void **state);
void a_fault_is_told_and_then_it_is_opened_again(void **state);
void what_is_left_is_written_at_the_end(void **state);
void others_write_while_a_batch_is_prepared(void **state);
void many_read_beside_a_writer(void **state);
void what_cannot_be_read_is_told(void **state);
void a_read_that_is_cancelled_is_not_told(void **state);

/* Shared by the files of the tests.  A failure is the test's. */
struct store *test_open(TALLOC_CTX *ctx, const char *where);
/* Report n of a series: every number is another report. */
enum sts_status test_add(struct store *store, int n, enum store_added *ret);
int test_count(struct store *store);
/* The SQL of a store of an earlier version, "v1" and so on. */
char *test_fixture(TALLOC_CTX *ctx, const char *version);

#endif
