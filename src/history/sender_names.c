/* SPDX-License-Identifier: MIT */
/* sender_names.c - how senders write their names. */
#include "history/sender_names.h"

#include "history/reading.h"
#include "store/rollups.h"

struct names_reader {
    struct history_reading reading;
    struct names *names;
};

static bool take_name(void *arg, const char *sender, const char *name)
{
    struct names_reader *reader = arg;
    struct sender_name *made = names_get(reader->names, sender);

    if (made)
        made->written = reading_copy(&reader->reading, name);
    reader->reading.no_memory |= !made;
    return !reader->reading.no_memory;
}

enum sts_status sender_names_read(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                  struct names *ret)
{
    struct names_reader reader = {.reading = {.model = ctx}, .names = ret};

    names_begin(ret, ctx, sizeof(struct sender_name));
    return reading_status(&reader.reading, store_sender_names(store, domain, take_name, &reader));
}

const char *sender_names_find(const struct names *names, const char *sender)
{
    const struct sender_name *found = names_find(names, sender);

    return found ? found->written : sender;
}
