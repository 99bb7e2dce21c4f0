/* SPDX-License-Identifier: MIT */
/* test_pages.c - pages drawn from fixed models, compared with what they are to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/test_expected.h"
#include "pages/advisory.h"
#include "pages/badge.h"
#include "pages/check.h"
#include "pages/domain.h"
#include "pages/error.h"
#include "pages/explain.h"
#include "pages/finding.h"
#include "pages/home.h"
#include "pages/html.h"
#include "pages/intake.h"
#include "pages/lint.h"
#include "pages/reports.h"
#include "pages/step.h"
#include "pages/verdict.h"
#include "render/kb_entry.h"

static const struct html_site site = {"/a/b/", "token"};

/* Hashes of assets change with each of their bytes; here they are left out. */
static char *without_hashes(char *text)
{
    char *to = text;

    for (const char *at = text; *at;) {
        const char *dot = strncmp(at, "/assets/", 8) == 0 ? strchr(at, '.') : NULL;

        if (dot) {
            memmove(to, at, (size_t)(dot - at));
            to += dot - at;
            at = dot + sizeof(".0123456789ab") - 1;
        }
        *to++ = *at++;
    }
    *to = '\0';
    return text;
}

static void expect_page(const char *name, struct html *html)
{
    struct bytes content = html_content(html);
    char *text = talloc_strndup(html, content.data, content.length);

    assert_true(html_is_whole(html));
    expect_text("pages", name, talloc_asprintf(html, "== %s ==\n%s", name, without_hashes(text)));
    talloc_free(html);
}

static void home(void **state)
{
    struct home_page page = {
        .frame = {
            .language = "en", .entry = FRAME_CHECK, .path = "", .texts = true, .reports = true}};
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_home(html, &page);
    expect_page("home", html);
    html = html_new(NULL, &site);
    page.domain = "\"><script>";
    page.error = "\"><script>: not a domain";
    page.frame.theme = "dark";
    page.frame.user = "<anna>";
    page.frame.administers = true;
    page.frame.overview = true;
    page_home(html, &page);
    expect_page("home, with an error", html);
}

static void error(void **state)
{
    struct error_page page = {
        .frame = {.title = "Page not found", .language = "en", .hidden = true},
        .status = 404,
        .title = "Page not found",
        .detail = "There is no page at this address.",
        .id = "5f1c"};
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_error(html, &page);
    expect_page("error", html);
}

/* Findings of a text whose values are markup are drawn; which texts there are is not told here. */
static void findings_of_a_text(void **state)
{
    static const char policy[] = "version: STSv1\nmode: <b>\nmx: \"><script>alert(1)</script>\n"
                                 "mx: <img src=x onerror=alert(1)>\nmax_age: 86400\n";
    struct html *html = html_new(NULL, &site);
    struct findings_page page;
    struct lint *lint;
    struct bytes content;

    (void)state;
    assert_int_equal(lint_policy(html, policy, sizeof(policy) - 1, NULL, 0, &lint), STS_OK);
    page = findings_page_of(html, lint->findings, lint->finding_count);
    assert_true(page.finding_count > 2);
    page_findings(html, &page);
    content = html_content(html);
    assert_true(bytes_find_nocase(content, "&lt;script&gt;alert(1)") > 0);
    assert_int_equal(bytes_find_nocase(content, "<script"), -1);
    assert_int_equal(bytes_find_nocase(content, "<img"), -1);
    talloc_free(html);
}

static size_t find_reasons(const struct lint_page *page, const char *text)
{
    size_t found = 0;

    for (size_t i = 0; i < page->row_count; i++)
        for (size_t j = 0; j < page->rows[i].piece_count; j++) {
            const struct lint_piece *piece = &page->rows[i].pieces[j];

            if (!strcmp(piece->text, text) && piece->reasons)
                found = page->rows[i].number;
        }
    return found;
}

