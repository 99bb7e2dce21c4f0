/* SPDX-License-Identifier: MIT */
/* suffix.c - the list that libpsl was built with; it is constant and needs no file. */
#include "rules/suffix.h"

#include <ctype.h>
#include <string.h>

#include <libpsl.h>

#include <mtasts/match.h>

bool suffix_is_public(const char *name)
{
    char lower[STS_NAME_SIZE];
    size_t length = strlen(name);

    if (!length || length >= sizeof lower)
        return false;
    for (size_t i = 0; i <= length; i++)
        lower[i] = (char)tolower((unsigned char)name[i]);
    return psl_is_public_suffix2(psl_builtin(), lower, PSL_TYPE_ICANN) != 0;
}
