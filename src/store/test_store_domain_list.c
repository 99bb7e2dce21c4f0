/* SPDX-License-Identifier: MIT */
/* test_store_domain_list.c - the domains that somebody sees: filters, sorts, pages, tags. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/domain_list.h"

struct fixture {
    TALLOC_CTX *ctx;
    struct store *store;
    int64_t user, one, two; /* a viewer of group one, an editor of group two */
    char *text;             /* what a list told */
    struct store_list_place first, last;
    size_t count;
    int64_t total; /* as the last row had it */
};

static int64_t add_group(struct fixture *f, const char *name)
{
    int64_t id = 0;

    assert_int_equal(store_add_group(f->store, name, 10, &id), STS_OK);
    return id;
}

static void add_user(struct fixture *f)
{
    struct store_user user = {.name = "ada", .created = 20};

    assert_int_equal(store_add_user(f->store, &user, &f->user), STS_OK);
    assert_int_equal(store_set_role(f->store, f->user, f->one, STORE_ROLE_VIEWER), STS_OK);
    assert_int_equal(store_set_role(f->store, f->user, f->two, STORE_ROLE_EDITOR), STS_OK);
}

static void add_check(struct fixture *f, const char *domain, int64_t at, const char *verdict,
                      const char *posture)
{
    struct store_check check = {.domain = domain,
                                .observed_at = at,
                                .verdict = verdict,
                                .posture = posture,
                                .delivery = "protected",
                                .cert_ends = 1000 - at,
                                .facts = bytes_of("{}")};

    assert_int_equal(store_put_check(f->store, &check), STS_OK);
}

/* Of the day that begins with 0. */
static void add_failures(struct fixture *f, const char *domain, int64_t failed)
{
    const struct store_report_policy policy = {domain, "sts", 1, failed};
    const struct store_report report = {.submitter = "sender",
                                        .report_id = domain,
                                        .ends = 86399,
                                        .raw = bytes_of(domain),
                                        .received_at = 86400,
                                        .policies = &policy,
                                        .policy_count = 1};
    enum store_added added;

    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
}

static bool count_claim(void *arg, const struct store_owned *claim)
{
    (void)claim;
    ++*(size_t *)arg;
    return true;
}

static size_t count_claims(struct fixture *f)
{
    size_t count = 0;

    assert_int_equal(store_claims_due(f->store, 1000, 10000, count_claim, &count), STS_OK);
    return count;
}

static struct fixture begin(void)
{
    static const struct store_pair of_one[] = {{"a.example", "pa"},
                                               {"b.example", "pb"},
                                               {"c.example", "pc"},
                                               {"d.example", "pd"}},
                                   of_two[] = {{"b.example", "px"}, {"e.example", "pe"}},
                                   of_three[] = {{"x.example", "py"}},
                                   tags[] = {{"a.example", "blue"},
                                             {"b.example", "blue"},
                                             {"b.example", "\303\274ber"},
                                             {"e.example", "red"}, /* not of group one */
                                             {"b.example", "blue"}};
    struct fixture f = {.ctx = talloc_new(NULL)};

    f.store = test_open(f.ctx, backend.fresh(f.ctx));
    f.text = talloc_strdup(f.ctx, "");
    f.one = add_group(&f, "one");
    f.two = add_group(&f, "two");
    add_user(&f);
    assert_int_equal(store_give_domains(f.store, f.one, of_one, 4, 30, 31), STS_OK);
    assert_int_equal(store_give_domains(f.store, f.two, of_two, 2, 40, 41), STS_OK);
    assert_int_equal(store_give_domains(f.store, add_group(&f, "three"), of_three, 1, 50, 51),
                     STS_OK);
    assert_int_equal(store_tag_domains(f.store, f.one, tags, 5), STS_OK);
    add_check(&f, "a.example", 100, "critical", "broken");
    add_check(&f, "a.example", 200, "ok", "enforce");
    add_check(&f, "b.example", 150, "critical", "enforce");
    add_check(&f, "c.example", 160, "warning", "testing");
    add_check(&f, "e.example", 170, "ok", "enforce");
    add_check(&f, "x.example", 170, "critical", "enforce");
    add_failures(&f, "a.example", 3);
    add_failures(&f, "c.example", 20);
    add_failures(&f, "e.example", 3);
    return f;
}

