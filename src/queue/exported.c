/* SPDX-License-Identifier: MIT */
/* exported.c - in the module: its functions, for queue/loaded.c. */
#include "queue/module.h"

__attribute__((visibility("default"))) extern const struct queue_functions queue_functions;
const struct queue_functions queue_functions = {broker_open,    broker_mend,  broker_detail,
                                                broker_publish, broker_fetch, broker_say};
