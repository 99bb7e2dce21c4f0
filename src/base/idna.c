/* SPDX-License-Identifier: MIT */
/* idna.c - what a person typed becomes a host name of lower-case A-labels. */
#include "mtasts/match.h"

#include <idn2.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hname.h"

static bool is_ascii(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

static enum sts_status take(struct bytes text, char name[STS_NAME_SIZE])
{
    if (text.length && text.data[text.length - 1] == '.')
        text.length--;
    if (!hname_valid(text))
        return STS_E_INVALID;
    for (size_t i = 0; i < text.length; i++)
        name[i] = ascii_lower(text.data[i]);
    name[text.length] = '\0';
    return STS_OK;
}

enum sts_status sts_name_from_user(const char *text, char name[STS_NAME_SIZE])
{
    enum sts_status status;
    char *ascii = NULL;
    int rc;

    /* Names in use have "--" where IDNA wants none (r3---sn.example): ASCII passes it by. */
    if (is_ascii(bytes_of(text)))
        return take(bytes_of(text), name);
    if (strlen(text) > 4UL * STS_NAME_SIZE) /* UTF-8: no longer one can be a name */
        return STS_E_INVALID;
    rc = idn2_to_ascii_8z(text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (rc == IDN2_MALLOC)
        return STS_E_NOMEM;
    if (rc != IDN2_OK)
        return STS_E_INVALID;
    status = take(bytes_of(ascii), name);
    idn2_free(ascii);
    return status;
}
