/* SPDX-License-Identifier: MIT */
/* fault.h - what goes wrong in a use case that goes on: for whoever tells a person. */
#ifndef APP_FAULT_H
#define APP_FAULT_H

#include <mtasts/status.h>

#include "store/store.h"

struct fault {
    enum sts_status status;    /* never STS_OK */
    const struct store *store; /* a verb of it failed, and store_fault() says why; NULL: it is ours,
                                * and mostly memory */
};

/* Lives until it returns. */
typedef void (*fault_fn)(void *arg, const struct fault *fault);

#endif
