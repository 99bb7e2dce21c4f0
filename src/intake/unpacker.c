/* SPDX-License-Identifier: MIT */
/* unpacker.c - a file that gzip, bzip2, xz or zstd packed as one, unpacked as it is read.
 *
 * A process of its own does it, confined like the parser: it has the file and one
 * end of a pipe, and a fault in a library harms this file alone.  What came out before stays.  A
 * page that both share counts the packed bytes; its exit status tells how it ended. */
#include "intake/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "sandbox/sandbox.h"

#define READ_BYTES (256u << 10)
#define GZIP_BEGIN "\x1f\x8b"
#define GZIP_ONLY  (16 + MAX_WBITS)
#define MEMORY_MAX ((rlim_t)1 << 30) /* windows of xz and zstd */

struct unpacker {
    pid_t process; /* 0: it was waited for */
    int fd;
    enum unpack_outcome outcome;
    _Atomic uint64_t *taken; /* shared */
};

bool is_packed_stream(struct bytes bytes)
{
    return bytes_begin(bytes, GZIP_BEGIN) || bytes_begin(bytes, "BZh") ||
           bytes_begin(bytes, "\xfd"
                              "7zXZ") ||
           bytes_begin(bytes, "\x28\xb5\x2f\xfd");
}

/* ---- the process ----------------------------------------------------------------------------- */

enum { FILE_END = STDERR_FILENO + 1, PIPE_END };

struct worker {
    struct bytes begin; /* not delivered yet */
    bool more;          /* behind it, in the file */
    uint64_t out;       /* bytes that came out */
    _Atomic uint64_t *taken;
    char packed[READ_BYTES];
};

/* Nothing: that was all, or it cannot be read on. */
static struct bytes next_packed(struct worker *worker)
{
    struct bytes piece = worker->begin;

    worker->begin = (struct bytes){"", 0};
    if (!piece.length && worker->more) {
        ssize_t got;

        do
            got = read(FILE_END, worker->packed, sizeof worker->packed);
        while (got < 0 && errno == EINTR);
        piece = (struct bytes){worker->packed, got > 0 ? (size_t)got : 0};
    }
    *worker->taken += piece.length;
    return piece;
}

static la_ssize_t deliver(struct archive *archive, void *arg, const void **ret)
{
    struct bytes piece = next_packed(arg);

    (void)archive;
    *ret = piece.data;
    return (la_ssize_t)piece.length;
}

static void put(const char *data, size_t length)
{
    while (length) {
        ssize_t done = write(PIPE_END, data, length);

        if (done < 0 && errno != EINTR)
            _exit(UNPACK_OK); /* nobody reads on */
        data += done > 0 ? done : 0;
        length -= done > 0 ? (size_t)done : 0;
    }
}

/* What goes in is credited, what comes out is charged: so a file of any size is read, and one that
 * grows beyond measure is given up. */
static bool put_within(struct worker *worker, const void *data, size_t length)
{
    put(data, length);
    worker->out += length;
    return worker->out <= INTAKE_UNPACKED_MAX + INTAKE_UNPACKED_PER * *worker->taken;
}

/* ---- gzip, by zlib: libarchive does not look at its checksums -------------------------------- */

/* Another member?  What else stands behind one is noise of the way. */
static bool begins_member(z_stream *stream, struct worker *worker)
{
    if (!stream->avail_in) {
        struct bytes piece = next_packed(worker);

        stream->next_in = (z_const Bytef *)(uintptr_t)piece.data;
        stream->avail_in = (uInt)piece.length;
    }
    return stream->avail_in && *stream->next_in == 0x1f && inflateReset(stream) == Z_OK;
}

static enum unpack_outcome inflate_member(z_stream *stream, struct worker *worker)
{
    static Bytef out[READ_BYTES];
    int code = Z_OK;

    while (code == Z_OK || (code == Z_BUF_ERROR && !stream->avail_in)) {
        if (!stream->avail_in) {
            struct bytes piece = next_packed(worker);

            if (!piece.length)
                return UNPACK_TRUNCATED;
            stream->next_in = (z_const Bytef *)(uintptr_t)piece.data;
            stream->avail_in = (uInt)piece.length;
        }
        stream->next_out = out;
        stream->avail_out = sizeof out;
        code = inflate(stream, Z_NO_FLUSH);
        if (!put_within(worker, out, sizeof out - stream->avail_out))
            return UNPACK_TOO_MANY;
    }
    if (code == Z_STREAM_END)
        return UNPACK_OK;
    return code == Z_MEM_ERROR ? UNPACK_NO_MEMORY : UNPACK_DAMAGED;
}

static enum unpack_outcome inflate_all(struct worker *worker)
{
    enum unpack_outcome outcome = UNPACK_OK;
    z_stream stream = {0};

    if (inflateInit2(&stream, GZIP_ONLY) != Z_OK)
        return UNPACK_NO_MEMORY;
    while (outcome == UNPACK_OK && begins_member(&stream, worker))
        outcome = inflate_member(&stream, worker);
    return outcome; /* the process ends */
}

/* ---- the others, by libarchive --------------------------------------------------------------- */

