/* SPDX-License-Identifier: MIT */
/* fault.h - what goes wrong in a use case, for whoever tells a person. */
#ifndef APP_FAULT_H
#define APP_FAULT_H

#include <mtasts/status.h>

#include "store/store.h"

struct fault {
    enum sts_status status;    /* never STS_OK */
    const struct store *store; /* a verb of it failed, and store_fault() says why; NULL: none */
    const char *domain;        /* only its check was not stored; NULL */
    const char *why; /* else a sentence in the language of the thread; NULL: memory ran out */
};

/* Lives until it returns. */
typedef void (*fault_fn)(void *arg, const struct fault *fault);

#endif