/* Whatever is marked, the pieces of a line are the line. */
static void expect_whole(const struct lint_page *page)
{
    const char *at = page->text;

    for (size_t i = 0; i < page->row_count; i++) {
        for (size_t j = 0; j < page->rows[i].piece_count; j++) {
            const char *text = page->rows[i].pieces[j].text;

            assert_memory_equal(at, text, strlen(text));
            at += strlen(text);
        }
        at += *at == '\r';
        assert_int_equal(*at, '\n');
        at++;
    }
    assert_int_equal(*at, '\0');
}

/* What is wrong is marked where it is: at the columns, and what is missing at its place. */
static void lint_columns(void **state)
{
    static const char policy[] = "version: STSv1\r\nmode: Enforced\nmx: b\xc3\xbc"
                                 "cher.example, a.example\n\nmax_age:\nfoo\n";
    struct html *html = html_new(NULL, &site);
    struct lint_page page = {.frame = {.language = "en", .path = "tools/lint"}, .text = policy};
    struct lint *lint;

    (void)state;
    assert_int_equal(lint_policy(html, policy, sizeof(policy) - 1, NULL, 0, &lint), STS_OK);
    lint_page_fill(html, &page, lint);
    assert_int_equal(page.row_count, 6);
    assert_int_equal(page.rows[0].reason_count, 0);
    assert_int_equal(find_reasons(&page, "Enforced"), 2);
    assert_int_equal(page.rows[1].reasons[0].column, 7);
    expect_whole(&page);
    page_lint_result(html, &page);
    assert_true(html_is_whole(html));
    assert_true(bytes_find_nocase(html_content(html), "<mark>Enforced</mark>") > 0);
    assert_true(bytes_find_nocase(html_content(html), "aria-describedby=\"why-1") > 0);
    talloc_free(html);
}

/* A page of errors is shown up to a number of lines, and says that there are more. */
static void lint_of_many_lines(void **state)
{
    struct html *html = html_new(NULL, &site);
    char *policy = talloc_zero_array(html, char, 4 * LINT_ROWS_MAX + 5);
    struct lint_page page = {.text = policy};
    struct lint *lint;

    (void)state;
    for (size_t i = 0; i <= LINT_ROWS_MAX; i++)
        memcpy(policy + 4 * i, "a:b\n", 4);
    assert_int_equal(lint_policy(html, policy, strlen(policy), NULL, 0, &lint), STS_OK);
    lint_page_fill(html, &page, lint);
    assert_int_equal(page.row_count, LINT_ROWS_MAX);
    assert_true(page.cut);
    talloc_free(html);
}

static void findings(void **state)
{
    struct html *html = html_new(NULL, &site);
    char command[] = "dig TXT '<b>'", *commands[] = {command, NULL};
    char cause[] = "A \"cause\".", *causes[] = {cause, cause, NULL};
    char step[] = "Publish:\n\tmx: <a>", *fix[] = {step, NULL};
    struct finding_page all[] = {
        {.code = "a-code",
         .severity = "high",
         .mark = {"bad", NULL},
         .title = "The <title>",
         .subject = "mx1.example.org",
         .detail = lines_of_text(html, "Seen: \"<script>\"."),
         .meaning = lines_of_text(html, "It means & matters."),
         .causes = lines_of(html, causes),
         .commands = lines_of(html, commands),
         .fix = lines_of(html, fix),
         .fix_title = "How to fix it:",
         .spec = "RFC 8461 section 3.2",
         .open = true},
        {.code = "a-code", .severity = "info", .mark = {"good", NULL}, .title = "Again"}};
    struct findings_page page = {all, 2};

    (void)state;
    page_findings(html, &page);
    expect_page("findings", html);
}

static void lines(void **state)
{
    char step[] = "Publish this:\n\t_mta-sts IN TXT \"v=STSv1; id=1;\"\n\tmx: <a>\nThen wait.";
    char copy[] = "\n\tonly a line", *list[] = {step, copy, NULL};
    struct html *html = html_new(NULL, &site);
    struct lines page = lines_of(html, list), one = lines_of_text(html, "One & only.");

    (void)state;
    page_steps(html, &page);
    page_list(html, &page);
    page_steps(html, &one);
    one = lines_of_text(html, NULL);
    assert_int_equal(one.item_count, 0);
    expect_page("lines", html);
}

