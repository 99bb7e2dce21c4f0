/* SPDX-License-Identifier: MIT */
/* lint.c - check the text of a policy or a record, offline. */
#include "cmd/cmd.h"

#include <mtasts/mtasts.h>

#include "app/lint_text.h"
#include "app/typed_list.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/textout_options.h"
#include "render/advisory.h"
#include "render/json.h"
#include "render/text.h"

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

static int lint_a_record(TALLOC_CTX *ctx, const struct options *options, const char *text,
                         enum lint_kind kind)
{
    bool tlsrpt = kind == LINT_TLSRPT_RECORD;
    const char *name = tlsrpt ? "_smtp._tls" : "_mta-sts";
    struct lint_request request = {
        .kind = kind, .text = bytes_of(text), .now = options_example_time(options)};
    struct linted linted;
    enum sts_status status = lint_text(ctx, &request, &linted);

    if (status != STS_OK)
        return lint_failed(name, status);
    return show(ctx, options, linted.lint, name,
                options->json ? json_lint_record(ctx, linted.lint, tlsrpt) : NULL);
}

static int read_file(TALLOC_CTX *ctx, const char *path, struct bytes *ret)
{
    char *text;
    int failed = input_read(ctx, path, STS_POLICY_MAX, &text, &ret->length);

    if (!failed)
        ret->data = text;
    return failed;
}

/* The text, and with --against below it what the change from the old one needs. */
static int lint_file(TALLOC_CTX *ctx, const struct options *options, const char *path)
{
    struct textout_options out = textout_options_of(options);
    struct bytes old;
    struct lint_request request = {.mx = options->mx,
                                   .mx_count = options->mx_count,
                                   .against = options->against ? &old : NULL,
                                   .against_name = options->against};
    struct linted linted;
    enum sts_status failed;
    int status = options->against ? read_file(ctx, options->against, &old) : 0;

    if (!status)
        status = read_file(ctx, path, &request.text);
    if (status)
        return status;
    failed = lint_text(ctx, &request, &linted);
    if (failed != STS_OK)
        return lint_failed(path, failed);
    status = show(ctx, options, linted.lint, path,
                  options->json ? json_lint(ctx, linted.lint, path, linted.change) : NULL);
    if (!linted.change)
        return status;
    if (!options->json)
        status =
            exit_status_worse(status, console_text(text_advisory(ctx, linted.change, false, &out)));
    return exit_status_worse(status, severity_exit(advisory_worst(linted.change)));
}

/* The hosts of --mx as A-labels. */
static int normalise_mx(TALLOC_CTX *ctx, struct options *options)
{
    const char *const *names = NULL;
    const char *wrong = NULL;
    enum sts_status status = typed_names(ctx, options->mx, options->mx_count, &names, &wrong);

    if (status == STS_E_INVALID)
        return console_usage(_("--mx %s: not a host name"), wrong);
    if (status != STS_OK)
        return console_no_memory();
    for (size_t i = 0; i < options->mx_count; i++)
        options->mx[i] = names[i];
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
        status = lint_a_record(ctx, &own, own.record, LINT_RECORD);
    if (own.tlsrpt_record)
        status = exit_status_worse(status,
                                   lint_a_record(ctx, &own, own.tlsrpt_record, LINT_TLSRPT_RECORD));
    for (size_t i = 0; i < own.operand_count; i++)
        status = exit_status_worse(status, lint_file(ctx, &own, own.operands[i]));
    return status;
}
