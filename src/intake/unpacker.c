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

#include "base/module.h"
#include "base/write_all.h"
#include "intake/spawner.h"
#include "sandbox/sandbox.h"

#define READ_BYTES (256u << 10)
#define MEMORY_MAX ((rlim_t)1 << 30) /* windows of xz and zstd */

/* What both processes see. */
struct unpacker_page {
    _Atomic uint64_t taken; /* packed bytes */
    uint64_t length;        /* of what follows */
    char begin[];
};

struct unpacker {
    pid_t process; /* 0: it was waited for */
    int fd, page_fd;
    enum unpack_outcome outcome;
    struct unpacker_page *page; /* NULL: not yet */
    size_t size;                /* of the page */
};

/* ---- the process ----------------------------------------------------------------------------- */

enum { FILE_END = STDERR_FILENO + 1, PIPE_END };

struct unpacker_worker {
    struct bytes begin; /* not delivered yet */
    bool more;          /* behind it, in the file */
    uint64_t out;       /* bytes that came out */
    struct unpacker_page *page;
    char packed[READ_BYTES];
};

/* Nothing: that was all, or it cannot be read on. */
static struct bytes next_packed(void *arg)
{
    struct unpacker_worker *worker = arg;
    struct bytes piece = worker->begin;

    worker->begin = (struct bytes){"", 0};
    if (!piece.length && worker->more) {
        ssize_t got;

        do
            got = read(FILE_END, worker->packed, sizeof worker->packed);
        while (got < 0 && errno == EINTR);
        piece = (struct bytes){worker->packed, got > 0 ? (size_t)got : 0};
    }
    worker->page->taken += piece.length;
    return piece;
}

static void put(const char *data, size_t length)
{
    if (!write_all(PIPE_END, data, length))
        _exit(UNPACK_OK); /* nobody reads on */
}

/* What goes in is credited, what comes out is charged: so a file of any size is read, and one that
 * grows beyond measure is given up. */
static bool put_within(void *arg, struct bytes bytes)
{
    struct unpacker_worker *worker = arg;

    put(bytes.data, bytes.length);
    worker->out += bytes.length;
    return worker->out <= INTAKE_UNPACKED_MAX + INTAKE_UNPACKED_PER * worker->page->taken;
}

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

enum { GIVEN_PAGE, GIVEN_END, GIVEN_FILE };

/* size: of the page, and whether a file is given in its lowest bit. */
void unpacker_run(const int *fds, uint64_t size, pid_t parent)
{
    const struct rlimit none = {0, 0}, memory = {MEMORY_MAX, MEMORY_MAX};
    static struct unpacker_worker worker;
    struct unpacker_page *page =
        mmap(NULL, (size_t)(size >> 1), PROT_READ | PROT_WRITE, MAP_SHARED, fds[GIVEN_PAGE], 0);

    if (page == MAP_FAILED)
        _exit(UNPACK_NO_MEMORY);
    worker.page = page;
    worker.begin = (struct bytes){page->begin, (size_t)page->length};
    worker.more = size & 1;
    keep_two(worker.more ? fds[GIVEN_FILE] : -1, fds[GIVEN_END]);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
        _exit(UNPACK_NO_MEMORY);
    /* Interrupts are for who asked. */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)setrlimit(RLIMIT_CORE, &none);
    if (sandbox_enter_strictly().calls != SANDBOX_TRACED) /* a sanitizer maps more than that */
        (void)setrlimit(RLIMIT_DATA, &memory);
    _exit((int)unpack_stream(&(struct unpack_way){next_packed, put_within, &worker}));
}

/* ---- whoever reads --------------------------------------------------------------------------- */

/* How it ended, which is a fault of ours where it was killed or told nothing that is known.  Its
 * end of the pipe is closed when it has ended, so nothing that it does is cut off. */
static void wait_for(struct unpacker *unpacker)
{
    int status = 0;
    struct rusage usage;

    spawner_end(unpacker->process, &status, &usage);
    unpacker->process = 0;
    unpacker->outcome = WIFEXITED(status) && WEXITSTATUS(status) <= UNPACK_NO_MEMORY
                            ? (enum unpack_outcome)WEXITSTATUS(status)
                            : UNPACK_DAMAGED;
}

static int drop_unpacker(struct unpacker *unpacker)
{
    if (unpacker->fd >= 0)
        close(unpacker->fd);
    if (unpacker->process)
        wait_for(unpacker);
    if (unpacker->page)
        munmap(unpacker->page, unpacker->size);
    if (unpacker->page_fd >= 0)
        close(unpacker->page_fd);
    return 0;
}

static bool make_page(struct unpacker *unpacker, struct bytes begin)
{
    void *page;

    unpacker->size = sizeof(struct unpacker_page) + begin.length;
    unpacker->page_fd = memfd_create("packed", MFD_CLOEXEC);
    if (unpacker->page_fd < 0 || ftruncate(unpacker->page_fd, (off_t)unpacker->size) != 0)
        return false;
    page = mmap(NULL, unpacker->size, PROT_READ | PROT_WRITE, MAP_SHARED, unpacker->page_fd, 0);
    if (page == MAP_FAILED)
        return false;
    unpacker->page = page;
    unpacker->page->length = begin.length;
    memcpy(unpacker->page->begin, begin.data, begin.length);
    return true;
}

static bool begin_process(struct unpacker *unpacker, int file)
{
    uint64_t number = (uint64_t)unpacker->size << 1 | (file >= 0);
    int ends[2];
    pid_t process;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    module_load(MODULE_MAIL);
    process = spawner_start(unpacker_run, (int[]){unpacker->page_fd, ends[1], file},
                            file >= 0 ? 3 : 2, number);
    close(ends[1]);
    unpacker->fd = ends[0];
    if (process > 0)
        unpacker->process = process;
    return process > 0;
}

struct unpacker *unpacker_new(TALLOC_CTX *ctx, struct bytes begin, int file)
{
    struct unpacker *unpacker = talloc(ctx, struct unpacker);

    if (!unpacker)
        return NULL;
    *unpacker = (struct unpacker){.fd = -1, .page_fd = -1};
    talloc_set_destructor(unpacker, drop_unpacker);
    if (!make_page(unpacker, begin) || !begin_process(unpacker, file))
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
    return unpacker->page->taken;
}