static void verdict_and_steps(void **state)
{
    const struct verdict_page verdict = {.mark = mark_of_verdict(VERDICT_CRITICAL),
                                         .domain = "example.org",
                                         .sentence = "Mail is refused at <mx1>.",
                                         .when = 1764547200};
    const struct step_page seen = {mark_of_severity(SEVERITY_NONE), "DNS", "id \"1\"", false},
                           host = {mark_of_waiting(), "mx1.example.org", NULL, true};
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_verdict(html, &verdict);
    page_step(html, &seen);
    page_step(html, &host);
    expect_page("verdict and steps", html);
}

static void an_entry(void **state)
{
    struct kb_entry_type type = {"a-type", SEVERITY_HIGH, SEVERITY_LOW, SEVERITY_NONE, "Type <1>"};
    struct kb_entry_sample_line sample[] = {{"{", NULL}, {"  \"a\": \"<b>\"", "A \"note\"."}};
    char text[] = "Do <this>:\n\t$ rm '<b>'", *list[] = {text, NULL}, *none[] = {NULL};
    char code[] = "no-such-entry", *codes[] = {code, NULL};
    struct kb_entry entry = {.code = "a-topic",
                             .kind = "topic",
                             .group = "Group",
                             .title = "Title & more",
                             .meaning = "Meaning.",
                             .spec = "RFC 8461 section 3.2",
                             .enforce = SEVERITY_CRITICAL,
                             .causes = list,
                             .differs = none,
                             .commands = list,
                             .fix = list,
                             .findings = codes,
                             .topics = codes,
                             .variants = none,
                             .result_types = "a|b",
                             .types = &type,
                             .type_count = 1,
                             .sample = sample,
                             .sample_count = 2};
    struct explain_entry_page page = {.frame = {.language = "en"}};
    struct html *html = html_new(NULL, &site);

    (void)state;
    explain_entry_fill(html, &page, &entry);
    page_explain_entry(html, &page);
    expect_page("an entry", html);
}

/* All that there are: whole, with their names, and without a value that escaped escaping. */
static void each_entry(void **state)
{
    (void)state;
    for (size_t i = 0; i < kb_entry_count(); i++) {
        struct html *html = html_new(NULL, &site);
        struct explain_entry_page page = {.frame = {.language = "en"}};
        struct kb_entry *entry = kb_entry_new(html, i, 1764547200);

        explain_entry_fill(html, &page, entry);
        page_explain_entry(html, &page);
        assert_true(html_is_whole(html));
        assert_true(bytes_find_nocase(html_content(html), entry->code) > 0);
        assert_true(page.spec && page.spec_url);
        assert_true(page.topics.link_count);
        talloc_free(html);
    }
}

static void knowledge_lists(void **state)
{
    struct html *html = html_new(NULL, &site);
    struct explain_link near = {"near-code", "Near <title>"};
    struct explain_index_page all = {.frame = {.language = "en"}},
                              some = {.frame = {.language = "en"}, .query = "<a>"},
                              none = {.frame = {.language = "en"},
                                      .query = "<b>",
                                      .unknown = "<b>",
                                      .near = &near,
                                      .near_count = 1};

    (void)state;
    explain_index_fill(html, &all, NULL, 0);
    assert_int_equal(all.count, kb_entry_count());
    assert_true(all.group_count > 5);
    explain_index_fill(html, &some, (const size_t[]){0}, 1);
    some.groups[0].title = "Group";
    some.groups[0].links[0] = (struct explain_link){"a-code", "Title"};
    page_explain_index(html, &some);
    page_explain_index(html, &none);
    expect_page("lists", html);
}

/* ---- a check --------------------------------------------------------------------------------- */

static struct check_page check_model(void)
{
    static struct check_row rows[] = {
        {"dns", {{"good", "fine"}, "DNS", "_mta-sts.x\"><script>, id 1", false}, false},
        {"mx", {{"wait", "running"}, "MX", "", false}, true},
        {"mx-host", {{"bad", "high"}, "10 mx.example.org: <b>", "", true}, false},
    };
    static struct check_change changes[] = {{{"bad", "critical"}, "<script>alert(1)</script>"}};

