/* SPDX-License-Identifier: MIT */
/* loaded.c - in the program: what libnats does is done in the module. */
#include "base/module.h"
#include "queue/module.h"

static const struct queue_functions *functions(void)
{
    return module_functions(MODULE_QUEUE, QUEUE_FUNCTIONS);
}

enum broker_status broker_open(TALLOC_CTX *ctx, const struct broker_options *options,
                               struct broker **ret, char **ret_detail)
{
    return functions()->open(ctx, options, ret, ret_detail);
}

enum broker_status broker_mend(struct broker *broker)
{
    return functions()->mend(broker);
}

const char *broker_detail(const struct broker *broker)
{
    return functions()->detail(broker);
}

enum broker_status broker_publish(struct broker *broker, int64_t scan, int64_t shard, bool first)
{
    return functions()->publish(broker, scan, shard, first);
}

enum broker_status broker_fetch(struct broker *broker, TALLOC_CTX *ctx, int64_t wait_ms,
                                struct handout **ret)
{
    return functions()->fetch(broker, ctx, wait_ms, ret);
}

void broker_say(struct handout *handout, enum broker_word word)
{
    functions()->say(handout, word);
}
