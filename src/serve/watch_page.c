/* SPDX-License-Identifier: MIT */
/* watch_page.c - how the service gets on with the domains of groups: a page, and metrics. */
#include "serve/watch_page.h"

#include "base/i18n.h"
#include "pages/watch.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"

/* ---- the page -------------------------------------------------------------------------------- */

static const char *interval_text(struct exchange *exchange, int64_t seconds)
{
    unsigned long minutes = (unsigned long)(seconds / 60), hours = minutes / 60;

    if (hours && minutes % 60 == 0)
        return talloc_asprintf(exchange, ngettext("%lu hour", "%lu hours", hours), hours);
    return talloc_asprintf(exchange, ngettext("%lu minute", "%lu minutes", minutes), minutes);
}

static void fill(struct exchange *exchange, const struct domain_watch_state *state,
                 struct watch_page *page)
{
    const struct store_schedule_numbers *numbers = &state->numbers;

    page->interval = interval_text(exchange, state->every);
    page->counted = state->counted;
    page->broken = state->broken;
    page->broken_since = state->broken_since;
    page->domains = numbers->domains;
    page->running = (int64_t)state->running;
    page->waiting = numbers->at_once + numbers->due + (int64_t)state->claimed;
    page->late = numbers->late;
    page->unseen = numbers->unseen;
    page->oldest = numbers->oldest;
    page->next = numbers->next;
    page->hour = (int64_t)state->looks_of_hour;
    page->blind = (int64_t)state->blind;
    page->lost = (int64_t)state->lost;
    watch_page_verdicts(exchange, state->verdicts, page);
    page->place_at = state->place ? state->place_at : 0;
    if (state->place)
        watch_page_places(exchange, state->place, page);
}

void watch_page_answer(struct exchange *exchange)
{
    const struct service *service = exchange_service(exchange);
    const struct domain_watch_state state = domain_watch_state(service->watch);
    struct watch_page page = {.frame = page_frame(exchange, _("Scheduled checks"), FRAME_ADMIN),
                              .on = state.on};
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    fill(exchange, &state, &page);
    page_watch(html, &page);
    page_answer(exchange, 200, html);
}

/* ---- metrics --------------------------------------------------------------------------------- */

static char *head(char *text, const char *name, const char *type, const char *help)
{
    return text ? talloc_asprintf_append_buffer(text, "# HELP %s %s\n# TYPE %s %s\n", name, help,
                                                name, type)
                : NULL;
}

static char *put(char *text, const char *name, const char *labels, double value)
{
    return text ? talloc_asprintf_append_buffer(text, "%s%s %.15g\n", name, labels, value) : NULL;
}

static char *put_one(char *text, const char *name, const char *help, double value)
{
    return put(head(text, name, "gauge", help), name, "", value);
}

static char *put_times(char *text, const struct check_queue_numbers *numbers)
{
    uint64_t sum = 0;
    char labels[64];

    text = head(text, "mtasts_check_seconds", "histogram", "How long checks of domains took.");
    for (size_t i = 0; i < CHECK_CLASSES; i++) {
        sum += numbers->classes[i];
        if (i < CHECK_CLASSES - 1)
            snprintf(labels, sizeof labels, "{le=\"%g\"}", check_class_seconds[i]);
        else
            snprintf(labels, sizeof labels, "{le=\"+Inf\"}");
        text = put(text, "mtasts_check_seconds_bucket", labels, (double)sum);
    }
    text = put(text, "mtasts_check_seconds_sum", "", (double)numbers->took_ms / 1000);
    return put(text, "mtasts_check_seconds_count", "", (double)sum);
}

static char *put_verdicts(char *text, const struct domain_watch_state *state)
{
    char labels[64];

    text = head(text, "mtasts_domains", "gauge", "Domains of groups, by their last verdict.");
    for (size_t i = 0; i < DOMAIN_WATCH_VERDICTS; i++) {
        snprintf(labels, sizeof labels, "{verdict=\"%s\"}", domain_watch_verdict(i));
        text = put(text, "mtasts_domains", labels, (double)state->verdicts[i]);
    }
    return text;
}

static char *put_schedule(char *text, const struct domain_watch_state *state)
{
    const struct store_schedule_numbers *numbers = &state->numbers;

    text = put_one(text, "mtasts_domains_due", "Domains whose check is due.",
                   (double)(numbers->at_once + numbers->due));
    text = put_one(text, "mtasts_domains_late", "Domains whose check is overdue by 15 minutes.",
                   (double)numbers->late);
    return put_one(text, "mtasts_domains_unseen", "Domains that were never checked.",
                   (double)numbers->unseen);
}

char *watch_page_metrics(char *text, const struct service *service)
{
    const struct check_queue_numbers numbers = check_queue_numbers(service->checks->queue);
    const struct domain_watch_state state = domain_watch_state(service->watch);

    text = put_times(text, &numbers);
    text = put_one(text, "mtasts_checks_waiting", "Checks that visitors wait for.",
                   (double)numbers.waiting);
    text = put_one(text, "mtasts_checks_running", "Checks under way.",
                   (double)(numbers.running + numbers.aside));
    if (state.counted)
        text = put_schedule(put_verdicts(text, &state), &state);
    text = head(text, "mtasts_watch_checks_total", "counter",
                "Checks of domains of groups, by what became of them.");
    text = put(text, "mtasts_watch_checks_total", "{result=\"stored\"}", (double)state.looks);
    text = put(text, "mtasts_watch_checks_total", "{result=\"not_possible\"}", (double)state.blind);
    text = put(text, "mtasts_watch_checks_total", "{result=\"not_stored\"}", (double)state.lost);
    return put_one(text, "mtasts_watch_paused",
                   "1 while the network of this machine does not work; else 0.",
                   state.broken ? 1 : 0);
}
