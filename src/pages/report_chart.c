/* SPDX-License-Identifier: MIT */
/* report_chart.c - the drawing of what gathered reports count. */
#include "pages/report_chart.h"

#include <string.h>

#include "base/clock.h"

#define DAY       86400
#define WEEK_DAYS 7
#define DATE      (sizeof("2026-11-30") - 1)

/* The midnight that a name begins with: "2026-11-01", or a type behind it. */
static bool day_of(const char *name, int64_t *ret)
{
    char text[sizeof("2026-11-30T00:00:00Z")] = "";

    if (strlen(name) < DATE)
        return false;
    memcpy(text, name, DATE);
    memcpy(text + DATE, "T00:00:00Z", sizeof("T00:00:00Z"));
    return clock_parse(text, ret);
}

struct day_range {
    int64_t first, last;
};

/* False: no report is of a day. */
static bool range_of(const struct names *days, struct day_range *ret)
{
    bool known = false;
    int64_t day;

    for (size_t i = 0; i < days->count; i++) {
        const struct tally_count *count = names_at(days, i);

        if (!day_of(count->name, &day))
            continue;
        if (!known || day < ret->first)
            ret->first = day;
        if (!known || day > ret->last)
            ret->last = day;
        known = true;
    }
    return known;
}

/* How long a span is, and from when on as many as may be drawn reach the last day. */
static size_t lay_out(struct day_range *range, int64_t *ret_seconds)
{
    int64_t days = (range->last - range->first) / DAY + 1;
    int64_t seconds = days > REPORT_CHART_DAYS ? WEEK_DAYS * DAY : DAY;
    int64_t spans = (range->last - range->first) / seconds + 1;

    if (spans > CHART_SPANS_MAX) {
        range->first += (spans - CHART_SPANS_MAX) * seconds;
        spans = CHART_SPANS_MAX;
    }
    *ret_seconds = seconds;
    return (size_t)spans;
}

struct span_list {
    struct chart_span *spans;
    int64_t first, seconds;
};

/* Where the counts of that name belong; NULL: nowhere. */
static struct chart_span *span_of(const struct span_list *list, const char *name)
{
    int64_t day;

    if (!day_of(name, &day) || day < list->first)
        return NULL;
    return &list->spans[(day - list->first) / list->seconds];
}

static void add(int64_t *sum, int64_t more)
{
    *sum = more > INT64_MAX - *sum ? INT64_MAX : *sum + more;
}

static void fill(const struct span_list *list, const struct tally *tally)
{
    for (size_t i = 0; i < tally->days.count; i++) {
        const struct tally_count *count = names_at(&tally->days, i);
        struct chart_span *span = span_of(list, count->name);

        if (!span)
            continue;
        span->reported = true;
        add(&span->successful, count->successful);
    }
    for (size_t i = 0; i < tally->day_types.count; i++) {
        const struct tally_count *count = names_at(&tally->day_types, i);
        struct chart_span *span = span_of(list, count->name);

        if (span)
            add(&span->failed[chart_family_of(count->name + DATE + 1)], count->failed);
    }
}

enum sts_status report_chart(TALLOC_CTX *ctx, const struct tally *tally, struct chart *ret)
{
    struct day_range range = {0};
    struct span_list list;
    size_t count;

    *ret = (struct chart){.id = ""};
    if (!range_of(&tally->days, &range))
        return STS_OK;
    count = lay_out(&range, &list.seconds);
    list.first = range.first;
    list.spans = talloc_zero_array(ctx, struct chart_span, count);
    if (!list.spans)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        list.spans[i].begins = list.first + (int64_t)i * list.seconds;
    fill(&list, tally);
    ret->spans = list.spans;
    ret->span_count = count;
    ret->span_seconds = list.seconds;
    return STS_OK;
}
