/* SPDX-License-Identifier: MIT */
/* mail_log.h - the domains that mail went to, out of the log of Postfix: pure. */
#ifndef POLICYD_MAIL_LOG_H
#define POLICYD_MAIL_LOG_H

#include <mtasts/match.h>

#include "base/bytes.h"

/* Of a line about a delivery by smtp(8): the domain of the recipient, in its final form.  False: it
 * is another line, or there is none in it. */
bool mail_log_domain(struct bytes line, char domain[STS_NAME_SIZE]);

#endif