    return (struct check_page){
        .frame = {.title = "Check of x", .language = "en", .path = "c/0a", .hidden = true},
        .id = "0a",
        .domain = "x\"><script>.example",
        .verdict = {{"bad", "CRITICAL"}, "x<script>.example", "Mail is <refused>.", 0},
        .rows = rows,
        .row_count = 3,
        .compared_at = 1764547200,
        .changes = changes,
        .change_count = 1,
        .transcript = "220 </pre><script>alert(1)</script>\n",
    };
}

static void check_result(void **state)
{
    struct check_page page = check_model();
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_check_top(html, &page);
    page_check_rest(html, &page);
    page.change_count = 0;
    page_check_top(html, &page);
    page.cancelled = true;
    page.compared_at = 0;
    page_check_top(html, &page);
    expect_page("check", html);
}

static void check_in_pieces(void **state)
{
    struct check_page page = check_model();
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_check_live_begin(html, &page);
    page_check_place(html, &(struct check_place){3});
    page_check_row(html, &page.rows[0]);
    page_check_row(html, &page.rows[2]);
    page.cancelled = true;
    page_check_final(html, &page);
    page_check_live_end(html, &page);
    expect_page("check in pieces", html);
}

static void badges(void **state)
{
    struct html *html = html_new(NULL, &site);
    struct badge_page page = badge_page_of(html, "x\"><script>.example", NULL);

    (void)state;
    page_badge(html, &page);
    expect_page("badge", html);
}

/* ---- a domain -------------------------------------------------------------------------------- */

static struct domain_page domain_of(const char *kind, const char *word)
{
    return (struct domain_page){
        .frame = {.title = "shop.example", .language = "en", .user = "anna", .hidden = true},
        .domain = "shop.example",
        .mark = {kind, word},
        .protection = "enforce",
        .protection_note = "for 30 days",
        .found = "1 finding",
        .failed = "1.2 %",
        .failed_note = "the week before: 0.1 %",
        .senders = "2",
        .length = 90,
        .pick = {.sender = "A & b"},
    };
}

static void domain_with_failures(void **state)
{
    struct domain_page page = domain_of("bad", "CRITICAL");
    struct choice periods[] = {{"30", "30 days", false}, {"90", "90 days", true}};
    struct choice senders[] = {{"<b>", "<b>", true}};
    struct domain_filter filters[] = {{"sender", "Sender", "all senders", senders, 1}};
    struct domain_day days[] = {{"2026-11-29", true, 100, 4, true}};
    struct domain_failure failures[] = {{{"bad", NULL},
                                         "mx1.<shop>.example",
                                         "192.0.2.1",
                                         "report-certificate-expired",
                                         "certificate-expired",
                                         "Google, <i>",
                                         4,
                                         "2026-11-29",
                                         "still failing (mx-cert-expired)"}};
    struct domain_sender reporters[] = {
        {{"warn", NULL}, "<i>", 12, 100, 4, 1764547200, "daily", "silent for 8 days"}};
    struct step_page steps[] = {{{"good", "ok"}, "DNS", "id 1", false}};
    struct domain_change changes[] = {{{"bad", NULL}, 1764547200, 1764633600, "new: a-code"}};
    const char *mx[] = {"*.shop.example", "<mx2>.example", NULL};
    struct domain_policy policies[] = {
        {"enforce", "<1>", "30 days", mx, 1764547200, 1764633600, 1767225600, true},
        {"testing", "0", "1 day", mx + 1, 1764547200, 1764633600, 1764720000, false}};
    struct html *html = html_new(NULL, &site), *drawing = html_beside(html, html);

    (void)state;
    HTML_LITERAL(drawing, "<svg></svg>");
    page.sentence = "Mail is refused at <mx1>.";
    page.since = "First detected 2026-11-28 14:33 UTC.";
    page.reports = "4 of 104 sessions failed in the last 7 days of reports (Google).";
    page.next = "Fix the problem; if that takes time, return to testing first.";
    page.next_page = "rollback";
    page.checked_at = 1764547200;
    page.may_check = page.picked = page.cut = page.any_report = page.has_recent = true;
    page.periods = periods, page.period_count = 2;
    page.filters = filters, page.filter_count = 1;
    page.chart = page.recent = page.legend = (struct html_text){drawing};
    page.days = days, page.day_count = 1;
    page.failures = failures, page.failure_count = 1;
    page.reporters = reporters, page.reporter_count = 1;
    page.steps = steps, page.step_count = 1;
    page.changes = changes, page.change_count = 1;
    page.policies = policies, page.policy_count = 2;
    page_domain(html, &page);
    expect_page("domain with failures", html);
}

