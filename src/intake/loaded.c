/* SPDX-License-Identifier: MIT */
/* loaded.c - in the program: what GMime and libarchive do is done in the module. */
#include <pthread.h>

#include "base/module.h"
#include "intake/module.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const struct intake_functions *found;

static void find(void)
{
    found = module_functions(MODULE_MAIL, INTAKE_FUNCTIONS);
    *found->alive = unpack_alive;
}

static const struct intake_functions *functions(void)
{
    (void)pthread_once(&once, find);
    return found;
}

void mime_prepare(void)
{
    functions()->mime_prepare();
}

bool mime_read(TALLOC_CTX *ctx, struct bytes mail, const struct mime_sink *sink,
               struct mime_head *ret_head)
{
    return functions()->mime_read(ctx, mail, sink, ret_head);
}

enum unpack_outcome archive_unpack(TALLOC_CTX *ctx, struct bytes packed, size_t *left,
                                   archive_take *take, void *arg)
{
    return functions()->archive_unpack(ctx, packed, left, take, arg);
}

enum unpack_outcome unpack_stream(const struct unpack_way *way)
{
    return functions()->unpack_stream(way);
}
