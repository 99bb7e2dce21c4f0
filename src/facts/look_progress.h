/* SPDX-License-Identifier: MIT */
/* look_progress.h - how far a look at a domain has come: plain data, no judgement. */
#ifndef FACTS_LOOK_PROGRESS_H
#define FACTS_LOOK_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#define LOOK_HOSTS_MAX 32 /* as many MX hosts as a look takes */

/* The parts of which people are told, in their order. */
enum look_step {
    LOOK_DNS, /* the record that announces the policy */
    LOOK_POLICY_HOST,
    LOOK_POLICY,
    LOOK_CERTIFICATE,
    LOOK_MX, /* all of its hosts */
    LOOK_TLSRPT,
    LOOK_DANE,
    LOOK_STEPS
};

/* Milliseconds since the look began at which a part was known; -1: it is not yet. */
struct look_progress {
    int64_t steps[LOOK_STEPS];
    int64_t hosts[LOOK_HOSTS_MAX]; /* of struct facts, in the same order */
    size_t host_count;             /* 0 until they are known */
};

#define LOOK_NO_HOST SIZE_MAX

/* A part became known. */
struct look_event {
    enum look_step step;
    size_t host; /* of LOOK_MX: that host alone; LOOK_NO_HOST: the step */
    int64_t ms;  /* since the look began */
};

#endif
