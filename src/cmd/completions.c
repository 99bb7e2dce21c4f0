/* SPDX-License-Identifier: MIT */
/* completions.c - the completions of a shell, from the tables of subcommands and options.
 *
 * usage: completions bash|zsh|fish TEMPLATE        (run by the build)
 *
 * The template is copied; its line @TABLES@ becomes what differs from option to option. */
#include <stdio.h>
#include <string.h>

#include "cmd/option_row.h"
#include "cmd/subcommands.h"
#include "render/kb_entry.h"

#define LINE_BYTES 512 /* of a template */

/* ---- what can be offered for a value or an operand ------------------------------------------- */

enum value_sort {
    VALUE_TEXT, /* nothing */
    VALUE_FILE,
    VALUE_DIRECTORY,
    VALUE_CHOICES,
    VALUE_CODES,
    VALUE_SUBCOMMANDS,
};

/* Arguments and operands have the same names in --help where they mean the same. */
static enum value_sort value_sort_of(const char *argument)
{
    static const struct {
        const char *argument;
        enum value_sort sort;
    } sorts[] = {
        {"FILE", VALUE_FILE},
        {"OLD", VALUE_FILE},
        {"PATH", VALUE_FILE},
        {"WHERE", VALUE_FILE},
        {"DIR", VALUE_DIRECTORY},
        {"[CODE", VALUE_CODES},
        {"[SUBCOMMAND", VALUE_SUBCOMMANDS},
    };

    for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
        if (strncmp(argument, sorts[i].argument, strlen(sorts[i].argument)) == 0)
            return sorts[i].sort;
    return VALUE_TEXT;
}

static enum value_sort value_sort_of_option(const struct option *option)
{
    return option->choices ? VALUE_CHOICES : value_sort_of(option->argument);
}

/* The last word of its first usage. */
static const char *operand(const struct subcommand *command)
{
    const char *last = strrchr(command->usage[0], ' ');

    return last ? last + 1 : command->usage[0];
}

/* "|en|de|" with blanks. */
static void print_choices(const char *choices)
{
    for (const char *at = choices ? choices + 1 : ""; *at; at++)
        if (*at != '|' || at[1])
            putchar(*at == '|' ? ' ' : *at);
}

static void print_subcommands(void)
{
    for (size_t i = 0; i < subcommand_count; i++)
        printf("%s%s", i ? " " : "", subcommands[i].name);
}

static void print_words(enum value_sort sort, const char *choices)
{
    if (sort == VALUE_CHOICES)
        print_choices(choices);
    if (sort == VALUE_SUBCOMMANDS)
        print_subcommands();
    for (size_t i = 0; sort == VALUE_CODES && i < kb_entry_count(); i++)
        printf("%s%s", i ? " " : "", kb_entry_name(i));
}

/* The first sentence of a help, for single quotes; what is in `special` with a backslash. */
static void print_sentence(const char *help, const char *special)
{
    for (const char *at = help; *at; at++) {
        if (*at == '.' && (!at[1] || at[1] == ' '))
            break;
        if (strchr(special, *at))
            putchar('\\');
        if (*at == '\'')
            fputs("’", stdout);
        else
            putchar(*at);
    }
}

static void print_subcommands_of(const struct option *option, const char *between)
{
    bool any = false;

    for (size_t i = 0; i < subcommand_count; i++) {
        if (!(subcommands[i].bit & option->commands))
            continue;
        printf("%s%s", any ? between : "", subcommands[i].name);
        any = true;
    }
}

/* ---- bash ------------------------------------------------------------------------------------ */

static void bash_value(enum value_sort sort, const char *choices)
{
    static const char *const names[] = {"text",   "files",  "directories",
                                        "words ", "words ", "words "};

    printf(") echo '%s", names[sort]);
    print_words(sort, choices);
    puts("' ;;");
}

/* Of `command`, or all for 0. */
static void bash_options(const char *name, unsigned command)
{
    printf("    %s) echo '", name);
    for (size_t i = 0; i < options_count; i++) {
        const struct option *option = &options_table[i];

        if (command && !(option->commands & command))
            continue;
        printf(" --%s", option->name);
        if (command && option->letter)
            printf(" -%c", option->letter);
    }
    puts("' ;;");
}

static void bash_option_value(const struct option *option)
{
    if (!option->argument)
        return;
    printf("    ' --%s'", option->name);
    for (size_t i = 0; i < subcommand_count; i++) {
        if (!(subcommands[i].bit & option->commands))
            continue;
        printf("|'%s --%s'", subcommands[i].name, option->name);
        if (option->letter)
            printf("|'%s -%c'", subcommands[i].name, option->letter);
    }
    bash_value(value_sort_of_option(option), option->choices);
}

static void bash_tables(void)
{
    printf("_mtasts_commands()\n{\n    echo '");
    print_subcommands();
    puts("'\n}\n\n# _mtasts_operands SUBCOMMAND\n_mtasts_operands()\n{\n    case $1 in");
    for (size_t i = 0; i < subcommand_count; i++) {
        printf("    %s", subcommands[i].name);
        bash_value(value_sort_of(operand(&subcommands[i])), NULL);
    }
    puts("    esac\n}\n\n# _mtasts_options SUBCOMMAND\n_mtasts_options()\n{\n    case $1 in");
    for (size_t i = 0; i < subcommand_count; i++)
        bash_options(subcommands[i].name, subcommands[i].bit);
    bash_options("*", 0);
    puts("    esac\n}\n\n# _mtasts_value SUBCOMMAND OPTION: nothing where it takes none\n"
         "_mtasts_value()\n{\n    case \"$1 $2\" in");
    for (size_t i = 0; i < options_count; i++)
        bash_option_value(&options_table[i]);
    puts("    esac\n}");
}

