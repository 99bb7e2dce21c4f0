/* SPDX-License-Identifier: MIT */
/* select.h - which of several TXT records counts. */
#ifndef STS_SELECT_H
#define STS_SELECT_H

#include "mtasts/record.h"

enum sts_selection select_record(const struct sts_text *texts, size_t count, const char *version,
                                 size_t *ret_index);

#endif
