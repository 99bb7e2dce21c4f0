/* SPDX-License-Identifier: MIT */
/* sending.h - one message on its way; private to alerts/. */
#ifndef ALERTS_SENDING_H
#define ALERTS_SENDING_H

#include "alerts/alerts_work.h"

struct sending {
    struct alerts *alerts;
    struct message *message;     /* hangs on it */
    char *text;                  /* what is handed over */
    struct jobs_handle *request; /* of a webhook; NULL */
    struct loop_timer *over;     /* it is to be freed; NULL */
};

/* The message is taken over. */
void sending_start(struct alerts *alerts, struct message *message);
/* fault: NULL: it arrived; a translated text otherwise. */
void sending_end(struct sending *sending, const char *fault);

/* program.c: so many lanes are free; hands the text to one of them. */
size_t program_room(const struct program *lanes);
void program_add(struct program *lanes, struct sending *sending);

#endif