static struct store_list_filter seen_by(const struct fixture *f)
{
    return (struct store_list_filter){.sight = {.user = f->user, .least = STORE_ROLE_VIEWER}};
}

static bool tell(void *arg, const struct store_listed_domain *domain)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%.1s", domain->place.name);
    f->total = domain->total;
    f->last =
        (struct store_list_place){domain->place.key, talloc_strdup(f->ctx, domain->place.name)};
    if (!f->count++)
        f->first = f->last;
    return true;
}

/* All pages of that length, with a comma between, forwards or from the end back. */
static const char *all_pages(struct fixture *f, struct store_list_request request)
{
    f->text = talloc_strdup(f->ctx, "");
    do {
        f->count = 0;
        assert_int_equal(store_list_domains(f->store, &request, tell, f), STS_OK);
        assert_true(f->count <= request.limit);
        request.place = f->last;
        if (f->count)
            f->text = talloc_strdup_append(f->text, ",");
    } while (f->count);
    return f->text;
}

void a_list_is_filtered(void **state)
{
    struct fixture f = begin();
    const struct {
        struct store_list_filter filter;
        const char *expected;
    } rows[] = {
        {{.sight = {0}}, "abcde,"},
        {{.verdict = "critical"}, "b,"},
        {{.verdict = "ok"}, "ae,"},
        {{.verdict = STORE_UNCHECKED}, "d,"},
        {{.posture = "enforce"}, "abe,"},
        {{.posture = "enforce", .verdict = "ok"}, "ae,"},
        {{.tag = "blue"}, "ab,"},
        {{.tag = "\303\274ber"}, "b,"},
        {{.tag = "red"}, ""},
        {{.text = "c.ex"}, "c,"},
        {{.text = "%"}, ""},
        {{.name = "c.example"}, "c,"},
        {{.name = "x.example"}, ""},
        {{.sight = {.group = f.two}}, "e,"},
        {{.sight = {.group = f.one}}, "abcd,"},
        {{.sight = {.group = f.two + 1}}, ""},
        {{.sight = {.least = STORE_ROLE_EDITOR}}, "e,"},
        {{.sight = {.least = STORE_ROLE_ADMIN}}, ""},
        {{.sight = {.all = true, .least = STORE_ROLE_ADMIN}}, "abcdex,"},
        {{.sight = {.all = true, .group = f.two + 1}}, "x,"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store_list_request request = {.filter = rows[i].filter, .limit = 10};

        request.filter.sight.user = f.user;
        if (!request.filter.sight.least)
            request.filter.sight.least = STORE_ROLE_VIEWER;
        assert_string_equal(all_pages(&f, request), rows[i].expected);
        assert_int_equal(f.total, 0);
    }
    talloc_free(f.ctx);
}

static void expect_listed(struct fixture *f, struct store_list_filter filter, const char *expected)
{
    struct store_list_request request = {
        .filter = filter, .order = {STORE_BY_CERTIFICATE, false}, .limit = 10};

    request.filter.sight = seen_by(f).sight;
    assert_string_equal(all_pages(f, request), expected);
}

/* What is filtered and sorted by changes with the checks and the owners, whichever come first; a
 * check that is stored late, an older one, changes nothing. */
void a_list_is_as_the_newest_checks_are(void **state)
{
    static const struct store_code broken[] = {
        {.code = "mx-cert-expired", .severity = "high", .cause = "mx:mx1.example.net"},
        {.code = "mx-not-covered", .severity = "high"}};
    static const struct store_pair checked_before[] = {{"f.example", NULL}};
    struct store_check check = {.domain = "f.example",
                                .observed_at = 300,
                                .verdict = "critical",
                                .posture = "enforce",
                                .delivery = "refused",
                                .codes = broken,
                                .code_count = 2,
                                .cert_ends = 400,
                                .facts = bytes_of("{}")};
    struct fixture f = begin();

    (void)state;
    assert_int_equal(store_put_check(f.store, &check), STS_OK);
    expect_listed(&f, (struct store_list_filter){.cause = "mx:mx1.example.net"}, "");
    assert_int_equal(store_give_domains(f.store, f.one, checked_before, 1, 310, 311), STS_OK);
    expect_listed(&f, (struct store_list_filter){.verdict = "critical"}, "fb,");
    expect_listed(&f, (struct store_list_filter){.cause = "mx:mx1.example.net"}, "f,");
    expect_listed(&f, (struct store_list_filter){.cause = "code:mx-not-covered"}, "f,");
    check.observed_at = 350;
    check.verdict = "warning";
    check.cert_ends = 9000;
    check.code_count = 1;
    assert_int_equal(store_put_check(f.store, &check), STS_OK);
    check.observed_at = 340;
    check.verdict = "critical";
    check.code_count = 2;
    assert_int_equal(store_put_check(f.store, &check), STS_OK);
    expect_listed(&f, (struct store_list_filter){.verdict = "warning"}, "cf,");
    expect_listed(&f, (struct store_list_filter){.cause = "code:mx-not-covered"}, "");
    expect_listed(&f, (struct store_list_filter){.cause = "code:mx-cert-expired"}, "f,");
    talloc_free(f.ctx);
}

static void tag_all(struct fixture *f, const char *tag)
{
    const struct store_pair of_one[] = {
        {"a.example", tag}, {"b.example", tag}, {"c.example", tag}, {"d.example", tag}};
    const struct store_pair of_two[] = {{"e.example", tag}};

    assert_int_equal(store_tag_domains(f->store, f->one, of_one, 4), STS_OK);
    assert_int_equal(store_tag_domains(f->store, f->two, of_two, 1), STS_OK);
}

void a_list_is_sorted_page_by_page(void **state)
{
    static const struct {
        struct store_list_order order;
        const char *expected, *back;
    } rows[] = {
        {{STORE_BY_NAME, false}, "ab,cd,e,", "ed,cb,a,"},
        {{STORE_BY_NAME, true}, "ed,cb,a,", "ab,cd,e,"},
        {{STORE_BY_HARM, false}, "bc,da,e,", "ea,dc,b,"},
        {{STORE_BY_HARM, true}, "ae,dc,b,", "bc,de,a,"},
        {{STORE_BY_POSTURE, false}, "dc,ab,e,", "eb,ac,d,"},
        {{STORE_BY_POSTURE, true}, "ab,ec,d,", "dc,eb,a,"},
        {{STORE_BY_CERTIFICATE, false}, "ae,cb,d,", "db,ce,a,"},
        {{STORE_BY_CERTIFICATE, true}, "db,ce,a,", "ae,cb,d,"},
        {{STORE_BY_CHANGE, false}, "ae,cb,d,", "db,ce,a,"},
        {{STORE_BY_CHANGE, true}, "db,ce,a,", "ae,cb,d,"},
        {{STORE_BY_FAILURES, false}, "ca,eb,d,", "db,ea,c,"},
        {{STORE_BY_FAILURES, true}, "bd,ae,c,", "ce,ad,b,"},
    };
    struct fixture f = begin();

    (void)state;
    tag_all(&f, "every");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store_list_request request = {
            .filter = seen_by(&f), .order = rows[i].order, .limit = 2};

        assert_string_equal(all_pages(&f, request), rows[i].expected);
        request.backwards = true;
        assert_string_equal(all_pages(&f, request), rows[i].back);
        request.filter.tag = "every"; /* and so where they are counted along with a page */
        request.counted = true;
        f.total = 0;
        assert_string_equal(all_pages(&f, request), rows[i].back);
        assert_int_equal(f.total, 5);
        request.backwards = false;
        assert_string_equal(all_pages(&f, request), rows[i].expected);
    }
    talloc_free(f.ctx);
}

