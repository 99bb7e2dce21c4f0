/* SPDX-License-Identifier: MIT */
/* config_again.c - the command line as it was, with the files as they are. */
#include "cmd/config_again.h"

#include <string.h>

#include "cmd/config_read.h"
#include "cmd/console.h"

static struct options of_command_line;

void config_again_begin(const struct options *given)
{
    of_command_line = *given;
}

int config_again(TALLOC_CTX *ctx, enum command_bit command, struct options *ret)
{
    struct options options = of_command_line;
    struct config config;
    int status;

    if (config_sources(ctx, &options, &config) != STS_OK)
        return console_no_memory();
    status = config_read(ctx, &config);
    if (!status)
        status = config_apply(ctx, &config, command, &options);
    if (!status)
        *ret = options;
    return status;
}

/* ---- what is different ----------------------------------------------------------------------- */

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

struct text_list {
    const char *const *texts;
    size_t count;
};

/* The count stands behind the pointer. */
static struct text_list list_at(const void *at)
{
    struct text_list list;

    memcpy(&list.texts, at, sizeof(list.texts));
    memcpy(&list.count, (const char *)at + sizeof(list.texts), sizeof(list.count));
    return list;
}

static bool is_same_list(struct text_list a, struct text_list b)
{
    for (size_t i = 0; a.count == b.count && i < a.count; i++)
        if (!is_same_text(a.texts[i], b.texts[i]))
            return false;
    return a.count == b.count;
}

static bool is_same(const struct option *option, const struct options *a, const struct options *b)
{
    const void *in_a = (const char *)a + option->offset, *in_b = (const char *)b + option->offset;

    switch (option->kind) {
    case OPTION_FLAG:
        return *(const bool *)in_a == *(const bool *)in_b;
    case OPTION_LEVEL:
    case OPTION_NUMBER:
    case OPTION_DURATION:
    case OPTION_TIME:
        return *(const int64_t *)in_a == *(const int64_t *)in_b;
    case OPTION_SEVERITY:
        return *(const enum severity *)in_a == *(const enum severity *)in_b;
    case OPTION_LIST:
    case OPTION_RESOLVER:
        return is_same_list(list_at(in_a), list_at(in_b));
    case OPTION_STORE: /* of the command line it does not change */
        return is_same_text(a->store_of_file, b->store_of_file);
    default:
        return is_same_text(*(const char *const *)in_a, *(const char *const *)in_b);
    }
}

void config_differences(enum command_bit command, const struct options *before,
                        const struct options *after, void (*differs)(void *arg, const char *name),
                        void *arg)
{
    for (size_t i = 0; i < options_count; i++) {
        const struct option *option = &options_table[i];

        if (option->in_file && option->commands & command && !is_same(option, before, after))
            differs(arg, option->name);
    }
}