/* ---- zsh ------------------------------------------------------------------------------------- */

static void zsh_value(const char *argument, enum value_sort sort, const char *choices)
{
    static const char *const actions[] = {" ", "_files", "_files -/"};

    printf(":%s:", argument);
    if (sort <= VALUE_DIRECTORY) {
        printf("%s", actions[sort]);
        return;
    }
    putchar('(');
    print_words(sort, choices);
    putchar(')');
}

/* One of the names of an option. */
static void zsh_option(const struct option *option, const char *name, char letter)
{
    bool many = option->kind == OPTION_LIST || option->kind == OPTION_RESOLVER;

    printf(" '%s", many ? "*" : "");
    if (letter && !many)
        printf("(--%s)", option->name);
    else if (option->letter && !many)
        printf("(-%c)", option->letter);
    if (letter)
        printf("-%c%s[", letter, option->argument ? "+" : "");
    else
        printf("--%s%s[", name, option->argument ? "=" : "");
    print_sentence(option->help, "[]:\\");
    putchar(']');
    if (option->argument)
        zsh_value(option->argument, value_sort_of_option(option), option->choices);
    putchar('\'');
}

static void zsh_row(const struct option *option)
{
    printf("    [[ $1 == (|");
    print_subcommands_of(option, "|");
    printf(") ]] && specs+=(");
    zsh_option(option, option->name, '\0');
    puts(" )");
    if (!option->letter)
        return;
    printf("    [[ $1 == (");
    print_subcommands_of(option, "|");
    printf(") ]] && specs+=(");
    zsh_option(option, option->name, option->letter);
    puts(" )");
}

static void zsh_tables(void)
{
    puts("_mtasts_subcommands() {\n    subcommands=(");
    for (size_t i = 0; i < subcommand_count; i++) {
        printf("        '%s:", subcommands[i].name);
        print_sentence(subcommands[i].summary, "\\");
        puts("'");
    }
    puts("    )\n}\n\n# The options and operands of a subcommand; the options of all where it is "
         "empty.\n"
         "_mtasts_specs() {\n    specs=()");
    for (size_t i = 0; i < options_count; i++)
        zsh_row(&options_table[i]);
    for (size_t i = 0; i < subcommand_count; i++) {
        const char *argument = operand(&subcommands[i]);

        printf("    [[ $1 == %s ]] && specs+=( '*", subcommands[i].name);
        zsh_value("ARGUMENT", value_sort_of(argument), NULL);
        puts("' )");
    }
    puts("    true\n}");
}

/* ---- fish ------------------------------------------------------------------------------------ */

static void fish_value(enum value_sort sort, const char *choices)
{
    static const char *const values[] = {" -x", " -r -F", " -x -a '(__fish_complete_directories)'"};

    if (sort <= VALUE_DIRECTORY) {
        printf("%s", values[sort]);
        return;
    }
    printf(" -x -a '");
    print_words(sort, choices);
    putchar('\'');
}

static void fish_option(const struct option *option)
{
    printf("complete -c mtasts -n '__mtasts_is ");
    print_subcommands_of(option, " ");
    printf("' -l %s", option->name);
    if (option->letter)
        printf(" -s %c", option->letter);
    if (option->argument)
        fish_value(value_sort_of_option(option), option->choices);
    printf(" -d '");
    print_sentence(option->help, "\\");
    puts("'");
}

static void fish_subcommand(const struct subcommand *command)
{
    enum value_sort sort = value_sort_of(operand(command));

    printf("complete -c mtasts -n 'not __mtasts_has' -a %s -d '", command->name);
    print_sentence(command->summary, "\\");
    puts("'");
    if (sort == VALUE_TEXT)
        return;
    printf("complete -c mtasts -n '__fish_seen_subcommand_from %s'", command->name);
    if (sort == VALUE_FILE)
        printf(" -F");
    else
        fish_value(sort, NULL);
    putchar('\n');
}

static void fish_tables(void)
{
    printf("function __mtasts_has\n    __fish_seen_subcommand_from ");
    print_subcommands();
    puts("\nend\n");
    for (size_t i = 0; i < subcommand_count; i++)
        fish_subcommand(&subcommands[i]);
    for (size_t i = 0; i < options_count; i++)
        fish_option(&options_table[i]);
}

/* ---- the template ---------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*tables)(void);
    } shells[] = {{"bash", bash_tables}, {"zsh", zsh_tables}, {"fish", fish_tables}};
    char line[LINE_BYTES];
    FILE *template = argc == 3 ? fopen(argv[2], "r") : NULL;

    if (!template)
        return EXIT_USAGE;
    while (fgets(line, sizeof(line), template)) {
        if (strcmp(line, "@TABLES@\n") != 0)
            fputs(line, stdout);
        for (size_t i = 0;
             strcmp(line, "@TABLES@\n") == 0 && i < sizeof(shells) / sizeof(shells[0]); i++)
            if (strcmp(shells[i].name, argv[1]) == 0)
                shells[i].tables();
    }
    fclose(template);
    return fflush(stdout) || ferror(stdout) ? EXIT_INTERNAL : 0;
}
