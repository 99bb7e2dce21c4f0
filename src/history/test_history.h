/* SPDX-License-Identifier: MIT */
/* test_history.h - a store in a folder of its own for the tests of the models. */
#ifndef HISTORY_TEST_HISTORY_H
#define HISTORY_TEST_HISTORY_H

#include "store/store.h"

#define TEST_DOMAIN "example.com"
#define TEST_DAY    ((int64_t)86400)

/* An empty store; free it with test_store_close(). */
struct store *test_store_open(void);
void test_store_close(struct store *store);

/* A check that found one thing, or with NULL nothing; its facts are of no use. */
void test_put_check(struct store *store, int64_t at, const char *code, const char *severity);
/* The same with any codes and names. */
void test_put_codes(struct store *store, int64_t at, const char *verdict,
                    const struct store_code *codes, size_t count);
void test_put_policy(struct store *store, const char *id, const char *mode, int64_t max_age,
                     int64_t at);
/* Of a day, by one sender. */
void test_put_report(struct store *store, const char *submitter, int64_t day, int64_t successful,
                     int64_t failed);
/* Facts of that domain that are more than the store takes. */
struct facts;
/* A report as it is read. */
void test_put_text(struct store *store, const char *text, int64_t received_at);
void facts_too_large(struct facts *facts, const char *domain);

#endif
