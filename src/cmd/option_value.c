/* SPDX-License-Identifier: MIT */
/* option_value.c - the values of options, whether of the command line or of a file. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/range.h"
#include "cmd/console.h"
#include "cmd/lang.h"
#include "cmd/option_row.h"
#include "cmd/suggest.h"
#include "net/proxy.h"
#include "net/resolv_conf.h"

static int wrong_value(const char *shown, const char *value, const char *wanted)
{
    return console_usage("%s %s: %s", shown, value, wanted);
}

static int set_number(const struct option *option, const char *shown, const char *value,
                      int64_t *ret)
{
    size_t length = strlen(value);
    long long number = length && length < 10 && strspn(value, "0123456789") == length
                           ? strtoll(value, NULL, 10)
                           : -1;

    if (number < option->least || number > option->most)
        return console_usage(_("%s %s: expected an integer from %lld to %lld"), shown, value,
                             (long long)option->least, (long long)option->most);
    *ret = number;
    return 0;
}

/* A whole number and one of s, m, h, d; seconds without. */
static int set_duration(const struct option *option, const char *shown, const char *value,
                        int64_t *ret)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'\0', 1}, {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    size_t digits = strspn(value, "0123456789");
    int64_t number = digits && digits < 10 ? strtoll(value, NULL, 10) : -1;

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        bool fits = value[digits] == units[i].unit && (!units[i].unit || !value[digits + 1]);

        if (!fits || number * units[i].seconds < option->least ||
            number * units[i].seconds > option->most)
            continue;
        *ret = number * units[i].seconds;
        return 0;
    }
    return wrong_value(shown, value,
                       _("expected a duration such as 90m, 6h or 1d, at most 30 days"));
}

static int not_among(const struct option *option, const char *shown, const char *value)
{
    char *wrong = talloc_asprintf(NULL, _("%s %s: expected one of %.*s"), shown, value,
                                  (int)strlen(option->choices) - 2, option->choices + 1);
    struct suggestion near = suggest_begin(value);
    int status;

    suggest_offer_words(&near, option->choices);
    status = suggest_usage(&near, "", wrong ? wrong : shown, NULL);
    talloc_free(wrong);
    return status;
}

static int set_choice(const struct option *option, const char *shown, const char *value,
                      const char **ret)
{
    size_t length = strlen(value);

    for (const char *at = option->choices; at[1]; at += 1 + strcspn(at + 1, "|")) {
        if (strcspn(at + 1, "|") == length && strncmp(at + 1, value, length) == 0) {
            *ret = value;
            return 0;
        }
    }
    return not_among(option, shown, value);
}

static int set_severity(const struct option *option, const char *shown, const char *value,
                        enum severity *ret)
{
    enum severity level = severity_by_name(value);

    if (level < SEVERITY_LOW || level == SEVERITY_UNKNOWN)
        return not_among(option, shown, value);
    *ret = level;
    return 0;
}

int option_add_to_list(TALLOC_CTX *ctx, const char *value, const char ***list, size_t *count)
{
    const char **place = array_grow(ctx, list, count, sizeof(*place));

    if (!place)
        return console_no_memory();
    *place = value;
    return 0;
}

/* A bare number is the least that does not alert, as with other checks of certificates ("-w 20"):
 * the guidelines' range from 0 to it would alert of those that last. */
static int set_range(TALLOC_CTX *ctx, const char *shown, const char *value, const char **ret)
{
    const char *digits = value + strspn(value, "0123456789");

    *ret = *digits ? value : talloc_asprintf(ctx, "%s:", value);
    if (!*ret)
        return console_no_memory();
    if (!range_parse(*ret, &(struct range){0}))
        return wrong_value(shown, value, _("expected a number of days, or a range such as 7:30"));
    return 0;
}

int option_set(TALLOC_CTX *ctx, const struct option *option, const char *shown, const char *value,
               struct options *options)
{
    void *at = (char *)options + option->offset;

    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)at = true;
        return 0;
    case OPTION_LEVEL:
        *(int64_t *)at += 1 + (int64_t)strspn(value, (const char[]){option->letter, '\0'});
        return 0;
    case OPTION_RANGE:
        return set_range(ctx, shown, value, at);
    case OPTION_TEXT:
    case OPTION_STORE:
        *(const char **)at = value;
        return 0;
    case OPTION_NUMBER:
        return set_number(option, shown, value, at);
    case OPTION_DURATION:
        return set_duration(option, shown, value, at);
    case OPTION_TIME:
        if (!clock_parse(value, at))
            return wrong_value(shown, value, _("expected a time such as 2026-11-23T15:00:00Z"));
        return 0;
    case OPTION_CHOICE:
        return set_choice(option, shown, value, at);
    case OPTION_LANGUAGE:
        if (lang_is_known(value)) {
            *(const char **)at = value;
            return 0;
        }
        return set_choice(option, shown, value, at);
    case OPTION_SEVERITY:
        return set_severity(option, shown, value, at);
    case OPTION_RESOLVER:
        if (strcmp(value, "none") != 0 && !resolver_is_valid(value))
            return wrong_value(shown, value, _("expected an IP address, ADDR@PORT or none"));
        return option_add_to_list(ctx, value, &options->resolvers, &options->resolver_count);
    case OPTION_PROXY:
        if (strcmp(value, "none") != 0 && !proxy_is_valid(value))
            return console_usage(_("%s: expected http://HOST:PORT, socks5://HOST:PORT or none"),
                                 shown);
        *(const char **)at = value;
        return 0;
    case OPTION_LIST:
        return option_add_to_list(ctx, value, at, (size_t *)((char *)at + sizeof(const char **)));
    }
    return EXIT_INTERNAL;
}
