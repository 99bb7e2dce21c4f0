/* SPDX-License-Identifier: MIT */
/* out.c - outlines on standard output, their files in a folder. */
#include "cmd/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/say.h"
#include "render/outline.h"

/* ---- files ----------------------------------------------------------------------------------- */

static int not_written(const char *path)
{
    return say_internal(_("%s could not be written: %s"), path, strerror(errno));
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length) {
        ssize_t done = write(fd, text, length);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        text += done;
        length -= (size_t)done;
    }
    return fsync(fd) == 0;
}

/* The text beside its place, under a name of its own, wholly on the disk. */
static int write_beside(const char *path, const char *beside, const char *text, size_t length)
{
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    int status;

    if (fd < 0)
        return not_written(path);
    if (!write_all(fd, text, length)) {
        status = not_written(path);
        close(fd);
        unlink(beside);
        return status;
    }
    if (close(fd) == 0)
        return 0;
    status = not_written(path);
    unlink(beside);
    return status;
}

static int put_in_place(const char *path, const char *beside)
{
    int status;

    if (rename(beside, path) == 0)
        return 0;
    status = not_written(path);
    unlink(beside);
    return status;
}

static char *beside_of(TALLOC_CTX *ctx, const char *path)
{
    return talloc_asprintf(ctx, "%s.new", path);
}

int out_file(TALLOC_CTX *ctx, const char *path, const char *text, size_t length)
{
    char *beside = beside_of(ctx, path);
    int status;

    if (!beside)
        return say_no_memory();
    status = write_beside(path, beside, text, length);
    if (!status)
        status = put_in_place(path, beside);
    talloc_free(beside);
    return status;
}

/* Each folder on the way to the file. */
static int make_folders(TALLOC_CTX *ctx, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        char *folder = talloc_strndup(ctx, path, (size_t)(slash - path));

        if (!folder)
            return say_no_memory();
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

typedef int (*place_fn)(TALLOC_CTX *ctx, const char *path, const char *text);

static int check_place(TALLOC_CTX *ctx, const char *path, const char *text)
{
    if (!holds_other(ctx, path, text))
        return 0;
    return say_internal(_("%s is there already with other contents; nothing was written. Name "
                          "another folder, or use --force"),
                        path);
}

static int prepare_place(TALLOC_CTX *ctx, const char *path, const char *text)
{
    char *beside = beside_of(ctx, path);
    int status;

    if (!beside)
        return say_no_memory();
    status = make_folders(ctx, path);
    return status ? status : write_beside(path, beside, text, strlen(text));
}

static int fill_place(TALLOC_CTX *ctx, const char *path, const char *text)
{
    char *beside = beside_of(ctx, path);

    (void)text;
    return beside ? put_in_place(path, beside) : say_no_memory();
}

static int clear_place(TALLOC_CTX *ctx, const char *path, const char *text)
{
    char *beside = beside_of(ctx, path);

    (void)text;
    if (beside)
        unlink(beside);
    return 0;
}

static int each_place(const struct options *options, const struct outline *o, place_fn fn)
{
    int status = 0;

    for (size_t i = 0; !status && i < o->artefact_count; i++) {
        TALLOC_CTX *unit = talloc_new(o);
        char *path = talloc_asprintf(unit, "%s/%s", options->out, o->artefacts[i].file);

        status = path ? fn(unit, path, o->artefacts[i].text) : say_no_memory();
        talloc_free(unit);
    }
    return status;
}

/* All of them are on the disk before the first takes its place: a full disk changes nothing. */
static int write_artefacts(const struct options *options, const struct outline *o)
{
    int status = options->force ? 0 : each_place(options, o, check_place);

    if (status)
        return status;
    status = each_place(options, o, prepare_place);
    if (!status)
        return each_place(options, o, fill_place);
    (void)each_place(options, o, clear_place);
    return status;
}

/* ---- standard output ------------------------------------------------------------------------- */

char *out_outline(TALLOC_CTX *ctx, const struct options *options, const struct outline *o,
                  const char *format, int *ret_status)
{
    struct page_options page = say_page_options(options);
    char *text;

    if (o->no_memory)
        return NULL;
    *ret_status = severity_exit(outline_worst(o));
    if (options->out)
        *ret_status = judge_worse(*ret_status, write_artefacts(options, o));
    text =
        options->json ? json_outline(ctx, o, format) : text_outline(ctx, o, !options->out, &page);
    /* A line end behind JSON, a blank line between domains. */
    if (text && (options->json || !options->quiet))
        text = talloc_strdup_append_buffer(text, "\n");
    return text;
}