static void domain_without_reports(void **state)
{
    struct domain_page page = domain_of("good", "OK");
    struct html *html = html_new(NULL, &site);

    (void)state;
    page.sentence = "Mail is protected. No report has arrived yet.";
    page.next = "Check that senders can deliver their reports.";
    page.next_place = "#senders";
    page.checked_at = 1764547200;
    page.tlsrpt_name = "_smtp._tls.shop.example";
    page.tlsrpt_text = "v=TLSRPTv1; rua=<mailto:a@shop.example>";
    page_domain(html, &page);
    expect_page("domain without reports", html);
}

static void domain_unchecked(void **state)
{
    struct domain_page page = domain_of("unknown", "UNKNOWN");
    struct html *html = html_new(NULL, &site);

    (void)state;
    page.sentence = "This domain has not been checked yet.";
    page.next = "Check the domain now.";
    page.may_check = true;
    page.tlsrpt_name = "_smtp._tls.shop.example";
    page_domain(html, &page);
    expect_page("domain without a check", html);
}

static void advisory(void **state)
{
    char text[] = "Publish <this>:\n\tmode: testing", command[] = "mtasts check 'a'";
    char *commands[] = {command, NULL};
    struct html *html = html_new(NULL, &site);
    struct advisory_note notes[] = {{{"warn", "medium"}, lines_of_text(html, "A <note>.")}};
    struct advisory_step steps[] = {
        {lines_of_text(html, text), lines_of(html, commands), 1764547200, "mta-sts.txt"}};
    struct advisory_effect effects[] = {{1764547200, "check once a day"}, {0, "never look"}};
    struct advisory_file files[] = {{"mta-sts.txt", "The policy", "mode: <testing>\n"}};
    struct advisory_page page = {.frame = {.language = "en"},
                                 .domain = "shop.example",
                                 .title = "Plan",
                                 .lead = "What comes next.",
                                 .checked = true,
                                 .mark = {"warn", "medium"},
                                 .headline = "Mode <testing>.",
                                 .checked_at = 1764547200,
                                 .notes = notes,
                                 .note_count = 1,
                                 .steps = steps,
                                 .step_count = 1,
                                 .effects = effects,
                                 .effect_count = 2,
                                 .files = files,
                                 .file_count = 1,
                                 .command = "mtasts plan shop.example"};

    (void)state;
    page_advisory(html, &page);
    expect_page("advisory", html);
    html = html_new(NULL, &site);
    page.checked = false;
    page_advisory(html, &page);
    expect_page("advisory without a check", html);
}

/* ---- reports that are stored, and how they come in ------------------------------------------- */

#define EVIL "\"><script>alert(1)</script>"

static struct frame frame_of_owner(const char *title, enum frame_entry entry)
{
    return (struct frame){
        .title = title, .language = "en", .path = "", .entry = entry, .user = "anna"};
}

static void stored_reports(void **state)
{
    const struct reports_row rows[] = {
        {1, 1764460800, 1764547199, "mail.example", "example.com", "signed by the reporting domain",
         0, false, true, 1764550000},
        {2, 0, 0, EVIL, EVIL, "not signed", 3, true, false, 1764550001}};
    struct reports_page page = {.frame = frame_of_owner("Reports", FRAME_STORED_REPORTS),
                                .domain = EVIL,
                                .sender = "",
                                .since = "",
                                .until = "",
                                .filtered = true,
                                .rows = rows,
                                .row_count = 2,
                                .next = "0.2",
                                .uploads = true};
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_reports(html, &page);
    expect_page("reports", html);
    html = html_new(NULL, &site);
    page.row_count = 0;
    page.said.notice = "New reports: 1.";
    page.said.error = EVIL;
    page_reports(html, &page);
    expect_page("reports, none", html);
}

