/* SPDX-License-Identifier: MIT */
/* parser_serve.c - the process that parses: pieces in, events out, nothing else within reach.
 *
 * What it writes is gathered, and goes out before it waits for more, when a good deal has come
 * together, and now and then as a sign of life. */
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/write_all.h"
#include "intake/mime.h"
#include "intake/parser.h"
#include "intake/piece.h"
#include "intake/unpack.h"
#include "intake/wire.h"
#include "sandbox/sandbox.h"

#define GATHERED ((size_t)128 << 10) /* bytes */
#define INPUT    ((size_t)256 << 10) /* bytes read at a time */
#define LIFE_MS  1000

void (*piece_trap)(struct bytes bytes);

struct server {
    int fd;
    char *input; /* INPUT of them, of which [at, end) is to be taken */
    size_t at, end;
    struct wire_out out;
    int64_t told; /* when something was written last */
    struct parser_progress progress;
    struct intake_result result;
    /* Of the piece: */
    const struct piece *piece;
    unsigned wants;
    bool careful;
    uint64_t step;
    const uint64_t *skipped; /* in their order */
    size_t skipped_count;
    size_t message; /* the mail whose message went out last */
};

static struct server *the_server; /* for signs of life */

/* ---- out ------------------------------------------------------------------------------------- */

static void flush(struct server *server)
{
    if (server->out.no_memory)
        _exit(EX_SOFTWARE);
    if (!write_all(server->fd, server->out.data, server->out.length))
        _exit(1); /* nobody hears us any more */
    server->out.length = 0;
    server->told = clock_monotonic_ms();
}

/* Where the event begins, whose length is not known yet. */
static size_t begin_event(struct server *server, enum event_kind kind)
{
    size_t begin = server->out.length;
    struct event_head head = {.kind = kind};

    wire_put(&server->out, &head, sizeof(head));
    return begin;
}

static void end_event(struct server *server, size_t begin)
{
    uint64_t length = server->out.length - begin - sizeof(struct event_head);

    if (!server->out.no_memory)
        memcpy(server->out.data + begin + offsetof(struct event_head, length), &length,
               sizeof(length));
    if (server->careful || server->out.length >= GATHERED || server->out.no_memory)
        flush(server);
}

static void put_number_event(struct server *server, enum event_kind kind, uint64_t number)
{
    size_t begin = begin_event(server, kind);

    wire_put_number(&server->out, (int64_t)number);
    end_event(server, begin);
}

void unpack_alive(void)
{
    if (!the_server || clock_monotonic_ms() - the_server->told < LIFE_MS)
        return;
    put_number_event(the_server, EVENT_ALIVE, 0);
    flush(the_server);
}

/* ---- in -------------------------------------------------------------------------------------- */