static bool tell_whole(void *arg, const struct store_listed_domain *d)
{
    struct fixture *f = arg;

    f->text =
        talloc_asprintf_append(f->text, "%s %s %lld %lld [%s] %lld %s %s %s;", d->place.name,
                               d->group_name, (long long)d->added, (long long)d->proven, d->tags,
                               (long long)d->checked, d->verdict ? d->verdict : "-",
                               d->posture ? d->posture : "-", d->delivery ? d->delivery : "-");
    return true;
}

void a_listed_domain_is_whole(void **state)
{
    struct fixture f = begin();
    struct store_list_request request = {.filter = seen_by(&f), .limit = 10};

    (void)state;
    assert_int_equal(store_list_domains(f.store, &request, tell_whole, &f), STS_OK);
    assert_string_equal(f.text, "a.example one 30 31 [blue] 200 ok enforce protected;"
                                "b.example one 30 31 [blue \303\274ber] 150 critical enforce "
                                "protected;"
                                "c.example one 30 31 [] 160 warning testing protected;"
                                "d.example one 30 31 [] 0 - - -;"
                                "e.example two 40 41 [] 170 ok enforce protected;");
    request.limit = 0;
    assert_int_equal(store_list_domains(f.store, &request, tell_whole, &f), STS_E_INVALID);
    request.limit = STORE_LIST_PAGE_MAX + 1;
    assert_int_equal(store_list_domains(f.store, &request, tell_whole, &f), STS_E_INVALID);
    request.limit = 10;
    request.order.sort = STORE_SORTS;
    assert_int_equal(store_list_domains(f.store, &request, tell_whole, &f), STS_E_INVALID);
    talloc_free(f.ctx);
}