static void stored_report(void **state)
{
    const struct domain_sessions_row domains[] = {{"example.com", 5, 1}, {EVIL, 0, 0}};
    const struct report_policy_row policies[] = {{"example.com", "sts",
                                                  "version: STSv1\nmode: enforce", "*.example.com",
                                                  "certificate-expired: 1", 5, 1},
                                                 {NULL, EVIL, EVIL, EVIL, EVIL, 0, 0}};
    struct report_page_model page = {.frame = frame_of_owner("Report", FRAME_STORED_REPORTS),
                                     .id = 7,
                                     .submitter = EVIL,
                                     .trust = "not signed",
                                     .source = "lmtp:" EVIL,
                                     .file_name = EVIL,
                                     .subject = EVIL,
                                     .begins = 1764460800,
                                     .ends = 1764547199,
                                     .received = 1764550000,
                                     .mailed = 1764549000,
                                     .revision = 2,
                                     .superseded = true,
                                     .read = true,
                                     .successful = 5,
                                     .failed = 1,
                                     .sessions = {domains, 2, true},
                                     .policies = policies,
                                     .policy_count = 2,
                                     .more_policies = 1,
                                     .whole = true,
                                     .raw = "{\n" EVIL,
                                     .cut = true};
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_report(html, &page);
    expect_page("report", html);
    html = html_new(NULL, &site);
    page.whole = page.read = false;
    page.others = 2;
    page.report_id = page.source = page.file_name = page.subject = NULL;
    page_report(html, &page);
    expect_page("report, of others too", html);
}

static void how_reports_come_in(void **state)
{
    const struct intake_way_row ways[] = {
        {.name = "LMTP", .good = true, .succeeded = 1764550000, .messages = 3, .added = 2},
        {.name = "Mailbox " EVIL,
         .failed = 1764550000,
         .fault = "the folder cannot be opened",
         .detail = EVIL,
         .advice = "Check the name of the folder."}};
    const struct intake_rejected_row rejected[] = {
        {9, 1764550000, 12, 1, "lmtp:" EVIL, EVIL, "broken", EVIL}};
    struct intake_page page = {.frame = frame_of_owner("How reports arrive", FRAME_STORED_REPORTS),
                               .address = "//mtasts.example.com/tlsrpt",
                               .all = true,
                               .ways = ways,
                               .way_count = 2,
                               .kept = 1,
                               .rejected = rejected,
                               .rejected_count = 1,
                               .next = 9};
    const struct intake_one_page one = {.frame = frame_of_owner("Rejected", FRAME_STORED_REPORTS),
                                        .row = rejected[0],
                                        .has_text = true,
                                        .text = EVIL,
                                        .cut = true};
    struct html *html = html_new(NULL, &site);

    (void)state;
    page_intake(html, &page);
    expect_page("intake", html);
    html = html_new(NULL, &site);
    page.all = false;
    page_intake(html, &page);
    expect_page("intake of an owner", html);
    html = html_new(NULL, &site);
    page_intake_one(html, &one);
    expect_page("rejected", html);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(home),
        cmocka_unit_test(error),
        cmocka_unit_test(findings),
        cmocka_unit_test(findings_of_a_text),
        cmocka_unit_test(lint_columns),
        cmocka_unit_test(lint_of_many_lines),
        cmocka_unit_test(lines),
        cmocka_unit_test(verdict_and_steps),
        cmocka_unit_test(an_entry),
        cmocka_unit_test(each_entry),
        cmocka_unit_test(knowledge_lists),
        cmocka_unit_test(check_result),
        cmocka_unit_test(check_in_pieces),
        cmocka_unit_test(badges),
        cmocka_unit_test(domain_with_failures),
        cmocka_unit_test(domain_without_reports),
        cmocka_unit_test(domain_unchecked),
        cmocka_unit_test(advisory),
        cmocka_unit_test(stored_reports),
        cmocka_unit_test(stored_report),
        cmocka_unit_test(how_reports_come_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
