/* SPDX-License-Identifier: MIT */
/* config_apply.c - which settings count for a subcommand, and what they set. */
#include <string.h>

#include "base/i18n.h"
#include "cmd/config_read.h"
#include "cmd/console.h"
#include "cmd/environment.h"

/* ---- which one counts ------------------------------------------------------------------------ */

/* The user's file before the system's, in each the section before the rest. */
static size_t rank(const struct config_setting *setting)
{
    return 2 * setting->source + (setting->section != NULL);
}

static bool is_for(const struct config_setting *setting, unsigned command)
{
    return !setting->section || setting->commands & command;
}

bool config_counts(const struct config *config, const struct config_setting *setting,
                   unsigned command)
{
    if (!is_for(setting, command) || (command && !(setting->option->commands & command)))
        return false;
    for (size_t i = 0; i < config->count; i++) {
        const struct config_setting *other = &config->settings[i];

        if (other->option == setting->option && is_for(other, command) &&
            rank(other) > rank(setting))
            return false;
    }
    return true;
}

/* ---- what overrides it ----------------------------------------------------------------------- */

/* The environment, the command line's other options and its operands: where one of these says what
 * the file says, or what does not go together with it. */
static bool is_overridden(const char *name, enum command_bit command, const struct options *o)
{
    const struct {
        const char *name;
        bool overridden;
    } rows[] = {
        {"ipv4", o->ipv6},
        {"ipv6", o->ipv4},
        {"domains", o->operand_count || o->from || o->plugin},
        {"save", o->now != NOW_UNSET},
        {"interval", o->from != NULL},
        {"dkim", command == FOR_REPORT && !o->operand_count},
        {"require-dkim", command == FOR_REPORT && !o->operand_count},
        {"full", o->brief},
        {"short", o->full},
        {"quiet", o->verbose},
        {"verbose", o->quiet},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].overridden;
    return environment_value(name);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int set(TALLOC_CTX *ctx, const struct config_setting *setting, struct options *options)
{
    const struct option *option = setting->option;
    char *shown = talloc_asprintf(ctx, "%s: %s", setting->where, option->name);

    if (!shown)
        return console_no_memory();
    if (option->kind == OPTION_STORE) {
        options->store_of_file = setting->value;
        return 0;
    }
    if (!option->argument && strcmp(setting->value, "no") == 0)
        return 0;
    return option_set(ctx, option, shown, setting->value, options);
}

int config_apply(TALLOC_CTX *ctx, const struct config *config, enum command_bit command,
                 struct options *options)
{
    const struct options before = *options;
    int status = 0;

    for (size_t i = 0; !status && i < config->count; i++) {
        const struct config_setting *setting = &config->settings[i];

        if (options->given[setting->option - options_table] ||
            !config_counts(config, setting, command) ||
            is_overridden(setting->option->name, command, &before))
            continue;
        status = set(ctx, setting, options);
        if (!status && setting->section)
            status = options_check_jobs(command, options, setting->where);
        else
            options_limit_jobs(command, options);
    }
    return status;
}
