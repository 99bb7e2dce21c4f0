/* SPDX-License-Identifier: MIT */
/* config_page.h - what is configured, and where each value comes from.  NULL: no memory. */
#ifndef RENDER_CONFIG_PAGE_H
#define RENDER_CONFIG_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

enum config_origin { CONFIG_DEFAULT, CONFIG_FILE, CONFIG_ENVIRONMENT };

struct config_row {
    const char *key;
    const char *value;   /* no password; NULL: no default that is one value */
    const char *section; /* NULL: for all subcommands */
    enum config_origin origin;
    const char *where; /* "FILE:LINE", or the variable; NULL: a default */
};

struct config_page_file {
    const char *path;
    bool read; /* false: it is not there */
};

struct config_page {
    const struct config_page_file *files;
    size_t file_count;
    const struct config_row *rows; /* by section, those for all first */
    size_t count;
};

/* A configuration file that sets the same.  quiet: only what is set. */
char *text_config(TALLOC_CTX *ctx, const struct config_page *page, bool quiet);
/* mtasts.config/1 */
char *json_config(TALLOC_CTX *ctx, const struct config_page *page);

#endif
