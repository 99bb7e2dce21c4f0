/* SPDX-License-Identifier: MIT */
/* fault.h - what is wrong with a request. */
#ifndef HTTP_FAULT_H
#define HTTP_FAULT_H

/* The status of the answer, and the reason in English, for a log.  Status 0: nothing is wrong. */
struct http_fault {
    unsigned status;
    const char *why;
};

#endif
