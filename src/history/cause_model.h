/* SPDX-License-Identifier: MIT */
/* cause_model.h - the causes of what is wrong with many domains, the model: causes.h reads it. */
#ifndef HISTORY_CAUSE_MODEL_H
#define HISTORY_CAUSE_MODEL_H

#include "history/cause_key.h"

struct cause {
    const char *key; /* "mx:mx1.example.net" */
    enum cause_kind kind;
    const char *value;      /* within the key */
    enum finding_code code; /* the worst of its findings, of these the most frequent */
    enum severity severity; /* of that one, where it is worst */
    size_t other_codes;     /* further codes of the same key */
    int64_t domains;        /* that have it */
    int64_t sharing;        /* that use the same, with the fault or without; 0: not known */
    int64_t since;          /* at the latest; of the domain that has had it longest */
    int64_t lost;           /* failed sessions of the last days, of the domains whose worst it is */
    const char *example;    /* one of the domains that have this code */
    /* as the newest check of the example has it; NULL: it was not read, or cannot be any more */
    const struct finding *finding;
};

struct causes {
    int64_t at; /* when it was put together */
    int64_t domains, critical, warning, unknown, ok, unchecked;
    int64_t oldest, newest; /* times of the newest checks of all domains; 0: there is none */
    int64_t lost;           /* failed sessions of the last days */
    bool filling;           /* what an earlier version stored is not in it yet */
    struct cause *list;     /* by severity, then by how many domains */
    size_t count;
};

#endif
