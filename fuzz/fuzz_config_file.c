/* SPDX-License-Identifier: MIT */
/* fuzz_config_file.c - any bytes as a configuration file: lines in their order, one line each, and
 * nothing behind a fault. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/config_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct config_file file;
    size_t before = 0;

    if (config_file_parse(ctx, (struct bytes){(const char *)data, size}, &file) != STS_OK)
        abort();
    for (size_t i = 0; i < file.count; i++) {
        const struct config_line *line = &file.lines[i];

        demand(line->line > before && (!file.fault || line->line < file.fault_line));
        demand(!line->key == !line->value && (line->key || line->section));
        demand(!line->key || (*line->key && !strpbrk(line->key, " =\n")));
        demand(!line->value ||
               (!strchr(line->value, '\n') && strlen(line->value) <= CONFIG_FILE_VALUE));
        demand(!line->section || (*line->section && !strpbrk(line->section, "[]\n")));
        before = line->line;
    }
    demand(before <= CONFIG_FILE_LINES + 1);
    talloc_free(ctx);
    return 0;
}
