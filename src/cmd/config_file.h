/* SPDX-License-Identifier: MIT */
/* config_file.h - the syntax of a configuration file.
 *
 *     # a comment; behind a value, too
 *     key = value
 *     [section]
 *     key = "a value with # or blanks around"
 *
 * A value goes to the end of its line or to a blank and '#'; in double quotes \" and \\ stand for
 * the character.  What keys and values mean is not known here. */
#ifndef CMD_CONFIG_FILE_H
#define CMD_CONFIG_FILE_H

#include <talloc.h>

#include "base/bytes.h"
#include "mtasts/status.h"

/* Ten times what anybody writes by hand. */
#define CONFIG_FILE_MAX     65536
#define CONFIG_FILE_LINES   2000
#define CONFIG_FILE_VALUE   4096 /* bytes: the longest is a command for --notify */
#define CONFIG_FILE_SECTION 32

struct config_line {
    const char *section;     /* NULL: in front of the first one */
    const char *key, *value; /* NULL: the line that begins the section */
    size_t line;             /* from 1 */
};

struct config_file {
    struct config_line *lines;
    size_t count;
    const char *fault; /* msgid: what is wrong; NULL: nothing */
    size_t fault_line;
};

/* Reads up to the first fault.  STS_E_NOMEM; STS_OK with a fault as well.  Owned by ctx. */
STS_MUST_USE enum sts_status config_file_parse(TALLOC_CTX *ctx, struct bytes text,
                                               struct config_file *ret);

#endif
