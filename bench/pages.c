/* SPDX-License-Identifier: MIT */
/* pages.c - a store of many domains and reports: what a page costs at the begin of its list and at
 * the end, all pages, the number of rows, and what is forgotten.
 * usage: pages STORE COUNT   (an empty store; a file or a postgresql:// address) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/pages.h"

#define DAY       86400
#define PAGE      100
#define BATCH     1000
#define DAYS      400
#define RARE      1000 /* each of so many is in trouble */
#define SUBMITTED 10   /* senders */

static void check(enum sts_status status)
{
    if (status) {
        (void)fprintf(stderr, "status %d\n", (int)status);
        exit(1);
    }
}

static double now(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* ---- filling --------------------------------------------------------------------------------- */

static void put_domain(struct store *store, int n)
{
    char name[64];
    const char *verdict = n % RARE ? "ok" : "critical";
    static char facts[8192]; /* as long as those of a usual domain */

    memset(facts, ' ', sizeof facts - 1);
    (void)snprintf(name, sizeof name, "d%06d.example", n);
    for (int at = 1; at <= 2; at++)
        check(store_put_check(store, &(struct store_check){.domain = name,
                                                           .observed_at = (int64_t)at * DAY,
                                                           .verdict = verdict,
                                                           .posture = "enforce",
                                                           .delivery = "protected",
                                                           .facts = bytes_of(facts)}));
}

/* One domain has all of them; most of a day begin in one second. */
static void put_report(struct store *store, int n)
{
    char id[32], submitter[32];
    struct store_report_policy policy = {"big.example", "sts", 10, n % RARE ? 0 : 1};
    struct store_report report = {.submitter = submitter,
                                  .report_id = id,
                                  .begins = (int64_t)(n % DAYS) * DAY,
                                  .ends = (int64_t)(n % DAYS + 1) * DAY - 1,
                                  .raw = bytes_of("{\"organization-name\":\"x\"}"),
                                  .policies = &policy,
                                  .policy_count = 1};
    enum store_added added;

    (void)snprintf(id, sizeof id, "report-%d", n);
    (void)snprintf(submitter, sizeof submitter, "sender%d.example", n % SUBMITTED);
    check(store_add_report(store, &report, &added));
}

static void fill(struct store *store, int count, void (*put)(struct store *store, int n))
{
    for (int i = 0; i < count; i++) {
        if (i % BATCH == 0)
            check(store_begin(store));
        put(store, i);
        if (i % BATCH == BATCH - 1 || i == count - 1)
            check(store_commit(store));
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

struct walk {
    struct store *store;
    const struct store_domain_filter *domains;
    const struct store_report_filter *reports;
    char domain[64];
    struct store_report_place place;
    int rows, pages;
};

static bool take_domain(void *arg, const struct store_domain_state *state)
{
    struct walk *walk = arg;

    (void)snprintf(walk->domain, sizeof walk->domain, "%s", state->domain);
    walk->rows++;
    return true;
}

static bool take_report(void *arg, const struct store_listed_report *report)
{
    struct walk *walk = arg;

    walk->place = report->place;
    walk->rows++;
    return true;
}

/* False: it was the last page. */
static bool next_page(struct walk *walk)
{
    int before = walk->rows;

    if (walk->domains)
        check(store_domains(walk->store, walk->domains, walk->pages ? walk->domain : NULL, PAGE,
                            take_domain, walk));
    else
        check(store_reports_page(walk->store, walk->reports, walk->place, PAGE, take_report, walk));
    walk->pages++;
    return walk->rows - before == PAGE;
}

static int64_t count_rows(const struct walk *walk)
{
    int64_t count = 0;

    if (walk->domains)
        check(store_count_domains(walk->store, walk->domains, &count));
    else
        check(store_count_reports(walk->store, walk->reports, &count));
    return count;
}

static void walk_list(const char *name, struct walk walk)
{
    double began = now(), first = 0, last = 0, at = began;
    int64_t count;

    walk.place = STORE_NEWEST;
    for (bool more = true; more;) {
        more = next_page(&walk);
        last = more || first <= 0 ? now() - at : last; /* the last full one */
        first = first > 0 ? first : last;
        at = now();
    }
    printf("%-26s %7d rows  first page %7.2f ms  last page %7.2f ms  all %8.1f ms", name, walk.rows,
           first, last, now() - began);
    at = now();
    count = count_rows(&walk);
    printf("  count %6.1f ms\n", now() - at);
    if (count != walk.rows)
        exit(1);
}

static void walk_all(struct store *store)
{
    static const struct {
        const char *name;
        struct store_domain_filter filter;
    } domains[] = {{"domains", {NULL, NULL}},
                   {"domains, a prefix", {"d0001", NULL}},
                   {"domains, a rare verdict", {NULL, "critical"}}};
    static const struct {
        const char *name;
        struct store_report_filter filter;
    } reports[] = {
        {"reports", {NULL, NULL, INT64_MIN, INT64_MAX, false}},
        {"reports on a domain", {"big.example", NULL, INT64_MIN, INT64_MAX, false}},
        {"reports by a sender", {NULL, "sender3.example", INT64_MIN, INT64_MAX, false}},
        {"reports of a week", {NULL, NULL, (int64_t)100 * DAY, (int64_t)107 * DAY, false}},
        {"reports that count failures", {NULL, NULL, INT64_MIN, INT64_MAX, true}},
    };

    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        walk_list(domains[i].name, (struct walk){.store = store, .domains = &domains[i].filter});
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++)
        walk_list(reports[i].name, (struct walk){.store = store, .reports = &reports[i].filter});
}

int main(int argc, char **argv)
{
    struct store *store;
    struct store_fault *fault;
    int count = argc == 3 ? atoi(argv[2]) : 0;
    double began = now();

    if (count < 1 || store_open(NULL, argv[1], STORE_WRITE, &store, &fault))
        return 1;
    fill(store, count, put_domain);
    printf("%d domains with two checks each: %.0f ms\n", count, now() - began);
    began = now();
    fill(store, count, put_report);
    printf("%d reports: %.0f ms\n", count, now() - began);
    walk_all(store);
    began = now();
    check(store_prune_reports(store, (int64_t)DAYS / 2 * DAY));
    printf("half of the reports forgotten: %.0f ms\n", now() - began);
    talloc_free(store);
    return 0;
}
