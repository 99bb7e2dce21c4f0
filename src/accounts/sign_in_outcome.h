/* SPDX-License-Identifier: MIT */
/* sign_in_outcome.h - what came of a sign-in. */
#ifndef ACCOUNTS_SIGN_IN_OUTCOME_H
#define ACCOUNTS_SIGN_IN_OUTCOME_H

enum sign_in {
    SIGN_IN_DONE,
    SIGN_IN_CODE,    /* the password is right; a code of the second factor is asked for */
    SIGN_IN_WRONG,   /* name, password, code or secret: not told which */
    SIGN_IN_LATER,   /* too many tries, or too many at a time */
    SIGN_IN_EXPIRED, /* the password was given too long ago */
    SIGN_IN_CLAIMED, /* the service has an administrator already */
    SIGN_IN_TAKEN,   /* another has this name */
    SIGN_IN_NO_ROLE, /* another provider vouches, but none of their groups counts here */
    SIGN_IN_FAILED   /* our fault: the store */
};

#endif
