/* SPDX-License-Identifier: MIT */
/* audit_text.c - a table of the days with causes below each, and the domains that differ. */
#include "render/audit_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "store/rollups.h"

#define DOMAINS_SHOWN 20
#define NAME_SHOWN    255

static void say(char **text, char *more)
{
    if (*text && more)
        *text = talloc_strdup_append_buffer(*text, more);
    talloc_free(more);
}

static void name_day(int64_t day, char text[CLOCK_TEXT_SIZE])
{
    clock_format(day * STORE_DAY_S, text);
    text[strlen("2026-11-30")] = '\0';
}

static void say_cause(char **text, const char *cause, int64_t count)
{
    if (count > 0) {
        say(text, talloc_asprintf(NULL, "  %" PRId64 "  %s\n", count, cause));
    }
}

static void say_causes(char **text, const struct audit_day *day)
{
    int64_t missing = audit_missing(day);

    say_cause(text,
              _("not sent, queue of the socket full: raise net.unix.max_dgram_qlen (sysctl), and "
                "restart the socket"),
              day->full);
    say_cause(text, _("not sent, no collector at the socket of smtp_tlsrpt_socket_name"),
              day->absent);
    say_cause(text, _("not sent, Postfix may not write to the socket"), day->denied);
    say_cause(text, _("not sent, for another reason; the log says which"), day->failed);
    say_cause(text,
              _("sent and not received: the collector was killed before it stored them, or stores "
                "elsewhere"),
              missing);
    say_cause(text,
              _("received from elsewhere: mtasts event, policyd, or servers without a log here"),
              -missing);
    say_cause(text, _("rejected, no valid event"), day->malformed);
    say_cause(text, _("rejected, too long"), day->truncated);
    say_cause(text, _("lost, no room in memory or too many policies of a domain"), day->lost);
}

static const char *const report_causes[STORE_REPORTED_STATES] = {
    [STORE_REPORTED_UNPLANNED] =
        N_("counted, but no report was made: run mtasts send-reports every five minutes with this "
           "store; it reports the last 3 days"),
    [STORE_REPORTED_WAITING] =
        N_("not reported yet, to at least one destination: mtasts send-reports pending shows the "
           "next attempt"),
    [STORE_REPORTED_FAILED] =
        N_("report refused by its receiver: mtasts send-reports pending shows the answer"),
    [STORE_REPORTED_EXPIRED] =
        N_("report not delivered within 24 hours: mtasts send-reports pending shows the last "
           "answer"),
    [STORE_REPORTED_SUPPRESSED] =
        N_("not reported, the destination has failed for two weeks and is tried once a week"),
    [STORE_REPORTED_WITHHELD] = N_("not reported, these sessions only carried reports from here"),
    [STORE_REPORTED_UNUSABLE] =
        N_("not reported, the TLSRPT record has no destination that can be used"),
};

static void say_reports(char **text, const struct audit_day *day, int64_t now)
{
    for (size_t i = 0; i < STORE_REPORTED_STATES; i++) {
        bool early = i == STORE_REPORTED_UNPLANNED && !audit_is_due(day, now);

        if (report_causes[i])
            say_cause(text,
                      early ? _("not reported yet: reports are made when the day (UTC) is over")
                            : _(report_causes[i]),
                      day->reports[i]);
    }
    say_cause(text,
              _("reported in part: the report had been sent when a collector stored more of that "
                "day"),
              day->late);
}

static void say_days(char **text, struct audit *audit, int64_t now)
{
    size_t count;
    const struct audit_day *days = audit_days(audit, &count);

    say(text, talloc_asprintf(NULL, "%-10s %12s %12s %12s %12s\n", _("Day"), _("In the log"),
                              _("Received"), _("Counted"), _("In reports")));
    for (size_t i = 0; i < count; i++) {
        char day[CLOCK_TEXT_SIZE];

        name_day(days[i].day, day);
        say(text,
            talloc_asprintf(NULL, "%-10s %12" PRId64 " %12" PRId64 " %12" PRId64 " %12" PRId64 "\n",
                            day, days[i].reported, days[i].received, days[i].counted,
                            days[i].reports[STORE_REPORTED_SENT]));
        say_causes(text, &days[i]);
        say_reports(text, &days[i], now);
    }
}

static void say_domains(char **text, struct audit *audit)
{
    size_t count;
    const struct audit_domain *domains = audit_domains(audit, DOMAINS_SHOWN, &count);

    for (size_t i = 0; domains && i < count; i++) {
        char day[CLOCK_TEXT_SIZE];
        char *name = text_printable(NULL, domains[i].name, strlen(domains[i].name), NAME_SHOWN);

        if (!i)
            say(text, talloc_asprintf(NULL, "\n%s\n", _("Domains that differ")));
        name_day(domains[i].day, day);
        say(text, talloc_asprintf(NULL, "%-10s %12" PRId64 " %12s %12" PRId64 "  %s\n", day,
                                  domains[i].reported, "", domains[i].counted, name ? name : ""));
        talloc_free(name);
    }
}

char *audit_text(TALLOC_CTX *ctx, struct audit *audit, int64_t now)
{
    char *text = talloc_strdup(ctx, "");

    say_days(&text, audit, now);
    say_domains(&text, audit);
    return text;
}
