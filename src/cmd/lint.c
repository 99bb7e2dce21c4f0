/* SPDX-License-Identifier: MIT */
/* lint.c - check the text of a policy or a record, offline. */
#include "cmd/cmd.h"

#include <string.h>

#include <mtasts/mtasts.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/textout_options.h"
#include "render/advisory.h"
#include "render/json.h"
#include "render/text.h"
#include "rollout/policy_diff.h"

static int show(TALLOC_CTX *ctx, const struct options *options, const struct lint *lint,
                const char *name, char *json)
{
    struct textout_options out = textout_options_of(options);
    int status =
        options->json ? console_line(json) : console_text(text_lint(ctx, lint, name, &out));

    return exit_status_worse(status,
                             exit_status_of(lint->findings, lint->finding_count, options->fail_on));
}

static int lint_failed(const char *name, enum sts_status status)
{
    if (status == STS_E_LIMIT) {
        console_note(_("%s: too long; no sender reads that much"), name);
        return 2;
    }
    return console_no_memory();
}

static int lint_text(TALLOC_CTX *ctx, const struct options *options, const char *text, bool tlsrpt)
{
    const char *name = tlsrpt ? "_smtp._tls" : "_mta-sts";
    struct lint *lint;
    enum sts_status status = tlsrpt ? lint_tlsrpt_record(ctx, text, &lint)
                                    : lint_record(ctx, text, options_example_time(options), &lint);

    if (status != STS_OK)
        return lint_failed(name, status);
    return show(ctx, options, lint, name,
                options->json ? json_lint_record(ctx, lint, tlsrpt) : NULL);
}

static int read_file(TALLOC_CTX *ctx, const struct options *options, const char *path,
                     struct lint **ret)
{
    enum sts_status status;
    size_t length;
    char *text;
    int failed = input_read(ctx, path, STS_POLICY_MAX, &text, &length);

    if (failed)
        return failed;
    status = lint_policy(ctx, text, length, options->mx, options->mx_count, ret);
    return status == STS_OK ? 0 : lint_failed(path, status);
}

static int lint_file(TALLOC_CTX *ctx, const struct options *options, const char *path)
{
    struct lint *lint;
    int status = read_file(ctx, options, path, &lint);

    if (status)
        return status;
    return show(ctx, options, lint, path, options->json ? json_lint(ctx, lint, path, NULL) : NULL);
}

/* The new text, and below it what the change from the old one needs. */
static int lint_change(TALLOC_CTX *ctx, const struct options *options, const char *path)
{
    struct textout_options out = textout_options_of(options);
    struct advisory *a = advisory_new(ctx, NULL, NULL, 0);
    struct lint *old = NULL, *new = NULL;
    int status = a ? read_file(ctx, options, options->against, &old) : console_no_memory();

    if (!status)
        status = read_file(ctx, options, path, &new);
    if (status || !old || !new)
        return status;
    advisory_text(a, "file", options->against);
    policy_diff(a, old, new);
    if (a->no_memory)
        return console_no_memory();
    status = show(ctx, options, new, path, options->json ? json_lint(ctx, new, path, a) : NULL);
    if (!options->json)
        status = exit_status_worse(status, console_text(text_advisory(ctx, a, false, &out)));
    return exit_status_worse(status, severity_exit(advisory_worst(a)));
}

/* The hosts of --mx as A-labels. */
static int normalise_mx(TALLOC_CTX *ctx, struct options *options)
{
    for (size_t i = 0; i < options->mx_count; i++) {
        char name[STS_NAME_SIZE];

        if (sts_name_from_user(options->mx[i], name) != STS_OK)
            return console_usage(_("--mx %s: not a host name"), options->mx[i]);
        options->mx[i] = talloc_strdup(ctx, name);
        if (!options->mx[i])
            return console_no_memory();
    }
    return 0;
}

int cmd_lint(TALLOC_CTX *ctx, const struct options *options)
{
    bool records = options->record || options->tlsrpt_record;
    struct options own = *options;
    int status = normalise_mx(ctx, &own);

    if (status)
        return status;
    if (!records && !own.operand_count)
        return console_usage("%s",
                             _("specify a policy file, - for standard input, or use --record"));
    if (records && own.operand_count)
        return console_usage(_("a record and a file (%s) cannot be combined"), own.operands[0]);
    if (records && own.against)
        return console_usage("%s", _("--against compares policy files"));
    if (own.record)
        status = lint_text(ctx, &own, own.record, false);
    if (own.tlsrpt_record)
        status = exit_status_worse(status, lint_text(ctx, &own, own.tlsrpt_record, true));
    for (size_t i = 0; i < own.operand_count; i++)
        status = exit_status_worse(status, own.against ? lint_change(ctx, &own, own.operands[i])
                                                       : lint_file(ctx, &own, own.operands[i]));
    return status;
}
