/* SPDX-License-Identifier: MIT */
/* scan_submit.c - a list into the store, and its shards into the queue. */
#include "scan/submit.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "cmd/scan_queue.h"
#include "cmd/scan_verbs.h"

#define PAGE 1000

struct page {
    int64_t scan;
    struct store_shard shards[PAGE];
    size_t count;
};

static int say_outcome(const struct options *options, struct store *store,
                       enum submit_outcome outcome)
{
    const char *list = options->operands[1];

    switch (outcome) {
    case SUBMIT_DONE:
        return 0;
    case SUBMIT_NO_COLUMN:
        return console_usage(_("%s: no column named %s in the first line"), list, options->column);
    case SUBMIT_READ_FAILED:
        return console_internal(_("%s could not be read: %s"), list, _(strerror(errno)));
    case SUBMIT_TOO_LONG:
        return console_internal(_("%s: more than %d domains; split the list and submit each part "
                                  "with a name of its own"),
                                list, SUBMIT_MAX);
    case SUBMIT_STORE_FAILED:
        return say_store_failure(store, STS_E_IO);
    case SUBMIT_NO_MEMORY:
        break;
    }
    return console_no_memory();
}

static bool note_shard(void *arg, const struct store_shard *shard)
{
    struct page *page = arg;

    if (shard->scan != page->scan)
        return false;
    page->shards[page->count++] = *shard;
    return page->count < PAGE;
}

/* Those that are not done; what the queue has it keeps. */
static int publish(const struct options *options, struct store *store, struct broker *broker,
                   int64_t scan)
{
    struct page page = {.scan = scan};
    struct store_shard place = {.scan = scan};

    do {
        enum sts_status status;

        page.count = 0;
        status = store_shards_open(store, &place, PAGE, 0, note_shard, &page);
        if (status)
            return say_store_failure(store, status);
        for (size_t i = 0; i < page.count; i++) {
            enum broker_status said = broker_publish(broker, scan, page.shards[i].number, true);

            if (said != BROKER_OK && said != BROKER_NOTHING)
                return scan_queue_say(options, said, broker_detail(broker));
            place = page.shards[i];
        }
    } while (page.count == PAGE);
    return 0;
}

static int say_submitted(const struct options *options, const char *name,
                         const struct submitted *submitted)
{
    TALLOC_CTX *work = talloc_new(NULL);
    char *text;
    int status;

    if (submitted->added == STORE_SCAN_SAME)
        text = talloc_asprintf(work, _("%s was submitted before; nothing was added\n"), name);
    else
        text = talloc_asprintf(
            work,
            _("%s submitted; domains: %lld, shards: %lld, lines without a domain name: "
              "%lld\n"),
            name, (long long)submitted->domains, (long long)submitted->shards,
            (long long)submitted->unusable);
    status = options->quiet ? 0 : console_text(text);
    talloc_free(work);
    return status;
}

static int submit_list(TALLOC_CTX *ctx, const struct options *options, const char *name, int in)
{
    const struct submit_request request = {.in = in,
                                           .column = options->column,
                                           .name = name,
                                           .shard = options->shard_size ? options->shard_size
                                                                        : SUBMIT_SHARD,
                                           .now = clock_now()};
    struct submitted submitted;
    struct broker *broker;
    struct store *store;
    int status = open_store(ctx, options, STORE_WRITE, &store);

    if (!status)
        status = scan_queue_open(ctx, options, "mtasts scan submit", &broker);
    if (!status)
        status = say_outcome(options, store, submit(store, &request, &submitted));
    if (!status && submitted.added == STORE_SCAN_OTHER)
        return console_usage(_("a scan named %s exists, of another list; specify another name with "
                               "--name"),
                             name);
    if (!status)
        status = publish(options, store, broker, submitted.scan);
    return status ? status : say_submitted(options, name, &submitted);
}

int scan_submit(TALLOC_CTX *ctx, const struct options *options)
{
    const char *path = options->operands[1];
    char *copy = talloc_strdup(ctx, path);
    const char *name = options->name;
    bool standard = strcmp(path, "-") == 0;
    int in, status;

    if (!copy)
        return console_no_memory();
    if (!name && standard)
        return console_usage("%s", _("submit - requires --name"));
    in = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
    status = submit_list(ctx, options, name ? name : basename(copy), in);
    if (!standard)
        close(in);
    return status;
}
