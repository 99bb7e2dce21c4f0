/* SPDX-License-Identifier: MIT */
/* problem.h - what errors are called. */
#ifndef SERVE_PROBLEM_H
#define SERVE_PROBLEM_H

/* Of the status, translated. */
const char *problem_title(unsigned status);

#endif
