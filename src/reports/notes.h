/* SPDX-License-Identifier: MIT */
/* notes.h - what there is to note where reports came from. */
#ifndef REPORTS_NOTES_H
#define REPORTS_NOTES_H

struct report_rejected {
    const char *path, *part; /* part: NULL, or which mail or attachment */
    const char *why;         /* msgid */
    const char *detail;      /* what the system says; NULL */
};

/* Where a sender deviates from RFC 8460. */
struct report_deviation {
    const char *path, *part;
    const char *code;   /* "count-string" */
    const char *member; /* "policies[0].summary"; NULL */
    const char *found;  /* printable; NULL */
};

#endif
