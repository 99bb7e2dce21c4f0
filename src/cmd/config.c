/* SPDX-License-Identifier: MIT */
/* config.c - what is configured, and where each value comes from. */
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/config_read.h"
#include "cmd/console.h"
#include "cmd/environment.h"
#include "cmd/lang.h"
#include "cmd/subcommands.h"
#include "render/config_page.h"

struct config_shown {
    TALLOC_CTX *ctx;
    const struct config *config;
    struct config_row *rows;
    size_t count;
    bool no_memory;
};

/* ---- passwords ------------------------------------------------------------------------------- */

/* "scheme://user:***@host?password=***".  Up to the last @, so that no odd one escapes. */
static char *without_password(TALLOC_CTX *ctx, const char *url)
{
    const char *scheme = strstr(url, "://"), *begin = scheme ? scheme + 3 : url;
    const char *at = strrchr(begin, '@'), *colon = strchr(begin, ':'), *query;
    char *text;

    text = at && colon && colon < at
               ? talloc_asprintf(ctx, "%.*s:***%s", (int)(colon - url), url, at)
               : talloc_strdup(ctx, url);
    query = text ? strcasestr(text, "password=") : NULL;
    if (!query)
        return text;
    return talloc_asprintf(ctx, "%.*s***", (int)(query + strlen("password=") - text), text);
}

static const char *shown_value(struct config_shown *shown, const struct option *option,
                               const char *value)
{
    bool url = value && (option->kind == OPTION_STORE || option->kind == OPTION_PROXY);
    const char *own = url ? without_password(shown->ctx, value) : value;

    shown->no_memory |= url && !own;
    return own;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void add_row(struct config_shown *shown, struct config_row row)
{
    struct config_row *place =
        array_grow(shown->ctx, &shown->rows, &shown->count, sizeof(*shown->rows));

    if (place)
        *place = row;
    shown->no_memory |= !place;
}

/* What the files say of the option for `section`; NULL: for none in particular. */
static bool add_settings(struct config_shown *shown, const struct option *option,
                         const struct subcommand *section)
{
    bool any = false;

    for (size_t i = 0; i < shown->config->count; i++) {
        const struct config_setting *setting = &shown->config->settings[i];

        if (setting->option != option || subcommand_named(setting->section) != section ||
            !config_counts(shown->config, setting, section ? section->bit : 0))
            continue;
        add_row(shown, (struct config_row){option->name, shown_value(shown, option, setting->value),
                                           setting->section, CONFIG_FILE, setting->where});
        any = true;
    }
    return any;
}

static void add_option(struct config_shown *shown, const struct option *option)
{
    const char *preset = !option->argument ? "no" : option->preset;
    const char *variable = environment_variable(option->name);

    if (variable)
        add_row(shown,
                (struct config_row){option->name,
                                    shown_value(shown, option, environment_value(option->name)),
                                    NULL, CONFIG_ENVIRONMENT, variable});
    else if (!add_settings(shown, option, NULL))
        add_row(shown, (struct config_row){option->name, preset, NULL, CONFIG_DEFAULT, NULL});
}

/* What a subcommand does where no file says anything, and others do not. */
static const struct {
    const char *key;
    enum command_bit command;
    const char *value; /* NULL: it depends on the machine */
} own_presets[] = {{"jobs", FOR_WATCH, "64"}, {"jobs", FOR_SCAN, NULL}};

static bool is_set(const struct config_shown *shown, const struct option *option)
{
    for (size_t i = 0; i < shown->config->count; i++)
        if (shown->config->settings[i].option == option && !shown->config->settings[i].section)
            return true;
    return false;
}

static void add_own_preset(struct config_shown *shown, const struct option *option,
                           const struct subcommand *section)
{
    for (size_t i = 0; i < sizeof(own_presets) / sizeof(own_presets[0]); i++)
        if (own_presets[i].command == section->bit && !is_set(shown, option) &&
            strcmp(own_presets[i].key, option->name) == 0)
            add_row(shown, (struct config_row){option->name, own_presets[i].value, section->name,
                                               CONFIG_DEFAULT, NULL});
}

static void add_rows(struct config_shown *shown)
{
    for (size_t i = 0; i < options_count; i++)
        if (options_table[i].in_file)
            add_option(shown, &options_table[i]);
    for (size_t s = 0; s < subcommand_count; s++)
        for (size_t i = 0; i < options_count; i++)
            if (!environment_variable(options_table[i].name) &&
                !add_settings(shown, &options_table[i], &subcommands[s]))
                add_own_preset(shown, &options_table[i], &subcommands[s]);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int show(struct config_shown *shown, const struct options *options)
{
    const struct config *config = shown->config;
    struct config_page_file *files =
        talloc_array(shown->ctx, struct config_page_file, config->source_count + 1);
    struct config_page page = {.files = files, .file_count = config->source_count};

    if (!files)
        return console_no_memory();
    for (size_t i = 0; i < config->source_count; i++)
        files[i] = (struct config_page_file){config->sources[i].path, !config->sources[i].absent};
    add_rows(shown);
    page.rows = shown->rows;
    page.count = shown->count;
    if (shown->no_memory)
        return console_no_memory();
    return options->json ? console_line(json_config(shown->ctx, &page))
                         : console_text(text_config(shown->ctx, &page, options->quiet));
}

int cmd_config(TALLOC_CTX *ctx, const struct options *options)
{
    struct config_shown shown = {.ctx = ctx};
    struct options own = *options;
    struct config config;
    int status;

    if (options->operand_count)
        return console_usage(_("unexpected: %s"), options->operands[0]);
    if (config_sources(ctx, options, &config) != STS_OK)
        return console_no_memory();
    status = config_read(ctx, &config);
    if (!status)
        status = config_apply(ctx, &config, FOR_CONFIG, &own);
    if (status)
        return status;
    if (own.lang)
        lang_use(own.lang);
    shown.config = &config;
    return show(&shown, options);
}
