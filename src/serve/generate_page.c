/* SPDX-License-Identifier: MIT */
/* generate_page.c - /tools/generate: a domain is checked, then its policy is shown.
 *
 * POST begins a check like that of the first page and leads to its result; the wishes are in the
 * address there, so that changing them checks nothing again. */
#include <string.h>

#include "app/publish.h"
#include "app/typed_list.h"
#include "base/ascii.h"
#include "event/loop.h"
#include "pages/generate.h"
#include "serve/access.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"
#include "serve/service.h"
#include "serve/tools.h"

struct wishes {
    enum sts_mode mode;
    const char *age; /* one of ages[] */
    const char *rua; /* as it was typed */
    bool anyway;
};

static const struct {
    const char *value, *label;
} ages[] = {
    {"86400", N_("1 day, to start with")},
    {"604800", N_("1 week")},
    {"1209600", N_("2 weeks")},
    {"2592000", N_("30 days, once enforce has proved reliable")},
};
#define AGES (sizeof(ages) / sizeof(ages[0]))

static const struct {
    enum sts_mode mode;
    const char *label;
} modes[] = {
    {STS_MODE_TESTING, N_("testing: senders report failures but still deliver")},
    {STS_MODE_ENFORCE, N_("enforce: senders refuse to deliver without valid TLS")},
    {STS_MODE_NONE, N_("none: ends the protection")},
};
#define MODES (sizeof(modes) / sizeof(modes[0]))

/* ---- wishes ---------------------------------------------------------------------------------- */

typedef const char *(*field_fn)(const struct exchange *exchange, const char *name);

/* What is none of the choices is the first. */
static struct wishes wishes_of(const struct exchange *exchange, field_fn field)
{
    const char *mode = field(exchange, "mode"), *age = field(exchange, "max_age");
    const char *rua = field(exchange, "rua"), *anyway = field(exchange, "anyway");
    struct wishes wishes = {STS_MODE_TESTING, ages[0].value, rua ? rua : "", anyway && *anyway};

    for (size_t i = 0; i < MODES; i++)
        if (mode && !strcmp(mode, sts_mode_name(modes[i].mode)))
            wishes.mode = modes[i].mode;
    for (size_t i = 0; i < AGES; i++)
        if (age && !strcmp(age, ages[i].value))
            wishes.age = ages[i].value;
    return wishes;
}

static struct generate_page page_of(struct exchange *exchange, const struct wishes *wishes)
{
    struct generate_page page = {
        .frame = page_frame(exchange, _("Generate a policy"), FRAME_TEXTS),
        .rua = wishes->rua,
        .mode = sts_mode_name(wishes->mode),
        .age = wishes->age,
        .anyway = wishes->anyway,
        .enforce = wishes->mode == STS_MODE_ENFORCE,
        .no_mode = wishes->mode == STS_MODE_NONE,
        .modes = talloc_array(exchange, struct generate_choice, MODES),
        .ages = talloc_array(exchange, struct generate_choice, AGES),
    };

    for (size_t i = 0; page.modes && i < MODES; i++)
        page.modes[page.mode_count++] = (struct generate_choice){
            sts_mode_name(modes[i].mode), _(modes[i].label), modes[i].mode == wishes->mode};
    for (size_t i = 0; page.ages && i < AGES; i++)
        page.ages[page.age_count++] = (struct generate_choice){ages[i].value, _(ages[i].label),
                                                               !strcmp(ages[i].value, wishes->age)};
    return page;
}

/* ---- the form -------------------------------------------------------------------------------- */

static void show_form(struct exchange *exchange, const struct wishes *wishes, const char *domain,
                      const char *error)
{
    struct generate_page page = page_of(exchange, wishes);
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    page.domain = domain;
    page.error = error;
    page_generate(html, &page);
    page_answer(exchange, error ? 422 : 200, html);
}

void page_tools_generate(struct exchange *exchange)
{
    const struct wishes wishes = wishes_of(exchange, exchange_query);

    show_form(exchange, &wishes, exchange_query(exchange, "domain"), NULL);
}

