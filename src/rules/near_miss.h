/* SPDX-License-Identifier: MIT */
/* near_miss.h - the name that was meant by one that does not exist, where it is near at hand. */
#ifndef RULES_NEAR_MISS_H
#define RULES_NEAR_MISS_H

#include <talloc.h>

/* "gmail.com" for gmial.com, "example.com" for example.con or www.example.com; NULL: nothing is
 * near. Nobody knows whether the suggestion exists. */
const char *near_miss(TALLOC_CTX *ctx, const char *domain);

#endif