static bool tell_rest(void *arg, const struct store_listed_domain *d)
{
    struct fixture *f = arg;

    (void)tell_whole(f, d);
    f->text = talloc_asprintf_append(
        f->text, " %lld %s %s %s %lld %lld %lld %lld %s %lld;", (long long)d->group,
        d->code ? d->code : "-", d->subject ? d->subject : "-", d->codes ? d->codes : "-",
        (long long)d->since, (long long)d->changed_at, (long long)d->cert_ends,
        (long long)d->failed, d->mode ? d->mode : "-", (long long)d->max_age);
    return true;
}

static const char *told_rest(struct fixture *f, const struct store_list_request *request)
{
    f->text = talloc_strdup(f->ctx, "");
    assert_int_equal(store_list_domains(f->store, request, tell_rest, f), STS_OK);
    return f->text;
}

/* By its name a domain is as in the list of all, which is read in another way; others' is none. */
void one_is_as_in_the_list(void **state)
{
    static const char *const names[] = {"a.example", "b.example", "c.example", "d.example",
                                        "e.example"};
    struct fixture f = begin();
    struct store_list_request request = {.filter = seen_by(&f), .limit = 10};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *listed;

        request.filter.name = request.filter.text = names[i];
        listed = told_rest(&f, &request);
        assert_int_equal(strncmp(listed, names[i], strlen(names[i])), 0);
        request.filter.text = NULL;
        assert_string_equal(told_rest(&f, &request), listed);
    }
    request.filter.sight.group = f.one;
    assert_string_equal(told_rest(&f, &request), ""); /* the last is of the other group */
    talloc_free(f.ctx);
}

static bool tell_count(void *arg, int64_t group, int64_t domains)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %lld;", group == f->one ? "one" : "two",
                                     (long long)domains);
    return true;
}

static bool tell_tag(void *arg, const char *tag, int64_t domains)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %lld;", tag, (long long)domains);
    return true;
}

static const char *counts(struct fixture *f, const struct store_list_filter *filter)
{
    f->text = talloc_strdup(f->ctx, "");
    assert_int_equal(store_count_list(f->store, filter, tell_count, f), STS_OK);
    return f->text;
}

static const char *tags(struct fixture *f)
{
    struct store_list_filter filter = seen_by(f);

    f->text = talloc_strdup(f->ctx, "");
    assert_int_equal(store_tags(f->store, &filter.sight, 10, tell_tag, f), STS_OK);
    return f->text;
}

