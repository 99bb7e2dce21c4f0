/* SPDX-License-Identifier: MIT */
/* notify_process.h - what is said to the process that runs the command, and by it; private to app/.
 *
 * To it: for each batch a head, and for each order a head, the domain and the text; a byte behind
 * the last batch asks it to end what runs.  From it: for each order its place in the batch and how
 * it ended.  Where our end is closed it ends what runs, and itself. */
#ifndef APP_NOTIFY_PROCESS_H
#define APP_NOTIFY_PROCESS_H

#include <stdint.h>

#include "app/notify_outcome.h"

struct notify_batch_head {
    int64_t timeout_ms;
    uint64_t jobs, count;
};

struct notify_order_head {
    uint32_t domain, text; /* bytes that follow */
};

struct notify_result {
    uint64_t order;
    uint32_t outcome; /* enum notify_outcome */
    int32_t number;
};

/* The process: serves what comes over the socket, to its end. */
__attribute__((noreturn)) void notify_process(const char *command, int fd);

#endif