static bool fill(struct server *server, char *to, size_t room, size_t *ret_got)
{
    ssize_t got;

    do
        got = read(server->fd, to, room);
    while (got < 0 && errno == EINTR);
    *ret_got = got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* So many bytes; the end of the program is ours. */
static void take(struct server *server, void *data, size_t length)
{
    char *to = data;
    size_t got;

    while (length) {
        size_t there = server->end - server->at;

        if (there) {
            there = there < length ? there : length;
            memcpy(to, server->input + server->at, there);
            server->at += there;
        } else {
            flush(server);
            if (length >= INPUT) { /* where it belongs, at once */
                if (!fill(server, to, length, &got))
                    _exit(0);
                there = got;
            } else {
                if (!fill(server, server->input, INPUT, &got))
                    _exit(0);
                server->at = 0;
                server->end = got;
            }
        }
        to += there;
        length -= there;
    }
}

static void *take_new(struct server *server, TALLOC_CTX *ctx, size_t length)
{
    char *data = talloc_size(ctx, length + 1);

    if (!data) {
        _exit(EX_SOFTWARE); /* as where malloc() ends the program */
    }
    take(server, data, length);
    data[length] = '\0';
    return data;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static bool begin_step(void *arg, struct bytes bytes)
{
    struct server *server = arg;
    uint64_t step = server->step++;

    unpack_alive();
    if (server->skipped_count && (*server->skipped & ~STEP_MEMORY) == step) {
        job_set_fatal(*server->skipped & STEP_MEMORY);
        server->skipped++;
        server->skipped_count--;
        return false;
    }
    if (server->careful)
        put_number_event(server, EVENT_BEGIN, step);
    if (piece_trap)
        piece_trap(bytes);
    return true;
}

static void end_step(void *arg)
{
    struct server *server = arg;

    if (server->careful)
        put_number_event(server, EVENT_DONE, 0);
}

/* ---- what was found -------------------------------------------------------------------------- */

/* Of the piece where it lies in it, so that its bytes need not travel back. */
static void put_place(struct server *server, struct bytes bytes, bool wanted)
{
    struct wire_out *out = &server->out;
    uintptr_t begin = (uintptr_t)server->piece->bytes.data, at = (uintptr_t)bytes.data;
    size_t length = server->piece->bytes.length;

    if (!wanted || !bytes.length) {
        wire_put_number(out, PLACE_NONE);
    } else if (at >= begin && at - begin <= length && bytes.length <= length - (at - begin)) {
        wire_put_number(out, PLACE_PIECE);
        wire_put_number(out, (int64_t)(at - begin));
        wire_put_number(out, (int64_t)bytes.length);
    } else {
        wire_put_number(out, PLACE_BEHIND);
        wire_put_bytes(out, bytes);
    }
}

static void put_source(struct server *server, const struct intake_source *source)
{
    struct wire_out *out = &server->out;
    const struct sts_report_origin *origin = server->wants & PARSER_TEXT ? source->origin : NULL;
    bool new_message = source->mail && server->message != source->mail;

    wire_put_text(out, source->part);
    wire_put_number(out, source->received);
    wire_put_number(out, source->deviations);
    wire_put_number(out, (int64_t)source->rejections);
    wire_put_number(out, (int64_t)source->mail);
    wire_put_text(out, source->from);
    wire_put_number(out, origin != NULL);
    if (origin) {
        wire_put_text(out, origin->header_domain);
        wire_put_text(out, origin->header_submitter);
        wire_put_text(out, origin->subject);
        wire_put_text(out, origin->file_name);
    }
    put_place(server, source->text, server->wants & PARSER_TEXT);
    put_place(server, source->message, server->wants & PARSER_MESSAGE && new_message);
    if (server->wants & PARSER_MESSAGE && new_message)
        server->message = source->mail;
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct server *server = arg;
    size_t begin = begin_event(server, EVENT_REPORT);

    put_source(server, source);
    wire_put_report(&server->out, report);
    end_event(server, begin);
    sts_report_free(report);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct server *server = arg;
    size_t begin = begin_event(server, EVENT_REJECTED);

    put_source(server, source);
    wire_put_text(&server->out, why);
    wire_put_text(&server->out, detail);
    wire_put_number(&server->out, why == job_fatal_text());
    end_event(server, begin);
}

/* ---- pieces ---------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void read_kept(struct job *job, struct wire_in *in)
{
    job->origin.header_domain = wire_text(in);
    job->origin.header_submitter = wire_text(in);
    job->origin.subject = wire_text(in);
    job->origin.file_name = wire_text(in);
    job->source.part = wire_text(in);
    job->source.received = wire_number(in, INT64_MIN, INT64_MAX);
    job->source.deviations = (unsigned)wire_number(in, 0, UINT32_MAX);
}

static struct job job_of(struct server *server, TALLOC_CTX *ctx, const struct piece_head *head,
                         const struct intake_sink *sink, const struct job_steps *steps,
                         const char *about)
{
    struct parser_progress *progress = &server->progress;
    struct wire_in in = {about, about + head->about, false};
    const char *path = wire_text(&in);
    struct job job = {.sink = sink,
                      .steps = steps,
                      .result = &server->result,
                      .ctx = ctx,
                      .source = {.path = path ? path : ""},
                      .left = &progress->left,
                      .told = &progress->told,
                      .mailbox = head->mailbox,
                      .lines = progress->lines,
                      .bytes = progress->bytes,
                      .reports = progress->reports,
                      .rejected = progress->rejected,
                      .foreign = progress->foreign};

    job.origin.file_name = base_name(job.source.path);
    if (head->kind == PIECE_KEPT)
        read_kept(&job, &in);
    return job;
}

static void begin_file(struct server *server)
{
    struct parser_progress *progress = &server->progress;

    *progress = (struct parser_progress){.left = INTAKE_UNPACKED_MAX,
                                         .mails = progress->mails,
                                         .other_mails = progress->other_mails};
}

static void keep_progress(struct server *server, const struct job *job)
{
    struct parser_progress *progress = &server->progress;

    progress->lines = job->lines;
    progress->bytes = job->bytes;
    progress->reports = job->reports;
    progress->rejected = job->rejected;
    progress->foreign = job->foreign;
    progress->mails = server->result.mails;
    progress->other_mails = server->result.other_mails;
}

static void prepare(struct server *server, TALLOC_CTX *ctx, const struct piece_head *head)
{
    if (head->restore) {
        server->progress = head->progress;
        server->result = (struct intake_result){.mails = head->progress.mails,
                                                .other_mails = head->progress.other_mails};
        server->message = 0;
    }
    if (head->first)
        begin_file(server);
    server->careful = head->careful;
    server->wants = head->wants;
    server->step = 0;
    server->skipped_count = head->skipped;
    server->skipped = take_new(server, ctx, head->skipped * sizeof(uint64_t));
}

static void serve_piece(struct server *server)
{
    const struct intake_sink sink = {on_report, on_rejected, server, NULL, 0};
    const struct job_steps steps = {begin_step, end_step, server};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct piece_head head;
    struct piece piece;
    struct job job;
    const char *about;
    size_t begin;

    take(server, &head, sizeof(head));
    prepare(server, ctx, &head);
    about = take_new(server, ctx, head.about);
    piece = (struct piece){.kind = (enum piece_kind)head.kind,
                           .number = head.number,
                           .in_pieces = head.in_pieces,
                           .error = head.error,
                           .unpacking = (int)head.unpacking,
                           .credit = head.credit,
                           .bytes = {take_new(server, ctx, head.length), head.length}};
    server->piece = &piece;
    job = job_of(server, ctx, &head, &sink, &steps, about);
    piece_take(&job, &piece);
    if (server->result.no_memory) {
        _exit(EX_SOFTWARE); /* as where malloc() ends the program */
    }
    keep_progress(server, &job);
    begin = begin_event(server, EVENT_END);
    wire_put(&server->out, &server->progress, sizeof(server->progress));
    end_event(server, begin);
    talloc_free(ctx);
}

