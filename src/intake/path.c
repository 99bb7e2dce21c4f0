/* SPDX-License-Identifier: MIT */
/* path.c - files, folders, Maildirs and standard input. */
#include "intake/job.h"
#include "intake/parser.h"
#include "intake/piece.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct visit {
    const struct intake_sink *sink;
    struct intake_result *result;
    TALLOC_CTX *ctx;
};

static void visit_folder(struct visit *visit, const char *path, int depth);

static void reject(struct visit *visit, const char *path, const char *why, const char *detail)
{
    struct intake_source source = {.path = path, .rejections = 1};

    visit->sink->rejected(visit->sink->arg, &source, why, detail);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* A file's, or that of bytes which are taken as one. */
static void take_job(struct visit *visit, const char *path, bool mailbox,
                     void (*take)(struct job *job, const void *from), const void *from)
{
    TALLOC_CTX *mine = talloc_new(visit->ctx);
    const char *slash = strrchr(path, '/');
    size_t told = 0, left = INTAKE_UNPACKED_MAX;
    struct job job = {.sink = visit->sink,
                      .result = visit->result,
                      .told = &told,
                      .ctx = mine,
                      .source = {.path = path},
                      .origin = {.file_name = slash ? slash + 1 : path},
                      .left = &left,
                      .first = true,
                      .mailbox = mailbox};

    visit->result->files++;
    if (!mine)
        visit->result->no_memory = true;
    else
        take(&job, from);
    talloc_free(mine);
}

static void take_open_file(struct job *job, const void *from)
{
    job_take_file(job, *(const int *)from);
}

static void take_bytes(struct job *job, const void *from)
{
    piece_hand(job, &(struct piece){.kind = PIECE_WHOLE, .bytes = *(const struct bytes *)from});
    piece_hand(job, &(struct piece){.kind = PIECE_END});
}

static void take_file(struct visit *visit, int fd, const char *path, bool mailbox)
{
    take_job(visit, path, mailbox, take_open_file, &fd);
}

static void visit_file(struct visit *visit, const char *path, bool mailbox)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) {
        reject(visit, path, N_("it cannot be opened"), strerror(errno));
        return;
    }
    take_file(visit, fd, path, mailbox);
    close(fd);
}

/* ---- folders --------------------------------------------------------------------------------- */

static bool is_folder(const char *path)
{
    struct stat status;

    return !stat(path, &status) && S_ISDIR(status.st_mode);
}

static bool has_folder(TALLOC_CTX *ctx, const char *path, const char *name)
{
    char *inner = talloc_asprintf(ctx, "%s/%s", path, name);
    bool there = inner && is_folder(inner);

    talloc_free(inner);
    return there;
}

static bool is_maildir(TALLOC_CTX *ctx, const char *path)
{
    return has_folder(ctx, path, "cur") && has_folder(ctx, path, "new");
}

typedef void visit_entry(struct visit *visit, const char *path, const char *name,
                         const struct stat *status, int depth);

/* By name, so that each run reads in the same order.  Links to folders are not followed. */
static void each_entry(struct visit *visit, const char *folder, visit_entry *entry, int depth)
{
    struct dirent **names;
    int count = scandir(folder, &names, NULL, alphasort);

    if (count < 0) {
        reject(visit, folder, N_("the directory cannot be read"), strerror(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char *path = talloc_asprintf(visit->ctx, "%s/%s", folder, name);
        struct stat status;

        if (path && !visit->result->stop && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
            !lstat(path, &status)) {
            if (S_ISLNK(status.st_mode) && (stat(path, &status) || S_ISDIR(status.st_mode)))
                status.st_mode = 0;
            entry(visit, path, name, &status, depth);
        }
        talloc_free(path);
        free(names[i]);
    }
    free(names);
}

static void visit_mail(struct visit *visit, const char *path, const char *name,
                       const struct stat *status, int depth)
{
    (void)depth;
    if (S_ISREG(status->st_mode) && name[0] != '.')
        visit_file(visit, path, true);
}

/* cur and new hold mails; ".Name" is a Maildir inside (Maildir++). */
static void visit_maildir_entry(struct visit *visit, const char *path, const char *name,
                                const struct stat *status, int depth)
{
    if (!S_ISDIR(status->st_mode))
        return;
    if (!strcmp(name, "cur") || !strcmp(name, "new"))
        each_entry(visit, path, visit_mail, depth);
    else if (is_maildir(visit->ctx, path))
        visit_folder(visit, path, depth + 1);
}

static void visit_folder_entry(struct visit *visit, const char *path, const char *name,
                               const struct stat *status, int depth)
{
    if (name[0] == '.')
        return;
    if (S_ISDIR(status->st_mode))
        visit_folder(visit, path, depth + 1);
    else if (S_ISREG(status->st_mode))
        visit_file(visit, path, false);
}

static void visit_folder(struct visit *visit, const char *path, int depth)
{
    if (depth > INTAKE_FOLDERS_MAX)
        reject(visit, path, N_("the directories are nested too deeply"), NULL);
    else
        each_entry(visit, path,
                   is_maildir(visit->ctx, path) ? visit_maildir_entry : visit_folder_entry, depth);
}

void intake_open(const struct intake_sink *sink, int fd, const char *path,
                 struct intake_result *result)
{
    struct visit visit = {sink, result, talloc_new(NULL)};

    if (visit.ctx)
        take_file(&visit, fd, path, false);
    else
        result->no_memory = true;
    talloc_free(visit.ctx);
    parser_drain(sink->parser);
}

void intake_hand(const struct intake_sink *sink, const char *path, struct bytes bytes, bool mail,
                 struct intake_result *result)
{
    struct visit visit = {sink, result, talloc_new(NULL)};

    if (visit.ctx)
        take_job(&visit, path, mail, take_bytes, &bytes);
    else
        result->no_memory = true;
    talloc_free(visit.ctx);
}

void intake_whole(const struct intake_sink *sink, const char *path, struct bytes bytes, bool mail,
                  struct intake_result *result)
{
    intake_hand(sink, path, bytes, mail, result);
    parser_drain(sink->parser);
}

void intake_path(const struct intake_sink *sink, const char *path, struct intake_result *result)
{
    struct visit visit = {sink, result, talloc_new(NULL)};

    if (!visit.ctx)
        result->no_memory = true;
    else if (!strcmp(path, "-"))
        take_file(&visit, STDIN_FILENO, path, false);
    else if (is_folder(path))
        visit_folder(&visit, path, 0);
    else
        visit_file(&visit, path, false);
    talloc_free(visit.ctx);
    parser_drain(sink->parser);
}
