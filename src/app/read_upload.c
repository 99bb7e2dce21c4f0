/* SPDX-License-Identifier: MIT */
/* read_upload.c - an upload as a file of its own, read as any other, within limits. */
#include "app/read_upload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "event/jobs.h"

#define COPIED 65536 /* bytes at a time */

struct upload_work {
    struct upload_reading reading; /* first: it is what the caller has */
    struct gather_file file;
    struct parser_limits limits;
    FILE *copy; /* NULL: the upload is a whole file */
};

static int close_copy(struct upload_work *work)
{
    if (work->copy)
        (void)fclose(work->copy);
    return 0;
}

static enum sts_status failed(TALLOC_CTX *ctx, struct fault *ret_fault)
{
    *ret_fault = (struct fault){
        .status = STS_E_IO,
        .why = talloc_asprintf(ctx, _("the upload cannot be read: %s"), _(strerror(errno)))};
    return STS_E_IO;
}

static bool copy_part(const struct read_upload *upload, FILE *copy)
{
    char buffer[COPIED];
    int64_t at = 0;

    while (at < upload->length) {
        int64_t left = upload->length - at;
        ssize_t got = pread(upload->fd, buffer, left < COPIED ? (size_t)left : COPIED,
                            (off_t)(upload->offset + at));

        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO;
        if (got <= 0 || fwrite(buffer, 1, (size_t)got, copy) != (size_t)got)
            return false;
        at += got;
    }
    return fflush(copy) == 0;
}

/* A part of a form becomes a file without a name; nothing else is known to end where it ends. */
static bool open_upload(struct upload_work *work, const struct read_upload *upload)
{
    struct stat status;

    work->file =
        (struct gather_file){upload->fd, upload->name && *upload->name ? upload->name : "upload"};
    if (fstat(upload->fd, &status) != 0)
        return false;
    if (!upload->offset && status.st_size == upload->length)
        return true;
    work->copy = tmpfile();
    if (!work->copy)
        return false;
    work->file.fd = fileno(work->copy);
    return copy_part(upload, work->copy);
}

static enum sts_status gather_all(struct upload_work *work, const struct read_upload *upload,
                                  struct fault *ret_fault)
{
    struct gather_request request = {.file = &work->file,
                                     .limits = &work->limits,
                                     .filter = report_filter_none(),
                                     .deviations = true,
                                     .deviations_max = 1000};
    struct gather *gather;
    enum sts_status status = gather_new(work, &request, &gather);

    *ret_fault = (struct fault){.status = STS_E_NOMEM};
    if (status)
        return status;
    status = gather_read(gather, ret_fault);
    if (!status)
        status = gather_count(gather, NULL, NULL, ret_fault);
    if (status)
        return status;
    work->reading.gathered = gather_result(gather);
    return gather_judge(work, work->reading.gathered, NULL, 0, upload->now, &work->reading.view);
}

enum sts_status read_upload(TALLOC_CTX *ctx, const struct read_upload *upload,
                            struct upload_reading **ret, struct fault *ret_fault)
{
    struct upload_work *work = talloc_zero(ctx, struct upload_work);
    enum sts_status status;

    *ret_fault = (struct fault){.status = STS_E_NOMEM};
    if (!work)
        return STS_E_NOMEM;
    talloc_set_destructor(work, close_copy);
    work->limits = (struct parser_limits){
        .deadline = upload->deadline ? upload->deadline : clock_monotonic_ms() + READ_UPLOAD_MS,
        .memory_max = READ_UPLOAD_MEMORY_MAX,
        .answers_max = READ_UPLOAD_ANSWERS_MAX,
        .is_cancelled = jobs_is_cancelled};
    status =
        open_upload(work, upload) ? gather_all(work, upload, ret_fault) : failed(ctx, ret_fault);
    if (status) {
        talloc_free(work);
        return status;
    }
    *ret = &work->reading;
    return STS_OK;
}
