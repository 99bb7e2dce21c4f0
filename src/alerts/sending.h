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
    int64_t began;               /* by the loop's clock */
    struct loop_timer *over;     /* it is to be freed; NULL */
};

/* The message is taken over. */
void sending_start(struct alerts *alerts, struct message *message);
/* fault: NULL: it arrived; a translated text otherwise. */
void sending_end(struct sending *sending, const char *fault);

/* What is sent of a kind at a time.  What hangs for the first time was always good, so nobody could
 * have known: after LIMIT_SLOW_MS it no longer keeps others waiting. */
struct sending_room {
    size_t running, slow; /* of those that run: longer than LIMIT_SLOW_MS */
    size_t usual, all;    /* at a time: of those that are not slow, and with them */
};
void sending_room_count(struct sending_room *room, int64_t began, int64_t now);
/* So many more may be begun. */
size_t sending_room_left(const struct sending_room *room);

/* program.c: so many lanes may be used now; hands the text to one of them. */
size_t program_room(const struct program *lanes);
void program_add(struct program *lanes, struct sending *sending);

#endif
