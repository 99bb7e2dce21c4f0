/* SPDX-License-Identifier: MIT */
/* test_alerts_fixture.h - a group that owns TEST_DOMAIN, with a channel and a rule, in a store of
 * its own. */
#ifndef ALERTS_TEST_ALERTS_FIXTURE_H
#define ALERTS_TEST_ALERTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alerts/evaluation.h"
#include "history/test_history.h"
#include "rules/test_facts.h"

#define HOUR ((int64_t)3600)

struct fixture {
    TALLOC_CTX *ctx;
    struct store *store;
    int64_t group, channel;
    int64_t *alerts;
    size_t alert_count;
};

int begin(void **state);
int end(void **state);

/* A check of that time is stored. */
void put(struct fixture *f, int64_t at, bool testing, bool expired);
struct evaluation *read_at(struct fixture *f, int64_t now);
/* Has anything changed? */
bool evaluate_at(struct fixture *f, int64_t now);
/* For store_alerts(): one more in the size_t that arg is. */
bool count_alert(void *arg, const struct store_alert *alert);
size_t alerts_in(struct fixture *f, bool open);
/* Messages of alerts: without digests and tests. */
size_t due_at(struct fixture *f, int64_t now);
int64_t first_due(struct fixture *f);

#endif
