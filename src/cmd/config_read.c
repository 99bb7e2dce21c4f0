/* SPDX-License-Identifier: MIT */
/* config_read.c - the configuration files: which there are, and what they set. */
#include "cmd/config_read.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/i18n.h"
#include "cmd/config_file.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "cmd/subcommands.h"
#include "cmd/suggest.h"

#define CONFIG_VARIABLE "MTASTS_CONFIG"

/* ---- which files ----------------------------------------------------------------------------- */

static bool add_source(TALLOC_CTX *ctx, struct config *config, const char *path, bool named)
{
    struct config_source *source =
        path ? array_grow(ctx, &config->sources, &config->source_count, sizeof(*source)) : NULL;

    if (source)
        *source = (struct config_source){path, named, false};
    return source;
}

/* NULL: no such place; *ret_memory: or no memory. */
static const char *path_of_user(TALLOC_CTX *ctx, bool *ret_memory)
{
    const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME"), *path = NULL;

    *ret_memory = true;
    if (folder && *folder == '/')
        path = talloc_asprintf(ctx, "%s/mtasts/config", folder);
    else if (home && *home == '/')
        path = talloc_asprintf(ctx, "%s/.config/mtasts/config", home);
    else
        return NULL;
    *ret_memory = path;
    return path;
}

enum sts_status config_sources(TALLOC_CTX *ctx, const struct options *options, struct config *ret)
{
    const char *variable = getenv(CONFIG_VARIABLE), *user;
    bool memory;

    *ret = (struct config){NULL, 0, NULL, 0};
    if (options->no_config)
        return STS_OK;
    if (options->config || (variable && *variable))
        return add_source(ctx, ret, options->config ? options->config : variable, true)
                   ? STS_OK
                   : STS_E_NOMEM;
    user = path_of_user(ctx, &memory);
    memory = memory && add_source(ctx, ret, CONFIG_SYSTEM, false) &&
             (!user || add_source(ctx, ret, user, false));
    return memory ? STS_OK : STS_E_NOMEM;
}

/* ---- one file -------------------------------------------------------------------------------- */

/* The user's folder may be hidden from a service; then nobody can say that there is a file. */
static bool is_hidden(TALLOC_CTX *ctx, const char *path)
{
    char *copy = talloc_strdup(ctx, path);

    return copy && access(dirname(copy), X_OK) != 0;
}

static int refuse_mode(const struct config_source *source, const struct stat *status)
{
    if (S_ISDIR(status->st_mode))
        return console_internal(_("%s could not be read: %s"), source->path, _(strerror(EISDIR)));
    if (!S_ISREG(status->st_mode))
        return 0;
    if (status->st_mode & S_IWOTH)
        return console_usage(_("%s: every user can write to this file; run chmod o-w %s"),
                             source->path, source->path);
    if (!source->named && status->st_uid != 0 && status->st_uid != geteuid())
        return console_usage(
            _("%s: this file belongs to another user; if its content is yours, use "
              "--config %s, else --no-config"),
            source->path, source->path);
    return 0;
}

static int open_source(TALLOC_CTX *ctx, struct config_source *source, int *ret)
{
    int fd = open(source->path, O_RDONLY | O_CLOEXEC);

    *ret = fd;
    if (fd >= 0)
        return 0;
    source->absent = !source->named && (errno == ENOENT || errno == ENOTDIR ||
                                        (errno == EACCES && is_hidden(ctx, source->path)));
    if (source->absent)
        return 0;
    return console_internal(_("%s could not be read: %s; correct that, or use --no-config"),
                            source->path, _(strerror(errno)));
}

