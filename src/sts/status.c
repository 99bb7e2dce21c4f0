/* SPDX-License-Identifier: MIT */
/* status.c - the sentences of enum sts_status, and the version of the library. */
#include "mtasts/status.h"

#include "mtasts/version.h"

const char *sts_status_text(enum sts_status status)
{
    switch (status) {
    case STS_OK:
        return "success";
    case STS_E_NOMEM:
        return "out of memory";
    case STS_E_INVALID:
        return "invalid argument";
    case STS_E_LIMIT:
        return "input too large";
    case STS_E_IO:
        return "read or write failed";
    case STS_E_REFUSED:
        return "not accepted by the store";
    }
    return "unknown status";
}

const char *sts_version(void)
{
    return MTASTS_VERSION;
}
