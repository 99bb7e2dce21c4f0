/* SPDX-License-Identifier: MIT */
/* chart.c - sessions day by day as a drawing (SVG).
 *
 * All lengths are whole tenths of a unit of the drawing, so that no floating point is written,
 * which a locale could write with a comma. */
#include "pages/chart.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"

#define STEP        110 /* from one span to the next */
#define BAR         90
#define LEFT        560 /* room for the numbers of the scale */
#define RIGHT       80
#define LEAST       15 /* of a bar, so that one failure shows */
#define SPANS_LEAST 30
#define WEEKLY      7 /* every so many spans a date is written */

#define GOOD_TOP    260
#define GOOD_BOTTOM 1260
#define BAD_TOP     1560
#define BAD_BOTTOM  2360
#define DATE_LINE   2520
#define BAND_TOP    2620
#define BAND_HEIGHT 160
#define HEIGHT      2840

/* How a shape is painted, as attributes: the style sheet has the colours for light and dark. */
static const char *const family_paints[] = {
#define X(symbol, name, text) "fill=\"var(--" name ")\"",
    CHART_FAMILIES(X)
#undef X
};

#define PAINT_LINE    "fill=\"var(--line)\""
#define PAINT_AXIS    "fill=\"var(--faint)\""
#define PAINT_COLUMN  "fill=\"transparent\""
#define PAINT_GOOD    "fill=\"var(--sessions)\""
#define PAINT_OPEN    "fill=\"none\" stroke=\"var(--sessions)\" stroke-dasharray=\"2 1\""
#define PAINT_MARK    "fill=\"var(--text)\""
#define PAINT_NEW     "fill=\"var(--ground)\" stroke=\"var(--text)\""
#define PAINT_CAPTION "fill=\"var(--text)\" font-size=\"12\" font-weight=\"600\""
#define PAINT_DATE    "fill=\"var(--faint)\" font-size=\"11\""
#define PAINT_SCALE   "fill=\"var(--faint)\" font-size=\"11\" text-anchor=\"end\""
#define PAINT_MODE    "fill=\"var(--text)\" font-size=\"11\""

static const char *const names[] = {
#define X(symbol, name, text) text,
    CHART_FAMILIES(X)
#undef X
};

static const struct {
    const char *type;
    enum chart_family family;
} types[] = {
    {"starttls-not-supported", CHART_STARTTLS},
    {"certificate-expired", CHART_CERTIFICATE},
    {"certificate-host-mismatch", CHART_CERTIFICATE},
    {"certificate-not-trusted", CHART_CERTIFICATE},
    {"sts-policy-fetch-error", CHART_POLICY},
    {"sts-policy-invalid", CHART_POLICY},
    {"sts-webpki-invalid", CHART_POLICY},
    {"tlsa-invalid", CHART_DANE},
    {"dnssec-invalid", CHART_DANE},
    {"dane-required", CHART_DANE},
};

enum chart_family chart_family_of(const char *result_type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (!strcmp(types[i].type, result_type))
            return types[i].family;
    return CHART_OTHER;
}

const char *chart_family_name(enum chart_family family)
{
    return names[family];
}

/* ---- shapes ---------------------------------------------------------------------------------- */

static void number(struct html *html, int64_t value)
{
    html_put(html, HTML_ATTRIBUTE, html_of_number((long long)value));
}

static void word(struct html *html, const char *text)
{
    html_put(html, HTML_ATTRIBUTE, html_of_string(text));
}

/* ` name="12.3"` */
static void length_field(struct html *html, const char *name, int64_t tenths)
{
    HTML_LITERAL(html, " ");
    word(html, name);
    HTML_LITERAL(html, "=\"");
    number(html, tenths / 10);
    HTML_LITERAL(html, ".");
    number(html, tenths % 10);
    HTML_LITERAL(html, "\"");
}

struct box {
    int64_t x, y, width, height;
};

static void box_begin(struct html *html, const char *paint, struct box box)
{
    HTML_LITERAL(html, "<rect ");
    html_markup(html, paint, strlen(paint));
    length_field(html, "x", box.x);
    length_field(html, "y", box.y);
    length_field(html, "width", box.width);
    length_field(html, "height", box.height);
}

static void box_write(struct html *html, const char *paint, struct box box)
{
    box_begin(html, paint, box);
    HTML_LITERAL(html, "/>");
}

static void text_begin(struct html *html, const char *paint, int64_t x, int64_t y)
{
    HTML_LITERAL(html, "<text ");
    html_markup(html, paint, strlen(paint));
    length_field(html, "x", x);
    length_field(html, "y", y);
    HTML_LITERAL(html, ">");
}

