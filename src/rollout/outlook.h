/* SPDX-License-Identifier: MIT */
/* outlook.h - the kind of step that plan.h would advise next, from what is stored with the state of
 * a domain alone: for lists of many. When it is due only the plan itself knows.  Pure. */
#ifndef ROLLOUT_OUTLOOK_H
#define ROLLOUT_OUTLOOK_H

#include "rollout/situation.h"

enum outlook_kind {
    OUTLOOK_UNKNOWN,  /* never checked, or it could not be seen */
    OUTLOOK_REPAIR,   /* what was found hinders */
    OUTLOOK_ROLLBACK, /* the same, while mail is refused */
    OUTLOOK_CHANGE,   /* publish this mode and max_age, now or later */
    OUTLOOK_COMPLETE, /* nothing */
    OUTLOOK_NO_MAIL   /* there is nothing to protect */
};
const char *outlook_name(enum outlook_kind kind); /* "repair" */

struct outlook_facts {
    const char *verdict, *posture, *delivery; /* as they are stored; NULL: never checked */
    const char *mode;                         /* of the policy that was served last; NULL: none */
    int64_t max_age;
    const char *codes; /* "code/severity" of each finding, with blanks between; NULL: none */
};

struct outlook {
    enum outlook_kind kind;
    enum sts_mode mode; /* of CHANGE */
    int64_t max_age;
};

struct outlook outlook_of(const struct outlook_facts *facts);

#endif
