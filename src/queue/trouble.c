/* SPDX-License-Identifier: MIT */
/* trouble.c - what is wrong with the broker, in words. */
#include "queue/broker.h"

const char *broker_trouble_text(enum broker_status status)
{
    static const char *const texts[] = {
#define X(symbol, text) [BROKER_##symbol] = (text),
        BROKER_TROUBLES(X)
#undef X
    };

    return texts[status];
}
