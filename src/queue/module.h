/* SPDX-License-Identifier: MIT */
/* module.h - what the module (base/module.h) does for queue; private to queue/. */
#ifndef QUEUE_MODULE_H
#define QUEUE_MODULE_H

#include "queue/broker.h"

#define QUEUE_FUNCTIONS "queue_functions"

struct queue_functions {
    __typeof__(broker_open) *open;
    __typeof__(broker_mend) *mend;
    __typeof__(broker_detail) *detail;
    __typeof__(broker_publish) *publish;
    __typeof__(broker_fetch) *fetch;
    __typeof__(broker_say) *say;
};

#endif