/* Only what is linked in; a program of its own (ARCHIVE_WARN) is not wanted. */
static bool support(struct archive *archive)
{
    return archive_read_support_format_raw(archive) == ARCHIVE_OK &&
           archive_read_support_filter_bzip2(archive) == ARCHIVE_OK &&
           archive_read_support_filter_xz(archive) == ARCHIVE_OK &&
           archive_read_support_filter_zstd(archive) == ARCHIVE_OK;
}

static enum unpack_outcome pass_on(struct archive *archive, struct worker *worker)
{
    const void *data;
    size_t length;
    la_int64_t offset;
    int code;

    while ((code = archive_read_data_block(archive, &data, &length, &offset)) == ARCHIVE_OK) {
        if (!put_within(worker, data, length))
            return UNPACK_TOO_MANY;
    }
    return code == ARCHIVE_EOF ? UNPACK_OK : unpack_fault(archive);
}

static enum unpack_outcome unpack_others(struct worker *worker)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;

    if (!archive || !support(archive))
        return UNPACK_NO_MEMORY;
    if (archive_read_open(archive, worker, NULL, deliver, NULL) != ARCHIVE_OK ||
        archive_read_next_header(archive, &entry) != ARCHIVE_OK)
        return unpack_fault(archive);
    return pass_on(archive, worker);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void keep_two(int file, int end)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int high = fcntl(end, F_DUPFD, PIPE_END + 1);

    if (nothing < 0 || high < 0 || dup2(file < 0 ? nothing : file, FILE_END) < 0 ||
        dup2(high, PIPE_END) < 0)
        _exit(UNPACK_NO_MEMORY);
    nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++)
        if (nothing < 0 || dup2(nothing, standard) < 0)
            _exit(UNPACK_NO_MEMORY);
    (void)close_range(PIPE_END + 1, ~0u, 0);
}

__attribute__((noreturn)) static void work(struct worker *worker, int file, int end, pid_t parent)
{
    const struct rlimit none = {0, 0}, memory = {MEMORY_MAX, MEMORY_MAX};

    keep_two(file, end);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
        _exit(UNPACK_NO_MEMORY);
    /* Interrupts are for who asked. */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)setrlimit(RLIMIT_CORE, &none);
    if (sandbox_enter_strictly().calls != SANDBOX_TRACED) /* a sanitizer maps more than that */
        (void)setrlimit(RLIMIT_DATA, &memory);
    _exit((int)(bytes_begin(worker->begin, GZIP_BEGIN) ? inflate_all(worker)
                                                       : unpack_others(worker)));
}

/* ---- whoever reads --------------------------------------------------------------------------- */

/* How it ended, which is a fault of ours where it was killed or told nothing that is known. */
static void wait_for(struct unpacker *unpacker)
{
    int status = 0;
    pid_t done;

    do
        done = waitpid(unpacker->process, &status, 0);
    while (done < 0 && errno == EINTR);
    unpacker->process = 0;
    unpacker->outcome = done > 0 && WIFEXITED(status) && WEXITSTATUS(status) <= UNPACK_NO_MEMORY
                            ? (enum unpack_outcome)WEXITSTATUS(status)
                            : UNPACK_DAMAGED;
}

static int drop_unpacker(struct unpacker *unpacker)
{
    if (unpacker->fd >= 0)
        close(unpacker->fd);
    if (unpacker->process) {
        kill(unpacker->process, SIGKILL);
        wait_for(unpacker);
    }
    munmap((void *)(uintptr_t)unpacker->taken, sizeof *unpacker->taken);
    return 0;
}

static bool begin_process(struct unpacker *unpacker, struct bytes begin, int file)
{
    static struct worker worker; /* the child's, which has all the memory as it is now */
    pid_t parent = getpid();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    worker = (struct worker){.begin = begin, .more = file >= 0, .taken = unpacker->taken};
    unpacker->process = fork();
    if (unpacker->process == 0)
        work(&worker, file, ends[1], parent);
    close(ends[1]);
    unpacker->fd = ends[0];
    if (unpacker->process > 0)
        return true;
    unpacker->process = 0;
    return false;
}

struct unpacker *unpacker_new(TALLOC_CTX *ctx, struct bytes begin, int file)
{
    struct unpacker *unpacker = talloc(ctx, struct unpacker);
    void *page = mmap(NULL, sizeof *unpacker->taken, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (!unpacker || page == MAP_FAILED) {
        talloc_free(unpacker);
        if (page != MAP_FAILED)
            munmap(page, sizeof *unpacker->taken);
        return NULL;
    }
    *unpacker = (struct unpacker){.fd = -1, .taken = page};
    talloc_set_destructor(unpacker, drop_unpacker);
    if (!begin_process(unpacker, begin, file))
        TALLOC_FREE(unpacker);
    return unpacker;
}

size_t unpacker_read(struct unpacker *unpacker, void *data, size_t size)
{
    ssize_t got;

    if (!unpacker->process)
        return 0;
    do
        got = read(unpacker->fd, data, size);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        return (size_t)got;
    wait_for(unpacker);
    return 0;
}

enum unpack_outcome unpacker_outcome(const struct unpacker *unpacker)
{
    return unpacker->outcome;
}

uint64_t unpacker_taken(const struct unpacker *unpacker)
{
    return *unpacker->taken;
}