void all_that_a_filter_matches_is_changed(void **state)
{
    struct fixture f = begin();
    struct store_list_filter filter = seen_by(&f);

    (void)state;
    assert_string_equal(counts(&f, &filter), "one 4;two 1;");
    assert_string_equal(tags(&f), "blue 2;\303\274ber 1;");
    filter.verdict = "ok";
    assert_int_equal(store_tag_listed(f.store, &filter, "fine"), STS_OK);
    assert_int_equal(store_tag_listed(f.store, &filter, "fine"), STS_OK);
    assert_int_equal(store_tag_listed(f.store, &filter, ""), STS_E_INVALID);
    assert_string_equal(tags(&f), "blue 2;fine 2;\303\274ber 1;");
    filter.sight.least = STORE_ROLE_EDITOR; /* so it is e alone */
    assert_int_equal(store_untag_listed(f.store, &filter, "fine"), STS_OK);
    assert_string_equal(tags(&f), "blue 2;fine 1;\303\274ber 1;");
    filter = seen_by(&f);
    filter.tag = "blue";
    assert_int_equal(store_take_listed(f.store, &filter), STS_OK);
    assert_string_equal(tags(&f), "");
    filter.tag = NULL;
    assert_string_equal(counts(&f, &filter), "one 2;two 1;");
    talloc_free(f.ctx);
}

void a_domain_has_so_many_tags(void **state)
{
    struct fixture f = begin();
    struct store_list_filter filter = seen_by(&f);

    (void)state;
    for (int i = 0; i < STORE_TAGS_MAX + 5; i++) {
        char tag[8];

        (void)snprintf(tag, sizeof tag, "t%d", i);
        assert_int_equal(store_tag_listed(f.store, &filter, tag), STS_OK);
        assert_int_equal(
            store_tag_domains(f.store, f.one, &(struct store_pair){"a.example", tag}, 1), STS_OK);
    }
    filter.text = "a.ex";
    filter.tag = "t18";
    assert_string_equal(counts(&f, &filter), "one 1;");
    filter.tag = "t19"; /* blue is one of the twenty */
    assert_string_equal(counts(&f, &filter), "");
    talloc_free(f.ctx);
}

static bool tell_whose(void *arg, const char *domain, int64_t group, bool claimed)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %s%s;", domain, claimed ? "claimed " : "",
                                     group == f->one   ? "one"
                                     : group == f->two ? "two"
                                     : group           ? "other"
                                                       : "-");
    return true;
}

void many_domains_are_whose_they_are(void **state)
{
    static const struct store_pair asked[] = {
        {"b.example", NULL}, {"e.example", "p"}, {"x.example", NULL}, {"no.example", NULL}};
    struct fixture f = begin();
    struct store_pair *many = talloc_array(f.ctx, struct store_pair, 2500);
    struct store_list_filter filter = {.sight = {.all = true}, .text = "many"};

    (void)state;
    assert_int_equal(store_whose(f.store, f.one, asked, 4, tell_whose, &f), STS_OK);
    assert_string_equal(f.text, "b.example one;e.example two;x.example other;no.example -;");
    assert_int_equal(store_give_domains(f.store, f.one, asked + 1, 1, 60, 0), STS_OK);
    f.text = talloc_strdup(f.ctx, "");
    assert_int_equal(store_whose(f.store, f.one, asked + 1, 1, tell_whose, &f), STS_OK);
    assert_int_equal(store_whose(f.store, f.two, asked + 1, 1, tell_whose, &f), STS_OK);
    assert_string_equal(f.text, "e.example claimed two;e.example two;");
    assert_int_equal(count_claims(&f), 1);
    for (int i = 0; i < 2500; i++)
        many[i] = (struct store_pair){talloc_asprintf(many, "many%d.example", i), "p"};
    assert_int_equal(store_give_domains(f.store, f.one, many, 2500, 60, 0), STS_OK);
    assert_string_equal(counts(&f, &filter), ""); /* claims */
    assert_int_equal(count_claims(&f), 2501);
    assert_int_equal(store_give_domains(f.store, f.one, many, 2500, 61, 62), STS_OK);
    assert_int_equal(count_claims(&f), 1);
    assert_int_equal(store_give_domains(f.store, f.one, many, 2500, 63, 0), STS_OK);
    assert_int_equal(count_claims(&f), 1);
    assert_string_equal(counts(&f, &filter), "one 2500;");
    talloc_free(f.ctx);
}
