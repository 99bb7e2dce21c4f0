/* SPDX-License-Identifier: MIT */
/* policyd_overrides.c - a file, its faults in words, and a list of what it holds. */
#include "cmd/policyd_overrides.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "policyd/limits.h"

static const char *const faults[] = {
    [OVERRIDE_BAD_DOMAIN] = N_("expected a domain or [HOST]"),
    [OVERRIDE_BAD_ACTION] = N_("expected none, may, encrypt, dane, dane-only, secure=NAME or "
                               "no-dane behind the domain"),
    [OVERRIDE_BAD_NAMES] =
        N_("expected secure=NAME, with host names or .DOMAIN and : between them"),
    [OVERRIDE_BAD_REASON] = N_("expected a reason in quotation marks behind the action"),
    [OVERRIDE_BAD_EXPIRY] = N_("expected a last day such as 2026-12-31, or never, at the end"),
    [OVERRIDE_MORE] = N_("there is more behind the last day"),
    [OVERRIDE_TWICE] = N_("this domain is in the file already"),
    [OVERRIDE_TOO_MANY] = N_("too many lines"),
};

static int say_fault(const char *path, size_t line, enum override_fault fault)
{
    if (fault == OVERRIDE_NO_MEMORY)
        return console_no_memory();
    return console_usage("--overrides %s:%zu: %s", path, line, _(faults[fault]));
}

static void warn_expired(const char *path, const struct overrides *overrides)
{
    int64_t now = clock_now();

    for (size_t i = 0; i < overrides->count; i++)
        if (override_is_expired(&overrides->list[i], now))
            console_note(_("--overrides %s:%zu: expired: %s"), path, overrides->list[i].line,
                         overrides->list[i].domain);
}

static int load(TALLOC_CTX *ctx, const char *path, struct overrides **ret)
{
    char *text;
    size_t length, line = 0;
    int status = input_read(ctx, path, LIMIT_OVERRIDES_FILE, &text, &length);
    enum override_fault fault;

    if (status)
        return status;
    if (length > LIMIT_OVERRIDES_FILE)
        return console_usage(_("--overrides %s: the file is too large"), path);
    fault = overrides_read(ctx, (struct bytes){text, length}, ret, &line);
    talloc_free(text);
    return fault == OVERRIDE_OK ? 0 : say_fault(path, line, fault);
}

int policyd_overrides_load(TALLOC_CTX *ctx, const struct options *options, struct overrides **ret)
{
    int status = 0;

    *ret = NULL;
    if (options->overrides)
        status = load(ctx, options->overrides, ret);
    if (*ret)
        warn_expired(options->overrides, *ret);
    return status;
}

/* What was written, in columns; by domain. */
static char *line_of(TALLOC_CTX *ctx, const struct override *override, int64_t now)
{
    char until[CLOCK_TEXT_SIZE] = "never";

    if (override->expires)
        clock_format(override->expires - 1, until);
    return talloc_asprintf(ctx, "%s %s \"%s\" %.10s%s\n", override->domain,
                           override_action_name(override->action), override->reason, until,
                           override_is_expired(override, now) ? _(" (expired)") : "");
}

int policyd_overrides(TALLOC_CTX *ctx, const struct options *options)
{
    struct overrides *overrides = NULL;
    int status;

    if (options->operand_count > 1)
        return console_usage(_("unexpected argument: %s"), options->operands[1]);
    if (!options->overrides)
        return console_usage("%s", _("overrides: --overrides specifies no file"));
    status = load(ctx, options->overrides, &overrides);
    for (size_t i = 0; !status && overrides && i < overrides->count; i++)
        status = console_text(line_of(ctx, &overrides->list[i], clock_now()));
    return status;
}
