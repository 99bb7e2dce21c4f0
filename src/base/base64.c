/* SPDX-License-Identifier: MIT */
/* base64.c - bytes as base64 and back, strict. */
#include "base/base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(TALLOC_CTX *ctx, const char *data, size_t length)
{
    char *text = talloc_array(ctx, char, (length + 2) / 3 * 4 + 1);
    char *out = text;

    if (!text)
        return NULL;
    for (size_t i = 0; i < length; i += 3) {
        size_t have = length - i < 3 ? length - i : 3;
        uint32_t group = 0;

        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (j < have ? (uint8_t)data[i + j] : 0);
        for (size_t j = 0; j < 4; j++)
            *out++ = (char)(j <= have ? alphabet[group >> (18 - 6 * j) & 63] : '=');
    }
    *out = '\0';
    return text;
}

/* The padding at the end: 0, 1 or 2. */
static size_t padding_of(const char *text, size_t length)
{
    if (length && text[length - 1] == '=')
        return text[length - 2] == '=' ? 2 : 1;
    return 0;
}

bool base64_decode(TALLOC_CTX *ctx, const char *text, size_t length, struct bytes *ret)
{
    size_t padding, have = 0;
    uint32_t group = 0;
    char *data;

    if (length % 4)
        return false;
    padding = padding_of(text, length);
    data = talloc_array(ctx, char, length / 4 * 3 + 1);
    if (!data)
        return false;
    for (size_t i = 0; i < length; i++) {
        const char *found = memchr(alphabet, text[i], sizeof(alphabet));

        if (!found && i < length - padding) {
            talloc_free(data);
            return false;
        }
        group = group << 6 | (found ? (uint32_t)(found - alphabet) : 0);
        if (i % 4 < 3)
            continue;
        for (size_t j = 0; j < 3; j++)
            data[have++] = (char)(group >> (16 - 8 * j) & 255);
        group = 0;
    }
    /* The bits behind the last byte are 0, so that one text stands for one sequence of bytes. */
    for (size_t i = 0; i < padding; i++) {
        if (data[--have]) {
            talloc_free(data);
            return false;
        }
    }
    data[have] = '\0';
    *ret = (struct bytes){data, have};
    return true;
}
