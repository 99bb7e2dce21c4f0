/* SPDX-License-Identifier: MIT */
/* option_find.c - which option a word of the command line means.
 *
 * "--jobs", "--jobs=4", "-o", "-oFILE", and any beginning of a long name that means one option of
 * the subcommand only.  Where the subcommand is not known yet, all options count. */
#include "cmd/option_row.h"

#include <string.h>

#include "cmd/suggest.h"

const struct option *option_named(const char *name)
{
    for (size_t i = 0; i < options_count; i++)
        if (strcmp(options_table[i].name, name) == 0)
            return &options_table[i];
    return NULL;
}

void suggest_options(struct suggestion *near, unsigned commands, bool only_in_file)
{
    for (size_t i = 0; i < options_count; i++)
        if (options_table[i].commands & commands && (options_table[i].in_file || !only_in_file))
            suggest_offer(near, options_table[i].name);
}

static bool is_named(const char *own, const char *name, size_t length)
{
    return own && strlen(own) == length && strncmp(own, name, length) == 0;
}

static const struct option *find_exactly(const char *name, size_t length, unsigned commands)
{
    const struct option *foreign = NULL;

    for (size_t i = 0; i < options_count; i++) {
        const struct option *option = &options_table[i];

        if (!is_named(option->name, name, length) && !is_named(option->former, name, length))
            continue;
        if (option->commands & commands)
            return option;
        foreign = option;
    }
    return foreign;
}

/* The first two that begin so. */
static void find_beginning(struct option_word *ret, const char *name, size_t length,
                           unsigned commands)
{
    for (size_t i = 0; i < options_count && !ret->other; i++) {
        const struct option *option = &options_table[i];

        if (!(option->commands & commands) || strncmp(option->name, name, length) != 0)
            continue;
        if (ret->option)
            ret->other = option;
        else
            ret->option = option;
    }
}

static const struct option *find_letter(char letter, unsigned commands)
{
    const struct option *foreign = NULL;

    for (size_t i = 0; i < options_count; i++) {
        if (options_table[i].letter != letter)
            continue;
        if (options_table[i].commands & commands)
            return &options_table[i];
        foreign = &options_table[i];
    }
    return foreign;
}

/* The "vv" of "-vvv". */
static bool is_repeated(const struct option *option, const char *more)
{
    const char letter[] = {option->letter, '\0'};

    return option->kind == OPTION_LEVEL && !more[strspn(more, letter)];
}

static struct option_word read_letter(const char *word, unsigned commands)
{
    struct option_word read = {.option = find_letter(word[1], commands)};

    if (word[2])
        read.value = word + 2;
    if (read.value && read.option && !read.option->argument && !is_repeated(read.option, word + 2))
        read.option = NULL; /* "-json" is no -j */
    return read;
}

struct option_word option_find(const char *word, unsigned commands)
{
    size_t length = strcspn(word, "=");
    struct option_word read = {NULL, NULL, word[length] ? word + length + 1 : NULL};

    if (word[1] != '-')
        return read_letter(word, commands);
    if (length < 4) /* one letter is no long name */
        return read;
    read.option = find_exactly(word + 2, length - 2, commands);
    if (!read.option)
        find_beginning(&read, word + 2, length - 2, commands);
    return read;
}

int options_width(int argc, char **argv)
{
    struct option_word read;

    if (argc < 1 || argv[0][0] != '-' || !argv[0][1] || strcmp(argv[0], "--") == 0)
        return 0;
    read = option_find(argv[0], ~0u);
    if (read.other && !read.value && !read.option->argument != !read.other->argument)
        return OPTIONS_WIDTH_UNKNOWN;
    return read.option && read.option->argument && !read.value && argc > 1 ? 2 : 1;
}

const char *options_early(int argc, char **argv, const char *name)
{
    const char *value = NULL;
    int width;

    for (int i = 0; i < argc && argv[i] && strcmp(argv[i], "--") != 0; i += width) {
        struct option_word read = {NULL, NULL, NULL};

        width = options_width(argc - i, argv + i);
        if (width > 0)
            read = option_find(argv[i], ~0u);
        width = width > 0 ? width : 1;
        if (!read.option || strcmp(read.option->name, name) != 0)
            continue;
        value = read.value ? read.value : width == 2 ? argv[i + 1] : "";
    }
    return value;
}
