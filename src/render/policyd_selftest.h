/* SPDX-License-Identifier: MIT */
/* policyd_selftest.h - what Postfix did with the messages of the self-test, for people and for
 * programs.  NULL: no memory. */
#ifndef RENDER_POLICYD_SELFTEST_H
#define RENDER_POLICYD_SELFTEST_H

#include "policyd/selftest_bed.h"
#include "render/textout.h"

struct selftest_account {
    const char *version, *map;   /* of Postfix; the map name for it */
    const struct bed_seen *seen; /* BED_CASES */
};
char *text_policyd_selftest(TALLOC_CTX *ctx, const struct selftest_account *account,
                            const struct textout_options *options);
/* mtasts.policyd-selftest/1 */
char *json_policyd_selftest(TALLOC_CTX *ctx, const struct selftest_account *account);

#endif
