/* SPDX-License-Identifier: MIT */
/* write_files.c - advisories on standard output, their files in a folder. */
#include "cmd/write_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/replace.h"
#include "cmd/textout_options.h"
#include "render/advisory.h"

#define FEW_FILES 4 /* of a folder, that are named each */

/* ---- files ----------------------------------------------------------------------------------- */

static int not_written(const char *path)
{
    return console_internal(_("%s could not be written: %s"), path, _(strerror(errno)));
}

int write_file(TALLOC_CTX *ctx, const char *path, const char *text, size_t length)
{
    struct replace_set *set = replace_set_new(ctx);
    struct replacement *replacement = set ? replace_begin(set, path, text, length) : NULL;
    int status;

    if (!set)
        return console_no_memory();
    status = replacement && replace_finish(replacement) == 0 ? 0 : not_written(path);
    talloc_free(set);
    return status;
}

/* Each folder on the way to the file. */
static int make_folders(TALLOC_CTX *ctx, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        char *folder = talloc_strndup(ctx, path, (size_t)(slash - path));

        if (!folder)
            return console_no_memory();
        if (mkdir(folder, 0755) != 0 && errno != EEXIST)
            return not_written(folder);
        talloc_free(folder);
    }
    return 0;
}

/* Is something else at the place of the file? */
static bool holds_other(TALLOC_CTX *ctx, const char *path, const char *text)
{
    size_t length = strlen(text), got;
    FILE *file = fopen(path, "re");
    char *there;
    bool same;

    if (!file)
        return errno != ENOENT && errno != ENOTDIR;
    there = talloc_array(ctx, char, length + 2);
    got = there ? fread(there, 1, length + 1, file) : 0;
    same = there && got == length && !ferror(file) && memcmp(there, text, length) == 0;
    fclose(file);
    talloc_free(there);
    return !same;
}

/* One file of an advisory. */
struct file_place {
    char *path;
    const char *text;
    struct replace_set *set;
    struct replacement *replacement;
};

typedef int (*place_fn)(struct file_place *places, struct file_place *place);

static int check_place(struct file_place *places, struct file_place *place)
{
    if (!holds_other(places, place->path, place->text))
        return 0;
    return console_internal(
        _("%s already exists with different contents; nothing was written. Specify "
          "another directory, or use --force"),
        place->path);
}

static int prepare_place(struct file_place *places, struct file_place *place)
{
    int status = make_folders(places, place->path);

    if (status)
        return status;
    place->replacement = replace_begin(place->set, place->path, place->text, strlen(place->text));
    return place->replacement ? 0 : not_written(place->path);
}

static int fill_place(struct file_place *places, struct file_place *place)
{
    (void)places;
    return replace_finish(place->replacement) == 0 ? 0 : not_written(place->path);
}

static int each_place(struct file_place *places, size_t count, place_fn fn)
{
    int status = 0;

    for (size_t i = 0; !status && i < count; i++)
        status = fn(places, &places[i]);
    return status;
}

/* All of them are on the disk before the first takes its place: a full disk changes nothing. */
static int write_artefacts(const struct options *options, const struct advisory *a)
{
    size_t count = a->artefact_count;
    struct file_place *places = talloc_zero_array(NULL, struct file_place, (unsigned)count + 1);
    struct replace_set *set = places ? replace_set_new(places) : NULL;
    int status = 0;

    if (!set)
        TALLOC_FREE(places);
    for (size_t i = 0; places && i < count; i++) {
        places[i].set = set;
        places[i].text = a->artefacts[i].text;
        places[i].path = talloc_asprintf(places, "%s/%s", options->out, a->artefacts[i].file);
        if (!places[i].path)
            TALLOC_FREE(places);
    }
    if (!places)
        return console_no_memory();
    if (!options->force)
        status = each_place(places, count, check_place);
    if (!status)
        status = each_place(places, count, prepare_place);
    if (!status)
        status = each_place(places, count, fill_place);
    talloc_free(places);
    return status;
}

/* ---- what was written ------------------------------------------------------------------------ */

/* How many files behind this one are in the same folder as it. */
static size_t folder_length(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? (size_t)(slash - file) + 1 : 0;
}

static size_t same_folder(const struct advisory *a, size_t from)
{
    const char *file = a->artefacts[from].file;
    size_t length = folder_length(file), count = 1;

    while (length && from + count < a->artefact_count &&
           folder_length(a->artefacts[from + count].file) == length &&
           strncmp(a->artefacts[from + count].file, file, length) == 0)
        count++;
    return count;
}

/* A line a file; a folder with many of them is one. */
static char *written(TALLOC_CTX *ctx, const struct options *options, const struct advisory *a)
{
    char *text = talloc_asprintf(ctx, "\n%s\n", _("Files written:"));

    for (size_t i = 0, count; text && i < a->artefact_count; i += count) {
        const char *file = a->artefacts[i].file;

        count = same_folder(a, i);
        if (count <= FEW_FILES) {
            count = 1;
            text = talloc_asprintf_append_buffer(text, "  %s/%s\n", options->out, file);
        } else {
            text = talloc_asprintf_append_buffer(text, "  %s/%.*s ", options->out,
                                                 (int)folder_length(file), file);
            text = talloc_asprintf_append_buffer(text, ngettext("(%zu file)", "(%zu files)", count),
                                                 count);
            text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
        }
    }
    return text;
}

/* ---- standard output ------------------------------------------------------------------------- */

char *write_advisory(TALLOC_CTX *ctx, const struct options *options, const struct advisory *a,
                     const char *format, int *ret_status)
{
    struct textout_options page = textout_options_of(options);
    int failed = 0;
    char *text;

    if (a->no_memory)
        return NULL;
    *ret_status = severity_exit(advisory_worst(a));
    if (options->out)
        failed = write_artefacts(options, a);
    *ret_status = exit_status_worse(*ret_status, failed);
    text =
        options->json ? json_advisory(ctx, a, format) : text_advisory(ctx, a, !options->out, &page);
    if (text && options->out && !failed && a->artefact_count && !options->json && !options->quiet)
        text = talloc_strdup_append_buffer(text, written(ctx, options, a));
    /* A line end behind JSON, a blank line between domains. */
    if (text && (options->json || !options->quiet))
        text = talloc_strdup_append_buffer(text, "\n");
    return text;
}