void page_tools_generate_form(struct exchange *exchange)
{
    const struct wishes wishes = wishes_of(exchange, exchange_form);
    const char *text = exchange_form(exchange, "domain");
    const struct check_run *run;
    char name[STS_NAME_SIZE];
    const char *wrong = check_service_name(exchange, text ? text : "", name);
    char *path;

    if (wrong) {
        show_form(exchange, &wishes, text, wrong);
        return;
    }
    if (!check_service_ask(exchange, text, &run))
        return;
    path =
        talloc_asprintf(exchange, "tools/generate/%s?mode=%s&max_age=%s&rua=%s", run->id,
                        sts_mode_name(wishes.mode), wishes.age, page_encoded(exchange, wishes.rua));
    exchange_redirect(exchange, path ? path : "");
}

/* ---- the result ------------------------------------------------------------------------------ */

static void add_doubts(struct exchange *exchange, struct generate_page *page,
                       const struct publishing *published)
{
    page->doubts =
        talloc_array(exchange, struct generate_doubt, (unsigned)published->doubt_count + 1);
    for (size_t i = 0; page->doubts && i < published->doubt_count; i++) {
        const struct publish_doubt *doubt = &published->doubts[i];
        const char *why = doubt->title ? _(doubt->title) : _("a sender could not deliver to it");

        if (doubt->unknown && !doubt->title)
            why = _("could not be checked from here");
        page->doubts[page->doubt_count++] = (struct generate_doubt){doubt->host, why};
    }
}

static enum sts_status publish_for(struct exchange *exchange, const struct wishes *wishes,
                                   const struct diagnosis *diagnosis, struct publishing *ret)
{
    struct publish_request request = {.diagnosis = diagnosis,
                                      .mode = wishes->mode,
                                      .max_age = strtoll(wishes->age, NULL, 10),
                                      .anyway = wishes->anyway};
    const char **rua;

    *ret = (struct publishing){.usable = false};
    if (typed_list(exchange, wishes->rua, &rua, &request.rua_count) != STS_OK) {
        ret->wrong_rua = wishes->rua;
        return STS_OK;
    }
    request.rua = rua;
    return publish(exchange, &request, ret);
}

static void add_result(struct exchange *exchange, struct generate_page *page,
                       const struct wishes *wishes, const struct check_run *run)
{
    struct publishing published;

    page->cancelled = run->state == CHECK_CANCELLED || !run->diagnosis;
    if (page->cancelled)
        return;
    if (publish_for(exchange, wishes, run->diagnosis, &published) != STS_OK) {
        page->error = _("The service is out of memory. Try again later.");
        return;
    }
    if (published.wrong_rua) {
        page->error = talloc_asprintf(
            exchange, _("\"%s\" is neither an email address nor a mailto: or https: URI."),
            published.wrong_rua);
        return;
    }
    page->asks = published.asks;
    add_doubts(exchange, page, &published);
    page->advisory = advisory_page_of(exchange, published.advisory);
    for (size_t i = 0; i < page->advisory.file_count && i < 2; i++)
        page->advisory.files[i].open = true; /* the policy and the records */
    page->shown = true;
}

static struct generate_page result_of(struct exchange *exchange, const struct check_run *run)
{
    const struct wishes wishes = wishes_of(exchange, exchange_query);
    struct generate_page page = page_of(exchange, &wishes);

    page.frame.hidden = true;
    page.id = run->id;
    page.domain = run->domain;
    if (run->state >= CHECK_DONE)
        add_result(exchange, &page, &wishes, run);
    return page;
}

/* ---- while the check runs -------------------------------------------------------------------- */

struct generating {
    struct exchange *exchange;
    struct html *html;
    struct check_follower *follower;
    struct loop_timer *pulse;
};

static void flush(struct generating *generating)
{
    if (html_is_whole(generating->html))
        exchange_write(generating->exchange, html_content(generating->html));
    html_clear(generating->html);
}

