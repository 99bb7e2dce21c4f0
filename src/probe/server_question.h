/* SPDX-License-Identifier: MIT */
/* server_question.h - a look's question to one name server; private to probe/. */
#ifndef PROBE_SERVER_QUESTION_H
#define PROBE_SERVER_QUESTION_H

#include <stdbool.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct probe;

struct server_question_request {
    const char *address, *name; /* they outlive the look */
    enum dns_type type;
    struct dns_answer **answer; /* where the answer goes; as question_ask() */
    bool *authoritative;        /* and whether the server is the zone's */
};
STS_MUST_USE enum sts_status server_question_ask(struct probe *probe,
                                                 const struct server_question_request *request);

#endif
