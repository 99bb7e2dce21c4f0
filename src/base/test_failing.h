/* SPDX-License-Identifier: MIT */
/* test_failing.h - one allocation of the C library that fails, for tests. */
#ifndef BASE_TEST_FAILING_H
#define BASE_TEST_FAILING_H

#include <stdbool.h>

/* The runtimes of the sanitizers have a malloc() of their own: false with them. */
bool failing_is_possible(void);
/* The n-th allocation from now on fails, and it alone. */
void failing_begin(long n);
/* Ends it.  Did it come so far? */
bool failing_end(void);

#endif
