/* SPDX-License-Identifier: MIT */
/* sign_in.h - the pages of whoever is not signed in yet. */
#ifndef PAGES_SIGN_IN_H
#define PAGES_SIGN_IN_H

#include "pages/frame.h"

/* The first start: who has the link becomes the administrator. */
struct setup_page {
    struct frame frame;
    const char *error; /* translated; NULL */
    const char *code;  /* of the link, as it was given; NULL: a script takes it from the address */
    const char *name;
};
void page_setup(struct html *out, const struct setup_page *page);

struct login_page {
    struct frame frame;
    const char *error;    /* translated; NULL */
    const char *name;     /* as it was typed */
    const char *next;     /* the path to go to afterwards; NULL: the home page */
    const char *provider; /* what else one can sign in with; NULL */
};
void page_login(struct html *out, const struct login_page *page);

struct login_code_page {
    struct frame frame;
    const char *error;
    const char *ticket; /* of the sign-in that waits for the code */
    const char *next;
};
void page_login_code(struct html *out, const struct login_code_page *page);

#endif