/* The ceiling is the parser's; one byte more shows that it was passed. */
static int read_text(TALLOC_CTX *ctx, const struct config_source *source, int fd, struct bytes *ret)
{
    char *text = talloc_size(ctx, CONFIG_FILE_MAX + 2);
    size_t length = 0;
    ssize_t got = 1;

    while (text && got > 0 && length <= CONFIG_FILE_MAX) {
        got = read(fd, text + length, CONFIG_FILE_MAX + 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    *ret = (struct bytes){text, length};
    if (!text)
        return console_no_memory();
    return got < 0
               ? console_internal(_("%s could not be read: %s"), source->path, _(strerror(errno)))
               : 0;
}

/* ---- one line -------------------------------------------------------------------------------- */

struct line_reading {
    TALLOC_CTX *ctx;
    struct config *config;
    const struct config_line *line;
    const struct stat *status; /* of the file */
    size_t source;
    const char *where; /* "FILE:LINE" */
};

static int unknown_section(const struct line_reading *r)
{
    struct suggestion near = suggest_begin(r->line->section);
    char *wrong =
        talloc_asprintf(r->ctx, _("%s: [%s]: unknown subcommand"), r->where, r->line->section);

    suggest_subcommands(&near);
    return suggest_usage(&near, "", wrong ? wrong : r->where, _("mtasts --help lists them"));
}

static int find_section(const struct line_reading *r, unsigned *ret)
{
    const struct subcommand *section = subcommand_named(r->line->section);

    *ret = section ? section->bit : ~0u;
    return r->line->section && !section ? unknown_section(r) : 0;
}

static int unknown_key(const struct line_reading *r, unsigned commands)
{
    struct suggestion near = suggest_begin(r->line->key);
    char *wrong = talloc_asprintf(r->ctx, _("%s: %s: unknown key"), r->where, r->line->key);

    suggest_options(&near, commands, true);
    return suggest_usage(&near, "", wrong ? wrong : r->where, _("mtasts config lists them"));
}

static int find_key(const struct line_reading *r, unsigned commands, const struct option **ret)
{
    *ret = option_named(r->line->key);
    if (!*ret)
        return unknown_key(r, commands);
    if (!(*ret)->in_file)
        return console_usage(_("%s: %s: only on the command line"), r->where, r->line->key);
    if (!((*ret)->commands & commands))
        return console_usage(_("%s: %s: not an option of %s"), r->where, r->line->key,
                             r->line->section);
    return 0;
}

/* "~/x" is below the home directory, "x" beside the file. */
static const char *absolute(const struct line_reading *r, const char *value)
{
    const char *home = getenv("HOME");
    char *file;

    if (*value == '/' || strstr(value, "://") || strcmp(value, "none") == 0 || !*value)
        return value;
    if (strncmp(value, "~/", 2) == 0 && home && *home == '/')
        return talloc_asprintf(r->ctx, "%s%s", home, value + 1);
    file = talloc_strdup(r->ctx, r->config->sources[r->source].path);
    return file ? talloc_asprintf(r->ctx, "%s/%s", dirname(file), value) : NULL;
}

/* "yes" or "no"; NULL: neither. */
static const char *yes_or_no(const char *value)
{
    static const char *const words[][2] = {
        {"yes", "no"}, {"true", "false"}, {"on", "off"}, {"1", "0"}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        for (size_t no = 0; no < 2; no++)
            if (strcmp(value, words[i][no]) == 0)
                return words[0][no];
    return NULL;
}

static bool has_password(const struct option *option, const char *value)
{
    if (option->kind == OPTION_PROXY)
        return strchr(value, '@');
    return option->kind == OPTION_STORE && open_store_has_password(value);
}

/* As the command line would. */
static int check_value(const struct line_reading *r, const struct option *option, const char *value)
{
    struct options scratch = {.now = NOW_UNSET};
    char *shown = talloc_asprintf(r->ctx, "%s: %s", r->where, option->name);

    if (!shown)
        return console_no_memory();
    if (has_password(option, value) && S_ISREG(r->status->st_mode) && r->status->st_mode & S_IROTH)
        return console_usage(_("%s: contains a password, and every user can read the file; "
                               "run chmod o= %s"),
                             shown, r->config->sources[r->source].path);
    if (option->kind == OPTION_STORE)
        return open_store_check(shown, value);
    return option_set(r->ctx, option, shown, value, &scratch);
}

static bool is_same_place(const struct line_reading *r, const struct option *option,
                          const struct config_setting *other)
{
    bool same = other->section && r->line->section ? strcmp(other->section, r->line->section) == 0
                                                   : other->section == r->line->section;

    return same && other->source == r->source && other->option == option;
}

static bool is_none(const struct option *option, const char *value)
{
    return option->kind == OPTION_RESOLVER && strcmp(value, "none") == 0;
}

static int check_repeated(const struct line_reading *r, const struct option *option)
{
    const struct config *config = r->config;
    bool list = option->kind == OPTION_LIST || option->kind == OPTION_RESOLVER;

    for (size_t i = 0; i < config->count; i++) {
        const struct config_setting *other = &config->settings[i];

        if (!is_same_place(r, option, other))
            continue;
        if (!list)
            return console_usage(_("%s: %s: already set in line %zu"), r->where, option->name,
                                 other->line);
        if (is_none(option, other->value) || is_none(option, r->line->value))
            return console_usage("%s: %s", r->where,
                                 _("--resolver none cannot be combined with other resolvers"));
    }
    return 0;
}

static int read_line(const struct line_reading *r)
{
    struct config_setting *setting;
    const struct option *option = NULL;
    const char *value = r->line->value;
    unsigned commands;
    int status = find_section(r, &commands);

    if (!status && r->line->key)
        status = find_key(r, commands, &option);
    if (status || !option)
        return status;
    status = check_repeated(r, option);
    if (status)
        return status;
    if (!option->argument && !(value = yes_or_no(value)))
        return console_usage(_("%s: %s: expected yes or no"), r->where, option->name);
    status = check_value(r, option, value);
    if (status)
        return status;
    if (option->is_path)
        value = absolute(r, value);
    setting = !value
                  ? NULL
                  : array_grow(r->ctx, &r->config->settings, &r->config->count, sizeof(*setting));
    if (!setting)
        return console_no_memory();
    *setting = (struct config_setting){option,   r->line->section, commands,     value,
                                       r->where, r->source,        r->line->line};
    return 0;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int read_lines(TALLOC_CTX *ctx, struct config *config, size_t source, struct bytes text,
                      const struct stat *mode)
{
    const char *path = config->sources[source].path;
    struct config_file file;
    int status = 0;

    if (config_file_parse(ctx, text, &file) != STS_OK)
        return console_no_memory();
    for (size_t i = 0; !status && i < file.count; i++) {
        const struct line_reading r = {
            ctx,  config, &file.lines[i],
            mode, source, talloc_asprintf(ctx, "%s:%zu", path, file.lines[i].line)};

        status = r.where ? read_line(&r) : console_no_memory();
    }
    if (!status && file.fault)
        return console_usage("%s:%zu: %s", path, file.fault_line, _(file.fault));
    return status;
}

static int read_source(TALLOC_CTX *ctx, struct config *config, size_t i)
{
    struct stat mode;
    struct bytes text;
    int fd, status = open_source(ctx, &config->sources[i], &fd);

    if (status || fd < 0)
        return status;
    if (fstat(fd, &mode))
        status = console_internal(_("%s could not be read: %s"), config->sources[i].path,
                                  _(strerror(errno)));
    if (!status)
        status = refuse_mode(&config->sources[i], &mode);
    if (!status)
        status = read_text(ctx, &config->sources[i], fd, &text);
    close(fd);
    return status ? status : read_lines(ctx, config, i, text, &mode);
}

int config_read(TALLOC_CTX *ctx, struct config *config)
{
    int status = 0;

    for (size_t i = 0; !status && i < config->source_count; i++)
        status = read_source(ctx, config, i);
    return status;
}
