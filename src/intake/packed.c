/* SPDX-License-Identifier: MIT */
/* packed.c - what is known of packed bytes without unpacking them. */
#include "intake/unpack.h"

#include "base/i18n.h"

#define TAR_MAGIC 257

const char *unpack_text(enum unpack_outcome outcome)
{
    static const char *const texts[] = {
        [UNPACK_OK] = N_("unpacked"),
        [UNPACK_DAMAGED] = N_("the compressed data is damaged"),
        [UNPACK_TRUNCATED] = N_("the compressed data is truncated"),
        [UNPACK_TOO_LARGE] = N_("it is too large when decompressed (limit: 64 MiB per report)"),
        [UNPACK_TOO_MANY] = N_("it has too many parts or is too large when decompressed"),
        [UNPACK_ENCRYPTED] = N_("it is encrypted"),
        [UNPACK_NO_MEMORY] = N_("not enough memory"),
    };

    return texts[outcome];
}

bool is_packed_alone(struct bytes bytes)
{
    return bytes_begin(bytes, "BZh") ||
           bytes_begin(bytes, "\xfd"
                              "7zXZ") ||
           bytes_begin(bytes, "\x28\xb5\x2f\xfd");
}

bool is_packed_stream(struct bytes bytes)
{
    return bytes_begin(bytes, "\x1f\x8b") || is_packed_alone(bytes);
}

bool is_archive(struct bytes bytes)
{
    return bytes_begin(bytes, "PK\3\4") || bytes_begin(bytes, "PK\5\6") || is_packed_alone(bytes) ||
           (bytes.length > TAR_MAGIC && bytes_begin(bytes_from(bytes, TAR_MAGIC), "ustar"));
}

void unpack_charge(size_t *left, size_t bytes)
{
    *left -= bytes < *left ? bytes : *left;
    unpack_alive();
}
