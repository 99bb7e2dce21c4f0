/* SPDX-License-Identifier: MIT */
/* exported.c - in the module: its functions, for intake/loaded.c. */
#include "intake/module.h"

static void (*alive)(void);

void unpack_alive(void)
{
    if (alive)
        alive();
}

__attribute__((visibility("default"))) extern const struct intake_functions intake_functions;
const struct intake_functions intake_functions = {&alive, mime_prepare, mime_read, archive_unpack,
                                                  unpack_stream};