static void on_changed(void *arg, const struct check_run *run)
{
    struct generating *generating = arg;
    enum i18n_language before;
    struct generate_page page;

    if (run->state < CHECK_DONE)
        return;
    before = check_service_speak(generating->exchange);
    page = result_of(generating->exchange, run);
    page_generate_result(generating->html, &page);
    page_layout_end(generating->html, &page.frame);
    flush(generating);
    i18n_use(before);
    exchange_end(generating->exchange);
}

/* So that nobody between us and the browser takes it for dead. */
static void on_pulse(void *arg)
{
    struct generating *generating = arg;
    struct loop *loop = exchange_service(generating->exchange)->loop;

    exchange_write(generating->exchange, bytes_of("\n"));
    loop_timer_again(generating->pulse, loop_now(loop) + LIMIT_PULSE_MS);
}

static bool follow(struct generating *generating, const struct check_run *run)
{
    struct service *service = exchange_service(generating->exchange);

    return check_follow(generating, service->checks->queue, run->id, on_changed, generating,
                        &generating->follower) == STS_OK &&
           loop_timer_start(generating, service->loop, loop_now(service->loop) + LIMIT_PULSE_MS,
                            on_pulse, generating, &generating->pulse) == STS_OK;
}

static void show_while_it_runs(struct exchange *exchange, const struct check_run *run)
{
    struct html *html = page_begin(exchange);
    struct generating *generating = html ? talloc_zero(exchange, struct generating) : NULL;
    struct generate_page page = result_of(exchange, run);

    if (!html)
        return;
    if (!generating) {
        check_service_absent(exchange);
        return;
    }
    *generating = (struct generating){.exchange = exchange, .html = html};
    exchange_field(exchange, "X-Accel-Buffering", "no");
    exchange_begin(exchange, 200, "text/html; charset=utf-8");
    page_layout_begin(html, &page.frame);
    page_generate_top(html, &page);
    page_generate_waiting(html, &page);
    flush(generating);
    if (exchange_request(exchange)->method == HTTP_HEAD || !follow(generating, run))
        exchange_end(exchange);
}

static void show_run(void *arg, const struct check_run *run)
{
    struct exchange *exchange = arg;
    struct generate_page page;
    struct html *html;

    if (!run) {
        check_service_absent(exchange);
        return;
    }
    exchange_field(exchange, "X-Robots-Tag", "noindex");
    exchange_field(exchange, "Cache-Control", "no-store");
    if (run->state < CHECK_DONE) {
        show_while_it_runs(exchange, run);
        return;
    }
    html = page_begin(exchange);
    if (!html)
        return;
    page = result_of(exchange, run);
    page_generate(html, &page);
    page_answer(exchange, page.error ? 422 : 200, html);
}

void page_tools_generate_result(struct exchange *exchange)
{
    const struct check_link link = {exchange_place(exchange, "id"), NULL};

    check_service_find(exchange, &link, show_run, exchange);
}

/* ---- a file ---------------------------------------------------------------------------------- */

static void send_file(struct exchange *exchange, const struct advisory_file *file)
{
    const char *name = strrchr(file->name, '/') ? strrchr(file->name, '/') + 1 : file->name;
    char *field = talloc_asprintf(exchange, "attachment; filename=\"%s\"", name);

    exchange_field(exchange, "Content-Disposition", field ? field : "attachment");
    exchange_field(exchange, "Cache-Control", "no-store");
    exchange_answer(exchange, 200, "text/plain; charset=utf-8", bytes_of(file->content));
}

static void answer_file(void *arg, const struct check_run *run)
{
    struct exchange *exchange = arg;
    const char *wanted = exchange_query(exchange, "file");
    struct generate_page page = {.shown = false};

    if (run && run->state == CHECK_DONE)
        page = result_of(exchange, run);
    for (size_t i = 0; wanted && page.shown && i < page.advisory.file_count; i++)
        if (!strcmp(page.advisory.files[i].name, wanted)) {
            send_file(exchange, &page.advisory.files[i]);
            return;
        }
    access_not_there(exchange);
}

void page_tools_generate_file(struct exchange *exchange)
{
    const struct check_link link = {exchange_place(exchange, "id"), NULL};

    check_service_find(exchange, &link, answer_file, exchange);
}
