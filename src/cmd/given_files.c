/* SPDX-License-Identifier: MIT */
/* given_files.c - files given where domains are expected, and domains where files are.
 *
 * A file may well be called like a domain (policies are often kept so), so one counts only where no
 * domain can be meant: a path, a name without a dot, or the ending of a kind of file. */
#include "cmd/given_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mtasts/match.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cmd/console.h"
#include "cmd/scan_word.h"
#include "cmd/option_row.h"

#define HEAD_MAX 4096 /* bytes that tell what a file is */

static bool takes(enum command_bit command, const char *option)
{
    const struct option *row = option_named(option);

    return row && row->commands & command;
}

/* ---- what a file is -------------------------------------------------------------------------- */

static bool ends_like_a_file(const char *path)
{
    static const char *const endings[] = {".txt",  ".json", ".gz",   ".zip",  ".eml",
                                          ".mbox", ".csv",  ".xml",  ".lst",  ".xz",
                                          ".zst",  ".conf", ".list", ".jsonl"};
    size_t length = strlen(path);

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t own = strlen(endings[i]);

        if (length > own && strcasecmp(path + length - own, endings[i]) == 0)
            return true;
    }
    return false;
}

static bool is_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_meant_as_file(const char *path)
{
    return (strchr(path, '/') || !strchr(path, '.') || ends_like_a_file(path)) && is_file(path);
}

/* The text it begins with; "" where it cannot be read. */
static void read_head(const char *path, char head[HEAD_MAX + 1])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t length = fd >= 0 ? read(fd, head, HEAD_MAX) : -1;

    head[length > 0 ? length : 0] = '\0';
    if (fd >= 0)
        close(fd);
}

/* What the words of a file tell, the surest first. */
static const struct {
    const char *begin, *word; /* NULL: whatever it is */
    const char *as;           /* the option that takes such a file; NULL: none */
    const char *otherwise;    /* the command for it, where the own one lacks that option */
} kinds[] = {
    {"{", "\"mtasts.facts/", "from", "check --from"},
    {"{", "\"polic", NULL, "report"},
    {"{", "\"organization-name\"", NULL, "report"},
    {"\037\213", NULL, NULL, "report"},
    {"PK\003\004", NULL, NULL, "report"},
    {"From ", NULL, NULL, "report"},
    {NULL, "\nContent-Type:", NULL, "report"},
    {NULL, "STSv1", NULL, "lint"},
    {NULL, "mode:", NULL, "lint"},
    {NULL, "max_age:", NULL, "lint"},
    {NULL, NULL, "domains", "scan"},
};

static int say_file(TALLOC_CTX *ctx, enum command_bit command, const char *name, const char *path)
{
    char head[HEAD_MAX + 1];
    const char *begin, *quoted = text_shell_quote(ctx, path);
    size_t i = 0;
    bool own;

    if (!quoted)
        return console_no_memory();
    read_head(path, head);
    begin = head + strspn(head, " \t\r\n");
    while ((kinds[i].begin && strncmp(begin, kinds[i].begin, strlen(kinds[i].begin)) != 0) ||
           (kinds[i].word && !strstr(begin, kinds[i].word)))
        i++;
    own = kinds[i].as && takes(command, kinds[i].as);
    return console_usage(_("%s is a file; did you mean mtasts %s%s%s %s?"), path,
                         own ? name : kinds[i].otherwise, own ? " --" : "", own ? kinds[i].as : "",
                         quoted);
}

/* ---- what a domain is ------------------------------------------------------------------------ */

static int check_domain(const char *path)
{
    char name[STS_NAME_SIZE];

    if (strchr(path, '/') || !strchr(path, '.') || ends_like_a_file(path) ||
        access(path, F_OK) == 0 || sts_name_from_user(path, name) != STS_OK)
        return 0;
    return console_internal(_("%s could not be read: %s; did you mean mtasts check %s?"), path,
                            _("No such file or directory"), name);
}

int given_files_check(TALLOC_CTX *ctx, enum command_bit command, const char *name,
                      const struct options *options)
{
    int status = 0;

    for (size_t i = 0; !status && i < options->operand_count; i++) {
        const char *operand = options->operands[i];

        if (takes(command, "domains") && is_meant_as_file(operand))
            status = say_file(ctx, command, name, operand);
        else if (command & (FOR_LINT | FOR_SCAN) &&
                 scan_word_of(options->operands, options->operand_count) == SCAN_WORDS)
            status = check_domain(operand);
    }
    return status;
}
