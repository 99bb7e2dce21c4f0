/* SPDX-License-Identifier: MIT */
/* test_facts.h - a table of cases: a change to a healthy domain, and what must be found.
 *
 * A case takes the healthy domain (facts/test_domain.h), changes it, and names every finding that
 * must come out, "code:severity" in their order. */
#ifndef RULES_TEST_FACTS_H
#define RULES_TEST_FACTS_H

#include "facts/test_domain.h"
#include "rules/rules.h"

struct rule_case {
    const char *name;
    void (*change)(struct facts *f); /* NULL: none */
    const char *expect;              /* "code:severity code:severity"; "" nothing */
    enum posture posture;
    enum delivery delivery;
};

/* Runs each; fails with the name of the case.  Also: each place of a detail has its parameter. */
void run_cases(const struct rule_case *cases, size_t count);
#define RUN_CASES(cases) run_cases(cases, sizeof(cases) / sizeof((cases)[0]))
/* What is said of a finding, appended to `text`. */
char *finding_told(char *text, const struct finding *finding);
/* What is said of these, with values and steps, is compared with src/rules/expected/. */
void expect_findings(const char *name, const struct finding *findings, size_t count);
/* The exit status of a test program that is nothing but these cases. */
int run_only_cases(const struct rule_case *cases, size_t count);
#define RUN_ONLY_CASES(cases) run_only_cases(cases, sizeof(cases) / sizeof((cases)[0]))

#endif
