/* SPDX-License-Identifier: MIT */
/* policy_import_work.h - what is taken of a domain; private to policyd/. */
#ifndef POLICYD_POLICY_IMPORT_WORK_H
#define POLICYD_POLICY_IMPORT_WORK_H

#include "policyd/policy_import.h"
#include "policyd/policy_reply.h"

struct importing {
    TALLOC_CTX *ctx;
    int64_t now;
    struct policy_import *import;
};

/* As it was found. */
struct imported {
    struct bytes domain;
    struct bytes id; /* none: not known */
    const char *mode;
    const struct bytes *mx;
    size_t mx_count;
    int64_t max_age;
    int64_t fetched_at; /* 0: there is no policy */
    enum dane_cover dane;
    int64_t dane_at, dane_ends; /* 0: not known */
};
enum policy_import_fault import_take(struct importing *importing, const struct imported *found);

enum policy_import_fault import_lines(struct importing *importing, struct bytes text);
enum policy_import_fault import_tlspol(struct importing *importing, struct bytes bytes);

#endif
