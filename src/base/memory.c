/* SPDX-License-Identifier: MIT */
/* memory.c - whether an allocation of this thread may fail. */
#include "base/memory.h"

static _Thread_local bool forgiven;

bool memory_forgive(bool forgive)
{
    bool before = forgiven;

    forgiven = forgive;
    return before;
}

bool memory_forgiven(void)
{
    return forgiven;
}