static void text_write(struct html *html, const char *paint, int64_t x, int64_t y, const char *text)
{
    text_begin(html, paint, x, y);
    html_put(html, HTML_TEXT, html_of_string(text));
    HTML_LITERAL(html, "</text>");
}

static void hatched_write(struct html *html, const char *id, struct box box)
{
    box_begin(html, "", box);
    HTML_LITERAL(html, " fill=\"url(#");
    word(html, id);
    HTML_LITERAL(html, "-hatch)\"/>");
}

/* ---- scales ---------------------------------------------------------------------------------- */

int64_t chart_failed(const struct chart_span *span)
{
    int64_t sum = 0;

    for (size_t i = 0; i < CHART_FAMILY_COUNT; i++)
        sum = span->failed[i] > INT64_MAX - sum ? INT64_MAX : sum + span->failed[i];
    return sum;
}

static int64_t successful_of(const struct chart_span *span)
{
    return span->successful;
}

/* The next of 1, 2, 5, 10, 20, 50 ... */
static int64_t round_up(int64_t value)
{
    static const int64_t steps[] = {1, 2, 5};

    for (int64_t power = 1; power < INT64_MAX / 100; power *= 10)
        for (size_t i = 0; i < 3; i++)
            if (steps[i] * power >= value)
                return steps[i] * power;
    return INT64_MAX;
}

struct panel {
    int64_t top, bottom, most;
};

static struct panel panel_of(const struct chart *chart, int64_t top, int64_t bottom,
                             int64_t (*value)(const struct chart_span *span))
{
    int64_t most = 1;

    for (size_t i = 0; i < chart->span_count; i++)
        if (value(&chart->spans[i]) > most)
            most = value(&chart->spans[i]);
    return (struct panel){top, bottom, round_up(most)};
}

static int64_t height_of(const struct panel *panel, int64_t value)
{
    double share = (double)value / (double)panel->most;
    int64_t height = (int64_t)(share * (double)(panel->bottom - panel->top));

    return value > 0 && height < LEAST ? LEAST : height;
}

static int64_t end_of(const struct chart *chart)
{
    return LEFT + (int64_t)chart->span_count * STEP;
}

/* Wide enough for the captions. */
static int64_t right_of(const struct chart *chart)
{
    int64_t least = LEFT + SPANS_LEAST * STEP, end = end_of(chart);

    return end < least ? least : end;
}

static void panel_write(struct html *html, const struct chart *chart, const struct panel *panel,
                        const char *title)
{
    text_write(html, PAINT_CAPTION, LEFT, panel->top - 100, title);
    box_write(html, PAINT_LINE, (struct box){LEFT, panel->top, right_of(chart) - LEFT, 5});
    box_write(html, PAINT_AXIS, (struct box){LEFT, panel->bottom, right_of(chart) - LEFT, 10});
    text_begin(html, PAINT_SCALE, LEFT - 60, panel->top + 40);
    html_put(html, HTML_TEXT, html_of_number((long long)panel->most));
    HTML_LITERAL(html, "</text>");
    text_write(html, PAINT_SCALE, LEFT - 60, panel->bottom + 20, "0");
}

/* ---- spans ----------------------------------------------------------------------------------- */

static const char *date_of(int64_t at, char text[CLOCK_TEXT_SIZE])
{
    clock_format(at, text);
    text[strlen("2026-11-30")] = '\0';
    return text;
}

/* In words: what a pointer or a screen reader tells of it. */
static void span_title(struct html *html, const struct chart_span *span)
{
    char date[CLOCK_TEXT_SIZE];
    struct html_named values[] = {
        {"date", html_of_string(date_of(span->begins, date))},
        {"successful", html_of_number((long long)span->successful)},
        {"failed", html_of_number((long long)chart_failed(span))},
    };

    HTML_LITERAL(html, "<title>");
    if (!span->reported) {
        html_put_sentence(html, HTML_TEXT, _("{date}: no report"), values, 1);
    } else {
        html_put_sentence(html, HTML_TEXT, _("{date}: {successful} successful, {failed} failed"),
                          values, 3);
        for (size_t i = 0; i < CHART_FAMILY_COUNT; i++)
            if (span->failed[i]) {
                HTML_LITERAL(html, "; ");
                html_put(html, HTML_TEXT, html_of_string(_(names[i])));
                HTML_LITERAL(html, ": ");
                html_put(html, HTML_TEXT, html_of_number((long long)span->failed[i]));
            }
    }
    HTML_LITERAL(html, "</title>");
}