/* ---- the beginning --------------------------------------------------------------------------- */

/* The C library loads the code for most character sets when it first meets them. */
static void load_character_sets(void)
{
    static const char *const names[] = {
        "ISO-8859-1",  "ISO-8859-2",   "ISO-8859-5",   "ISO-8859-7",   "ISO-8859-9",
        "ISO-8859-15", "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252", "KOI8-R",
        "GB18030",     "BIG5",         "SHIFT_JIS",    "EUC-JP",       "ISO-2022-JP",
        "EUC-KR",      "UTF-7",        "UTF-16",       "IBM437"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        (void)iconv_open("UTF-8", names[i]); /* left open: loaded as long */
}

static void limit(int resource, rlim_t most)
{
    struct rlimit now;

    if (getrlimit((__rlimit_resource_t)resource, &now) == 0 && now.rlim_cur > most)
        (void)setrlimit((__rlimit_resource_t)resource, &(struct rlimit){most, now.rlim_max});
}

static void close_others(int fd)
{
    int nothing = open("/dev/null", O_RDWR);

    for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++)
        if (nothing < 0 || dup2(nothing, standard) < 0)
            _exit(1);
    (void)close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0);
    (void)close_range((unsigned)fd + 1, ~0u, 0);
}

#define STATM_DATA 5 /* the fields of statm before that of data and stack, proc(5) */

/* Bytes of data that a process has by its beginning: a service's are all those of its others. */
static rlim_t data_now(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    char line[200] = "", *at = line;
    bool read = file && fgets(line, sizeof(line), file);

    if (file)
        (void)fclose(file);
    for (int field = 0; read && at && field < STATM_DATA; field++) {
        at = strchr(at, ' ');
        at += at != NULL;
    }
    return read && at ? (rlim_t)strtoull(at, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) : 0;
}

static void confine(struct server *server, uint64_t memory_max)
{
    rlim_t memory = memory_max ? data_now() + memory_max : (rlim_t)PARSER_MEMORY_MAX;
    struct sandbox sandbox;
    size_t begin;

    load_character_sets();
    mime_prepare();
    limit(RLIMIT_CORE, 0); /* what strangers wrote is not to be left on the disk */
    limit(RLIMIT_FSIZE, 0);
    sandbox = sandbox_enter_strictly();
    if (sandbox.calls != SANDBOX_TRACED) /* a sanitizer maps more than that */
        limit(RLIMIT_DATA, memory);
    begin = begin_event(server, EVENT_HELLO);
    wire_put_number(&server->out, sandbox.files == SANDBOX_IN_FORCE);
    wire_put_number(&server->out, sandbox.calls == SANDBOX_IN_FORCE);
    end_event(server, begin);
}

void parser_serve(int fd, pid_t parent, uint64_t memory_max)
{
    struct server server = {.fd = fd};

    close_others(fd); /* first: what goes wrong here is said by who waits for it */
    /* A parser that hangs is to end with it. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
        _exit(1);
    server.input = malloc(INPUT);
    if (!server.input)
        _exit(EX_SOFTWARE);
    /* Interrupts are for who asked. */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    confine(&server, memory_max);
    the_server = &server;
    for (;;)
        serve_piece(&server);
}
