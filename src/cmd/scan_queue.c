/* SPDX-License-Identifier: MIT */
/* scan_queue.c - the queue on the command line. */
#include "cmd/scan_queue.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cmd/console.h"

#define DETAIL_MAX 200

int scan_queue_say(const struct options *options, enum broker_status status, const char *detail)
{
    const char *text = _(broker_trouble_text(status));
    TALLOC_CTX *work = talloc_new(NULL);
    const char *shown =
        detail && *detail ? text_printable(work, detail, strlen(detail), DETAIL_MAX) : NULL;

    if (shown)
        console_note("%s: %s (%s)", options->queue, text, shown);
    else
        console_note("%s: %s", options->queue, text);
    talloc_free(work);
    return status == BROKER_AWAY || status == BROKER_FULL ? EXIT_LATER : EXIT_INTERNAL;
}

int scan_queue_open(TALLOC_CTX *ctx, const struct options *options, const char *client,
                    struct broker **ret)
{
    const struct broker_options wish = {.urls = options->queue,
                                        .credentials = options->queue_credentials,
                                        .ca_file = options->queue_ca,
                                        .replicas = options->replicas ? options->replicas : 1,
                                        .client = client};
    char *detail;
    enum broker_status status = broker_open(ctx, &wish, ret, &detail);

    return status ? scan_queue_say(options, status, detail) : 0;
}