/* The kinds stand on each other; what a smallest bar takes too much is cut off at the top. */
static void span_failed(struct html *html, const struct chart_span *span, const struct panel *panel,
                        int64_t x)
{
    int64_t y = panel->bottom;

    for (size_t i = 0; i < CHART_FAMILY_COUNT; i++) {
        int64_t height = height_of(panel, span->failed[i]);

        if (!span->failed[i])
            continue;
        if (height > y - panel->top)
            height = y - panel->top;
        y -= height;
        box_write(html, family_paints[i], (struct box){x, y, BAR, height});
    }
}

static void span_silent(struct html *html, const char *id, const struct panel *panel, int64_t x)
{
    hatched_write(html, id, (struct box){x, panel->top, BAR, panel->bottom - panel->top});
}

static void span_bars(struct html *html, const struct chart_span *span, const struct panel *good,
                      const struct panel *bad, int64_t x)
{
    int64_t height = height_of(good, span->successful);

    box_write(html, span->incomplete ? PAINT_OPEN : PAINT_GOOD,
              (struct box){x, good->bottom - height, BAR, height});
    span_failed(html, span, bad, x);
}

static void span_write(struct html *html, const struct chart *chart, size_t index,
                       const struct panel *good, const struct panel *bad)
{
    const struct chart_span *span = &chart->spans[index];
    int64_t x = LEFT + (int64_t)index * STEP + (STEP - BAR) / 2;
    char date[CLOCK_TEXT_SIZE];

    if (span->link) {
        HTML_LITERAL(html, "<a href=\"");
        html_put_base(html);
        word(html, span->link);
        HTML_LITERAL(html, "\">");
    } else {
        HTML_LITERAL(html, "<g>");
    }
    span_title(html, span);
    /* all of the day's column answers to a pointer */
    box_write(html, PAINT_COLUMN, (struct box){x, good->top, BAR, bad->bottom - good->top});
    if (span->reported) {
        span_bars(html, span, good, bad, x);
    } else {
        span_silent(html, chart->id, good, x);
        span_silent(html, chart->id, bad, x);
    }
    html_markup(html, span->link ? "</a>" : "</g>", 4);
    if (index % WEEKLY == 0 && index + WEEKLY / 2 < chart->span_count)
        text_write(html, PAINT_DATE, x, DATE_LINE, date_of(span->begins, date) + strlen("2026-"));
}

/* ---- the band under the axis ----------------------------------------------------------------- */

/* Where a time lies on the axis, its ends at most. */
static int64_t place_of(const struct chart *chart, int64_t at)
{
    int64_t begin = chart->spans[0].begins;
    int64_t length = (int64_t)chart->span_count * chart->span_seconds;
    int64_t within = at < begin ? 0 : at - begin > length ? length : at - begin;

    return LEFT + (int64_t)((double)within / (double)length * (double)(end_of(chart) - LEFT));
}

static const char *mode_paint(const char *mode)
{
    if (!strcmp(mode, "enforce"))
        return "fill=\"var(--good)\" opacity=\".35\"";
    if (!strcmp(mode, "testing"))
        return "fill=\"var(--warn)\" opacity=\".35\"";
    return PAINT_LINE;
}

static void policy_write(struct html *html, const struct chart *chart,
                         const struct chart_policy *policy)
{
    int64_t from = place_of(chart, policy->from), until = place_of(chart, policy->until);
    struct html_named values[] = {{"mode", html_of_string(policy->mode)},
                                  {"id", html_of_string(policy->id)}};

    if (until <= from)
        return;
    HTML_LITERAL(html, "<g><title>");
    html_put_sentence(html, HTML_TEXT, _("Policy in mode {mode}, id {id}"), values, 2);
    HTML_LITERAL(html, "</title>");
    box_write(html, mode_paint(policy->mode),
              (struct box){from, BAND_TOP, until - from, BAND_HEIGHT});
    if (until - from > (int64_t)strlen(policy->mode) * 80)
        text_write(html, PAINT_MODE, from + 50, BAND_TOP + 115, policy->mode);
    HTML_LITERAL(html, "</g>");
}

/* A line through the band, or a small box on it. */
static void mark_shape(struct html *html, enum chart_mark_kind kind, int64_t x, int64_t top)
{
    if (kind == CHART_MARK_CERTIFICATE)
        box_write(html, PAINT_NEW, (struct box){x - 30, top + 110, 60, 60});
    else
        box_write(html, PAINT_MARK, (struct box){x - 10, top, 20, BAND_HEIGHT + 120});
}

