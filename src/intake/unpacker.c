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

#include "base/write_all.h"
#include "sandbox/sandbox.h"

#define READ_BYTES (256u << 10)
#define MEMORY_MAX ((rlim_t)1 << 30) /* windows of xz and zstd */

struct unpacker {
    pid_t process; /* 0: it was waited for */
    int fd;
    enum unpack_outcome outcome;
    _Atomic uint64_t *taken; /* shared */
};

/* ---- the process ----------------------------------------------------------------------------- */

enum { FILE_END = STDERR_FILENO + 1, PIPE_END };

struct unpacker_worker {
    struct bytes begin; /* not delivered yet */
    bool more;          /* behind it, in the file */
    uint64_t out;       /* bytes that came out */
    _Atomic uint64_t *taken;
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
    *worker->taken += piece.length;
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
    return worker->out <= INTAKE_UNPACKED_MAX + INTAKE_UNPACKED_PER * *worker->taken;
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

__attribute__((noreturn)) static void work(struct unpacker_worker *worker, int file, int end,
                                           pid_t parent)
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
    _exit((int)unpack_stream(&(struct unpack_way){next_packed, put_within, worker}));
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
    /* The child's, which has all the memory as it is now. */
    struct unpacker_worker *worker = talloc_zero(unpacker, struct unpacker_worker);
    pid_t parent = getpid();
    int ends[2];

    if (!worker || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    worker->begin = begin;
    worker->more = file >= 0;
    worker->taken = unpacker->taken;
    unpacker->process = fork();
    if (unpacker->process == 0)
        work(worker, file, ends[1], parent);
    talloc_free(worker);
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
