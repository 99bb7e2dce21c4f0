/* SPDX-License-Identifier: MIT */
/* limits.h - every ceiling of the policy daemon, each with its reason. */
#ifndef POLICYD_LIMITS_H
#define POLICYD_LIMITS_H

/* ---- socketmap (socketmap_table(5) of Postfix) ----------------------------------------------- */
#define LIMIT_SOCKETMAP_REQUEST 10000  /* the most that Postfix sends: map name, blank and key */
#define LIMIT_SOCKETMAP_REPLY   100000 /* built into Postfix up to 3.9; a longer one defers mail */
#define LIMIT_SOCKETMAP_REASON  200    /* of TEMP, TIMEOUT and PERM: one line of a mail log */
/* Leading zeros are harmless and some clients write them; nobody writes more than this. */
#define LIMIT_NETSTRING_DIGITS 10

#endif
