/* SPDX-License-Identifier: MIT */
/* scan_verbs.c - which verb of scan, and the scan it is about. */
#include "cmd/scan_verbs.h"

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/open_store.h"

static const struct {
    int (*run)(TALLOC_CTX *ctx, const struct options *options);
    size_t least, most; /* operands, itself included */
    bool queue;
} verbs[] = {
    [SCAN_SUBMIT] = {scan_submit, 2, 2, true},  [SCAN_WORK] = {scan_work, 1, 1, true},
    [SCAN_STATUS] = {scan_status, 1, 2, false}, [SCAN_CANCEL] = {scan_cancel, 2, 2, false},
    [SCAN_RESUME] = {scan_resume, 2, 2, false}, [SCAN_RESULTS] = {scan_results, 2, 2, false},
};

static int check_operands(const struct options *options, enum scan_word word)
{
    if (options->operand_count > verbs[word].most)
        return console_usage(_("unexpected argument: %s"), options->operands[verbs[word].most]);
    if (options->operand_count >= verbs[word].least)
        return 0;
    if (word == SCAN_SUBMIT)
        return console_usage("%s", _("submit requires a list of domains, for example: mtasts scan "
                                     "submit --queue nats://localhost domains.txt"));
    return console_usage(_("%s requires the name of a scan; mtasts scan status lists them"),
                         scan_word_name(word));
}

static int check_queue(const struct options *options, enum scan_word word)
{
    if (verbs[word].queue && !options->queue)
        return console_usage(_("%s requires --queue, for example: --queue nats://localhost"),
                             scan_word_name(word));
    if (options->queue && open_store_has_password(options->queue))
        return console_usage("%s", _("--queue: every user of this machine can read a password on "
                                     "the command line; put USER:PASSWORD into a file and specify "
                                     "it with --queue-credentials"));
    return 0;
}

static const char *of_a_list(const struct options *options)
{
    const struct {
        bool given;
        const char *name;
    } others[] = {{options->json, "--json"},
                  {options->csv, "--csv"},
                  {options->resume, "--resume"},
                  {options->output, "--output"}};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (others[i].given)
            return others[i].name;
    return NULL;
}

int scan_verb(TALLOC_CTX *ctx, const struct options *options, enum scan_word word)
{
    const char *other = of_a_list(options);
    int status = check_operands(options, word);

    if (!status)
        status = check_queue(options, word);
    if (!status && other)
        status = console_usage(_("%s and %s cannot be combined"), scan_word_name(word), other);
    return status ? status : verbs[word].run(ctx, options);
}

struct naming {
    TALLOC_CTX *ctx;
    struct store_scan *ret;
};

static bool take_scan(void *arg, const struct store_scan *scan)
{
    struct naming *naming = arg;

    *naming->ret = *scan;
    naming->ret->name = talloc_strdup(naming->ctx, scan->name);
    naming->ret->content = (struct bytes){0};
    return false;
}

int scan_named(TALLOC_CTX *ctx, const struct options *options, struct store *store,
               struct store_scan *ret)
{
    const char *name = options->operands[1];
    struct naming naming = {ctx, ret};
    enum sts_status status = STS_OK;

    *ret = (struct store_scan){0};
    if (store)
        status = store_scan_named(store, name, take_scan, &naming);
    if (status)
        return say_store_failure(store, status);
    if (!ret->name)
        return console_internal(_("the store has no scan named %s; mtasts scan status lists them"),
                                name);
    return 0;
}