static void mark_write(struct html *html, const struct chart *chart, const struct chart_mark *mark)
{
    char date[CLOCK_TEXT_SIZE];

    HTML_LITERAL(html, "<g><title>");
    html_put(html, HTML_TEXT, html_of_string(date_of(mark->at, date)));
    HTML_LITERAL(html, ": ");
    html_put(html, HTML_TEXT, html_of_string(mark->text));
    HTML_LITERAL(html, "</title>");
    mark_shape(html, mark->kind, place_of(chart, mark->at), BAND_TOP - 60);
    HTML_LITERAL(html, "</g>");
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void chart_begin(struct html *html, const struct chart *chart)
{
    HTML_LITERAL(html, "<svg class=\"chart");
    if (chart->span_count <= SPANS_LEAST)
        HTML_LITERAL(html, " few");
    HTML_LITERAL(html, "\" role=\"group\" viewBox=\"0 0 ");
    number(html, (right_of(chart) + RIGHT) / 10);
    HTML_LITERAL(html, " ");
    number(html, HEIGHT / 10);
    HTML_LITERAL(html, "\" aria-labelledby=\"");
    word(html, chart->id);
    HTML_LITERAL(html, "-title ");
    word(html, chart->id);
    HTML_LITERAL(html, "-about\"><title id=\"");
    word(html, chart->id);
    HTML_LITERAL(html, "-title\">");
    html_put(html, HTML_TEXT, html_of_string(chart->title));
    HTML_LITERAL(html, "</title><desc id=\"");
    word(html, chart->id);
    HTML_LITERAL(html, "-about\">");
    html_put(html, HTML_TEXT, html_of_string(chart->description));
    HTML_LITERAL(html, "</desc><defs><pattern id=\"");
    word(html, chart->id);
    HTML_LITERAL(html, "-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
                       "<path stroke=\"var(--faint)\" stroke-width=\".6\" opacity=\".6\" d=\"M0 "
                       "6L6 0\"/></pattern></defs>");
}

static void draw(struct html *html, struct chart chart)
{
    struct panel good, bad;

    if (chart.span_count > CHART_SPANS_MAX)
        chart.span_count = CHART_SPANS_MAX;
    good = panel_of(&chart, GOOD_TOP, GOOD_BOTTOM, successful_of);
    bad = panel_of(&chart, BAD_TOP, BAD_BOTTOM, chart_failed);
    chart_begin(html, &chart);
    panel_write(html, &chart, &good, _("Successful sessions"));
    panel_write(html, &chart, &bad, _("Failed sessions, on a scale of their own"));
    for (size_t i = 0; i < chart.span_count; i++)
        span_write(html, &chart, i, &good, &bad);
    for (size_t i = 0; i < chart.policy_count; i++)
        policy_write(html, &chart, &chart.policies[i]);
    for (size_t i = 0; i < chart.mark_count; i++)
        mark_write(html, &chart, &chart.marks[i]);
    HTML_LITERAL(html, "</svg>");
}

void chart_write(struct html *html, const struct chart *chart)
{
    if (chart->span_count)
        draw(html, *chart);
}

static int64_t family_total(const struct chart *chart, size_t family)
{
    int64_t sum = 0;

    for (size_t i = 0; i < chart->span_count; i++)
        sum = chart->spans[i].failed[family] > INT64_MAX - sum
                  ? INT64_MAX
                  : sum + chart->spans[i].failed[family];
    return sum;
}

static bool has_mark(const struct chart *chart, enum chart_mark_kind kind)
{
    for (size_t i = 0; i < chart->mark_count; i++)
        if (chart->marks[i].kind == kind)
            return true;
    return false;
}

static void legend_marks(struct html *html, const struct chart *chart)
{
    static const char *const texts[] = {
#define X(symbol, text) text,
        CHART_MARKS(X)
#undef X
    };

    for (int i = 0; i < CHART_MARK_KINDS; i++) {
        if (!has_mark(chart, (enum chart_mark_kind)i))
            continue;
        HTML_LITERAL(html, "<span><svg width=\"12\" height=\"28\" aria-hidden=\"true\">");
        mark_shape(html, (enum chart_mark_kind)i, 60, 0);
        HTML_LITERAL(html, "</svg> ");
        html_put(html, HTML_TEXT, html_of_string(_(texts[i])));
        HTML_LITERAL(html, "</span> &nbsp; ");
    }
}

void chart_legend(struct html *html, const struct chart *chart)
{
    for (size_t i = 0; i < CHART_FAMILY_COUNT; i++) {
        int64_t total = family_total(chart, i);

        if (!total)
            continue;
        HTML_LITERAL(html, "<span><svg width=\"12\" height=\"12\" aria-hidden=\"true\">");
        box_write(html, family_paints[i], (struct box){0, 0, 120, 120});
        HTML_LITERAL(html, "</svg> ");
        html_put(html, HTML_TEXT, html_of_string(_(names[i])));
        HTML_LITERAL(html, ": ");
        html_put(html, HTML_TEXT, html_of_number((long long)total));
        HTML_LITERAL(html, "</span> &nbsp; ");
    }
    legend_marks(html, chart);
}
