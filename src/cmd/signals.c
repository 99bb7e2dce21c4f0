/* SPDX-License-Identifier: MIT */
/* signals.c - SIGINT and SIGTERM. */
#include "cmd/signals.h"

#include <signal.h>
#include <unistd.h>

#include "cmd/exit_status.h"

static volatile sig_atomic_t seen;

/* The first is a request to show what is known; the second means it. */
static void on_signal(int number)
{
    (void)number;
    if (seen++)
        _exit(EXIT_UNKNOWN);
}

void signals_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool signals_seen(void)
{
    return seen != 0;
}
