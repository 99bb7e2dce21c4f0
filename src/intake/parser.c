/* SPDX-License-Identifier: MIT */
/* parser.c - what is given to the process that parses, and what comes back.
 *
 * Pieces wait in a queue until their END came, so that they can be given to another process.  A
 * first process that dies is followed by one that tells each step of the oldest piece; where that
 * one dies as well, the step that it was in is passed over by the next.  Parsing the same bytes
 * finds the same things in the same order, so what was delivered already is known by its number.
 *
 * The other side is not trusted: whoever holds it may say what it likes of the reports of its
 * piece, and nothing else.
 *
 * Whoever gives a piece may have to wait here for the process, by design: intake makes reports of
 * bytes and has no loop, and its callers can do nothing before the reports are there.  Who has a
 * loop calls it in a job (event/jobs.h).  It waits for what comes, no longer than `silence`. */
#include "intake/parser.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/module.h"
#include "intake/piece.h"
#include "intake/spawner.h"
#include "intake/unpack.h"
#include "intake/wire.h"

#define WINDOW     ((size_t)1 << 20) /* bytes in the queue before we wait */
#define BORROWED   ((size_t)1 << 20) /* a piece of so many is not copied, but waited for */
#define INPUT      ((size_t)256 << 10)
#define STEPS_MAX  64 /* one inside the other */
#define WHYS_MAX   64
#define WHY_LENGTH 200
#define STARTS_MAX 8 /* processes that do not even say hello */
#define KILLS_MAX  3
#define KILLS_ALL  50
#define CANCEL_MS  100 /* between two questions whether it is still wanted */

struct parser_entry {
    STAILQ_ENTRY(parser_entry) link;
    const struct intake_sink *sink;
    struct intake_result *result;
    const char *path, *trust;
    struct piece_head head;
    uint64_t *skipped;
    struct bytes about, bytes;
    size_t sent;            /* bytes of all of it */
    size_t seen, delivered; /* reports and rejections: of this process, of all */
    uint64_t killed_at;     /* the step in which somebody else killed the last process, */
    unsigned kills;         /* and how many did so, one behind the other, */
    unsigned all_kills;     /* and in all */
};

struct parser {
    struct parser_limits limits; /* 0: none */
    uint64_t answered;           /* bytes */
    bool over;                   /* a limit was reached */
    pid_t process;               /* 0: none */
    int fd;
    bool absent;     /* none can be begun: everything is parsed here */
    bool said_hello; /* this one */
    bool silent;     /* this one, for too long */
    struct parser_state state;
    STAILQ_HEAD(, parser_entry) entries; /* the oldest first */
    size_t queued;
    struct parser_progress progress; /* before the oldest */
    char *input;
    size_t at, end, room;
    uint64_t steps[STEPS_MAX]; /* begun and not done */
    size_t step_count;
    struct bytes message;
    size_t message_mail;
    char *whys[WHYS_MAX];
    size_t why_count;
};

static int silence = PARSER_SILENCE_MS;

void parser_set_trap(parser_trap *trap, int silence_ms)
{
    piece_trap = trap;
    silence = silence_ms;
}

int parser_process(const struct parser *parser)
{
    return parser->process;
}

/* ---- the process ----------------------------------------------------------------------------- */

/* The oldest; NULL: nothing is under way. */
static struct parser_entry *first_of(const struct parser *parser)
{
    return STAILQ_FIRST(&parser->entries);
}

/* How a process ended. */
struct ending {
    bool by_memory; /* there was not enough, */
    bool by_limit;  /* since it took all that one may */
    bool by_others; /* killed by a person, or by a kernel that is short of memory */
};

static struct ending reap(const struct parser *parser)
{
    struct rusage usage = {.ru_maxrss = 0};
    int status = 0;
    bool memory, limited;

    spawner_end(parser->process, &status, &usage);
    memory = WIFEXITED(status) && WEXITSTATUS(status) == EX_SOFTWARE;
    limited =
        parser->limits.memory_max || (uint64_t)usage.ru_maxrss >= PARSER_MEMORY_MAX / 1024 / 2;
    return (struct ending){memory, memory && limited,
                           !parser->silent && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL};
}

static struct ending end_process(struct parser *parser)
{
    struct ending ending = {false, false, false};

    if (!parser->process)
        return ending;
    ending = reap(parser);
    close(parser->fd);
    parser->process = 0;
    parser->at = parser->end = parser->step_count = 0;
    parser->said_hello = parser->silent = false;
    parser->message_mail = 0;
    return ending;
}

__attribute__((noreturn)) static void serve(const int *fds, uint64_t memory_max, pid_t parent)
{
    parser_serve(fds[0], parent, memory_max);
}

void parser_begin_spawner(void)
{
    static spawner_run *const runs[] = {serve, unpacker_run};

    module_load(MODULE_MAIL); /* once for all that it forks */
    (void)spawner_begin(runs, sizeof(runs) / sizeof(runs[0]));
}

static bool begin_process(struct parser *parser)
{
    struct parser_entry *entry;
    int ends[2];
    pid_t child;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    module_load(MODULE_MAIL);
    child = spawner_start(serve, &ends[1], 1, parser->limits.memory_max);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return false;
    }
    parser->process = child;
    parser->fd = ends[0];
    /* It begins with the oldest piece, where the last one has left off. */
    STAILQ_FOREACH(entry, &parser->entries, link)
    entry->sent = entry->seen = 0;
    if (first_of(parser)) {
        first_of(parser)->head.restore = true;
        first_of(parser)->head.progress = parser->progress;
    }
    return true;
}

static int parser_drop(struct parser *parser)
{
    (void)end_process(parser);
    free(parser->input);
    return 0;
}

struct parser *parser_new(TALLOC_CTX *ctx)
{
    struct parser *parser = talloc_zero(ctx, struct parser);

    if (!parser)
        return NULL;
    STAILQ_INIT(&parser->entries);
    talloc_set_destructor(parser, parser_drop);
    return parser;
}

struct parser *parser_new_within(TALLOC_CTX *ctx, const struct parser_limits *limits)
{
    struct parser *parser = parser_new(ctx);

    if (parser)
        parser->limits = *limits;
    return parser;
}

/* ---- the queue ------------------------------------------------------------------------------- */

static size_t size_of(const struct parser_entry *entry)
{
    return sizeof(entry->head) + entry->head.skipped * sizeof(uint64_t) + entry->about.length +
           entry->bytes.length;
}

static void drop_first(struct parser *parser)
{
    struct parser_entry *entry = first_of(parser);

    STAILQ_REMOVE_HEAD(&parser->entries, link);
    parser->queued -= entry->bytes.length;
    parser->message_mail = 0;
    parser->message = (struct bytes){0};
    talloc_free(entry);
}

/* What is no longer wanted. */
static void drop_all(struct parser *parser)
{
    (void)end_process(parser);
    while (first_of(parser))
        drop_first(parser);
}

static struct parser_entry *first_unsent(const struct parser *parser)
{
    struct parser_entry *entry = first_of(parser);

    while (entry && entry->sent == size_of(entry))
        entry = STAILQ_NEXT(entry, link);
    return entry;
}

static ssize_t send_rest(int fd, const struct parser_entry *entry)
{
    struct iovec parts[] = {{(void *)(uintptr_t)&entry->head, sizeof(entry->head)},
                            {entry->skipped, entry->head.skipped * sizeof(uint64_t)},
                            {(void *)(uintptr_t)entry->about.data, entry->about.length},
                            {(void *)(uintptr_t)entry->bytes.data, entry->bytes.length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = sizeof(parts) / sizeof(*parts)};
    size_t passed = entry->sent;

    for (size_t i = 0; i < message.msg_iovlen; i++) {
        size_t there = passed < parts[i].iov_len ? passed : parts[i].iov_len;

        if (there) /* a part of no bytes has no place either */
            parts[i].iov_base = (char *)parts[i].iov_base + there;
        parts[i].iov_len -= there;
        passed -= there;
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* False: it hears no more. */
static bool send_more(struct parser *parser)
{
    struct parser_entry *entry = first_unsent(parser);
    ssize_t done = entry ? send_rest(parser->fd, entry) : 0;

    if (done > 0)
        entry->sent += (size_t)done;
    return !entry || done > 0 || errno == EAGAIN || errno == EINTR;
}

/* ---- what was found -------------------------------------------------------------------------- */

/* Reasons live as long as the parser, since their readers keep them. */
static const char *keep_why(struct parser *parser, const char *why)
{
    for (size_t i = 0; i < parser->why_count; i++)
        if (strcmp(parser->whys[i], why) == 0)
            return parser->whys[i];
    if (parser->why_count < WHYS_MAX && strlen(why) <= WHY_LENGTH)
        parser->whys[parser->why_count] = talloc_strdup(parser, why);
    if (parser->why_count == WHYS_MAX || !parser->whys[parser->why_count])
        return N_("it could not be read");
    return parser->whys[parser->why_count++];
}

static struct bytes read_place(const struct parser_entry *entry, struct wire_in *in)
{
    int64_t place = wire_number(in, PLACE_NONE, PLACE_BEHIND), begin, length;

    if (place == PLACE_NONE)
        return (struct bytes){0};
    if (place == PLACE_BEHIND)
        return wire_bytes(in);
    begin = wire_number(in, 0, (int64_t)entry->bytes.length);
    length = wire_number(in, 0, (int64_t)entry->bytes.length - begin);
    return (struct bytes){entry->bytes.data + begin, (size_t)length};
}

static void read_message(struct parser *parser, const struct parser_entry *entry,
                         struct wire_in *in, struct intake_source *source)
{
    struct bytes message = read_place(entry, in);
    uintptr_t at = (uintptr_t)message.data, begin = (uintptr_t)entry->bytes.data;

    if (message.length) {
        parser->message_mail = source->mail;
        parser->message = message;
        if (at < begin || at >= begin + entry->bytes.length) { /* it would pass with the input */
            const char *copy = talloc_memdup(entry, message.data, message.length);

            parser->message = (struct bytes){copy, copy ? message.length : 0};
        }
    }
    if (source->mail && source->mail == parser->message_mail)
        source->message = parser->message;
}

static void read_source(struct parser *parser, const struct parser_entry *entry, struct wire_in *in,
                        struct intake_source *source, struct sts_report_origin *origin)
{
    *source = (struct intake_source){.path = entry->path, .trust = entry->trust};
    source->part = wire_text(in);
    source->received = wire_number(in, INT64_MIN, INT64_MAX);
    source->deviations = (unsigned)wire_number(in, 0, (1 << INTAKE_DEVIATION_COUNT) - 1);
    source->rejections = (size_t)wire_number(in, 0, INT64_MAX);
    source->mail = (size_t)wire_number(in, 0, INT64_MAX);
    source->from = wire_text(in);
    if (wire_number(in, 0, 1)) {
        origin->header_domain = wire_text(in);
        origin->header_submitter = wire_text(in);
        origin->subject = wire_text(in);
        origin->file_name = wire_text(in);
    }
    source->origin = origin;
    source->text = read_place(entry, in);
    read_message(parser, entry, in, source);
}

/* Was it delivered by a process before? */
static bool is_known(const struct parser_entry *entry)
{
    return entry->seen < entry->delivered;
}

static void count(struct parser_entry *entry)
{
    entry->delivered += !is_known(entry);
    entry->seen++;
}

/* The report borrows from a copy that it takes with it; its source is the event's, since whoever is
 * given the report may free it and still want to tell where it came from. */
static bool take_report(struct parser *parser, struct parser_entry *entry, struct bytes event)
{
    struct wire_in in = {event.data, event.data + event.length, false}, rest;
    struct sts_report_origin origin = {0};
    struct intake_source source;
    struct sts_report *report = NULL;
    char *copy;
    bool known = is_known(entry);

    read_source(parser, entry, &in, &source, &origin);
    parser->answered += event.length;
    copy = talloc_memdup(NULL, event.data, event.length);
    rest = copy ? (struct wire_in){copy + (in.at - event.data), copy + event.length, in.wrong}
                : (struct wire_in){NULL, NULL, true};
    if (!known && !rest.wrong)
        report = wire_report(NULL, &rest);
    if (!rest.wrong)
        count(entry);
    if (!report) {
        talloc_free(copy);
        return !rest.wrong;
    }
    talloc_steal(report, copy);
    entry->sink->report(entry->sink->arg, report, &source);
    return true;
}

static bool take_rejected(struct parser *parser, struct parser_entry *entry, struct bytes event)
{
    struct wire_in in = {event.data, event.data + event.length, false};
    struct sts_report_origin origin = {0};
    struct intake_source source;
    const char *why, *detail;
    bool fatal, known = is_known(entry);

    read_source(parser, entry, &in, &source, &origin);
    why = wire_text(&in);
    detail = wire_text(&in);
    fatal = wire_number(&in, 0, 1);
    if (in.wrong || !why)
        return false;
    count(entry);
    if (!known) {
        entry->result->faults += fatal;
        entry->sink->rejected(entry->sink->arg, &source, keep_why(parser, why), detail);
    }
    return true;
}

static bool take_hello(struct parser *parser, struct bytes event)
{
    struct wire_in in = {event.data, event.data + event.length, false};

    parser->state = (struct parser_state){
        .apart = true, .files = wire_number(&in, 0, 1), .calls = wire_number(&in, 0, 1)};
    parser->said_hello = !in.wrong;
    return !in.wrong;
}

static bool take_begin(struct parser *parser, struct bytes event)
{
    struct wire_in in = {event.data, event.data + event.length, false};

    if (parser->step_count == STEPS_MAX)
        return false;
    parser->steps[parser->step_count++] = (uint64_t)wire_number(&in, 0, INT64_MAX);
    return !in.wrong;
}

static bool take_end(struct parser *parser, struct parser_entry *entry, struct bytes event)
{
    struct parser_progress progress;

    if (event.length != sizeof(progress))
        return false;
    memcpy(&progress, event.data, sizeof(progress));
    if (progress.mails < parser->progress.mails ||
        progress.other_mails < parser->progress.other_mails)
        return false;
    entry->result->mails += progress.mails - parser->progress.mails;
    entry->result->other_mails += progress.other_mails - parser->progress.other_mails;
    parser->progress = progress;
    drop_first(parser);
    return true;
}

/* False: it is none that a parser of ours would send. */
static bool take_event(struct parser *parser, uint32_t kind, struct bytes event)
{
    struct parser_entry *entry = first_of(parser);

    if (kind == EVENT_HELLO)
        return take_hello(parser, event);
    if (kind == EVENT_ALIVE)
        return true;
    if (!entry)
        return false;
    switch (kind) {
    case EVENT_BEGIN:
        return take_begin(parser, event);
    case EVENT_DONE:
        return parser->step_count > 0 && parser->step_count--;
    case EVENT_REPORT:
        return take_report(parser, entry, event);
    case EVENT_REJECTED:
        return take_rejected(parser, entry, event);
    case EVENT_END:
        return take_end(parser, entry, event);
    default:
        return false;
    }
}

/* All events that are there as a whole. */
static bool take_events(struct parser *parser)
{
    struct event_head head;

    while (parser->process && parser->end - parser->at >= sizeof(head)) {
        const char *from = parser->input + parser->at;

        memcpy(&head, from, sizeof(head));
        if (head.length > EVENT_MAX)
            return false;
        if (parser->end - parser->at < sizeof(head) + head.length)
            return true;
        parser->at += sizeof(head) + head.length;
        if (!take_event(parser, head.kind,
                        (struct bytes){from + sizeof(head), (size_t)head.length}))
            return false;
        if (first_of(parser) && first_of(parser)->result->stop)
            drop_all(parser);
    }
    return true;
}

/* The event that is not there as a whole moves to the front, and gets room. */
static bool make_room(struct parser *parser)
{
    size_t there = parser->end - parser->at, wanted = INPUT;
    struct event_head head;
    char *input;

    if (there >= sizeof(head)) {
        memcpy(&head, parser->input + parser->at, sizeof(head));
        wanted += (size_t)head.length;
    }
    if (there)
        memmove(parser->input, parser->input + parser->at, there);
    parser->at = 0;
    parser->end = there;
    if (parser->room >= wanted && parser->room <= 4 * wanted)
        return true;
    input = realloc(parser->input, wanted);
    if (!input)
        return false;
    parser->input = input;
    parser->room = wanted;
    return true;
}

static bool receive(struct parser *parser)
{
    ssize_t got;

    if (!make_room(parser))
        return false;
    got = recv(parser->fd, parser->input + parser->end, parser->room - parser->end, MSG_DONTWAIT);
    if (got <= 0)
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    parser->end += (size_t)got;
    return take_events(parser);
}

/* ---- what went wrong ------------------------------------------------------------------------- */

/* The whole piece, where no step of it can be blamed. */
static void give_up(struct parser *parser, bool memory)
{
    struct parser_entry *entry = first_of(parser);
    char part[40] = "";
    struct intake_source source = {.path = entry->path, .rejections = 1, .trust = entry->trust};

    if (entry->head.kind == PIECE_MAIL) {
        (void)snprintf(part, sizeof(part), "mail %llu", (unsigned long long)entry->head.number);
        source.part = part;
        parser->progress.mails++;
        entry->result->mails++;
    }
    job_set_fatal(memory);
    if (entry->head.first)
        parser->progress = (struct parser_progress){.left = INTAKE_UNPACKED_MAX,
                                                    .mails = parser->progress.mails,
                                                    .other_mails = parser->progress.other_mails};
    parser->progress.told++;
    parser->progress.rejected++;
    entry->result->faults++;
    entry->sink->rejected(entry->sink->arg, &source, job_fatal_text(), NULL);
    drop_first(parser);
}

/* In their order, as the parser meets them. */
static bool add_skipped(struct parser_entry *entry, uint64_t step)
{
    size_t at = entry->head.skipped;
    uint64_t *more;

    if (at == PARSER_FAULTS_MAX)
        return false;
    more = talloc_realloc(entry, entry->skipped, uint64_t, (unsigned)at + 1);
    if (!more)
        return false;
    entry->skipped = more;
    for (; at > 0 && (more[at - 1] & ~STEP_MEMORY) > (step & ~STEP_MEMORY); at--)
        more[at] = more[at - 1];
    more[at] = step;
    entry->head.skipped++;
    return true;
}

/* What others do says nothing of the report, unless they do it at the same place again and again.
 */
static bool is_innocent(struct parser_entry *entry, uint64_t step)
{
    entry->kills = entry->killed_at == step ? entry->kills + 1 : 1;
    entry->killed_at = step;
    return entry->kills < KILLS_MAX && ++entry->all_kills < KILLS_ALL;
}

/* What the next process is to do otherwise; false: leave the piece alone.  step: that was begun;
 * NULL: none. */
static bool blame(struct parser_entry *entry, const uint64_t *step, const struct ending *ending)
{
    if (entry->head.careful && ending->by_others && is_innocent(entry, step ? *step : UINT64_MAX))
        return true;
    if (entry->head.careful)
        return step && add_skipped(entry, *step | (ending->by_memory ? STEP_MEMORY : 0));
    /* What it had gathered is lost, so it may have been in any of them. */
    for (; entry; entry = STAILQ_NEXT(entry, link))
        entry->head.careful = true;
    return true;
}

/* The process died, fell silent, or spoke nonsense.  A machine without memory is no fault of a
 * report: then nothing more is read. */
static void recover(struct parser *parser)
{
    size_t count = parser->step_count;
    uint64_t step = count ? parser->steps[count - 1] : 0;
    struct ending ending = end_process(parser);

    if (!first_of(parser))
        return;
    if (ending.by_memory && !ending.by_limit) {
        first_of(parser)->result->no_memory = true;
        drop_all(parser);
    } else if (!blame(first_of(parser), count ? &step : NULL, &ending)) {
        give_up(parser, ending.by_memory);
    }
}

/* ---- waiting --------------------------------------------------------------------------------- */

static bool is_cancelled(const struct parser *parser)
{
    return parser->limits.is_cancelled && parser->limits.is_cancelled();
}

/* A msgid; NULL: no limit was reached.  Of what was cancelled nobody reads it. */
static const char *limit_of(const struct parser *parser)
{
    const struct parser_limits *limits = &parser->limits;

    if ((limits->deadline && clock_monotonic_ms() >= limits->deadline) || is_cancelled(parser))
        return N_("reading it took too long; the rest was not read");
    if (limits->answers_max && parser->answered > limits->answers_max)
        return N_("it contains more than can be read at a time; the rest was not read");
    return NULL;
}

/* Nothing more is read. */
static void stop(struct parser *parser, const char *why)
{
    const struct parser_entry *entry = first_of(parser);
    const struct intake_source source = {
        .path = entry->path, .rejections = 1, .trust = entry->trust};

    entry->result->stop = parser->over = true;
    entry->sink->rejected(entry->sink->arg, &source, why, NULL);
    drop_all(parser);
}

static int wait_ms(const struct parser *parser)
{
    int64_t left =
        parser->limits.deadline ? parser->limits.deadline - clock_monotonic_ms() : silence;

    return left < silence ? (int)(left > 0 ? left : 0) : silence;
}

/* As poll(), until something comes, for as long as there is time. */
static int wait_for(const struct parser *parser, struct pollfd *polled)
{
    int64_t slice = parser->limits.is_cancelled ? CANCEL_MS : INT_MAX, left;
    int64_t end = clock_monotonic_ms() + wait_ms(parser);
    int ready;

    do {
        left = end - clock_monotonic_ms();
        left = left > 0 ? left : 0;
        ready = poll(polled, 1, (int)(left < slice ? left : slice));
    } while ((ready < 0 && errno == EINTR) ||
             (ready == 0 && left > slice && !is_cancelled(parser)));
    return ready;
}

/* Something goes out or comes in; false: nothing will. */
static bool exchange(struct parser *parser)
{
    struct pollfd polled = {.fd = parser->fd, .events = POLLIN};
    int ready;

    if (first_unsent(parser))
        polled.events |= POLLOUT;
    ready = wait_for(parser, &polled);
    parser->silent = ready == 0;
    if (ready <= 0)
        return false;
    if (polled.revents & POLLIN)
        return receive(parser);
    return (polled.revents & POLLOUT) && send_more(parser);
}

/* A process that answers. */
static bool is_ready(struct parser *parser)
{
    for (int starts = 0; !parser->said_hello && starts < STARTS_MAX; starts++) {
        if (!parser->process && !begin_process(parser))
            return false;
        while (!parser->said_hello && exchange(parser))
            ;
        if (!parser->said_hello)
            (void)end_process(parser);
    }
    return parser->said_hello;
}

static void pump(struct parser *parser)
{
    bool ready = is_ready(parser), goes_on = true;
    const char *limit;

    if (ready && first_of(parser)) /* its hello may have come with all the rest */
        goes_on = exchange(parser);
    limit = limit_of(parser);
    if (!first_of(parser))
        return;
    if (limit)
        stop(parser, limit);
    else if (!ready)
        give_up(parser, false);
    else if (!goes_on)
        recover(parser);
}

void parser_drain(struct parser *parser)
{
    while (parser && first_of(parser))
        pump(parser);
}

/* ---- what is given --------------------------------------------------------------------------- */

static bool is_absent(struct parser *parser)
{
    if (parser->limits.memory_max) /* whoever waits finds out */
        return false;
    if (!parser->absent && !parser->state.apart)
        parser->absent = !is_ready(parser);
    return parser->absent;
}

struct parser_state parser_state(struct parser *parser)
{
    (void)is_absent(parser);
    return parser->state;
}

static void enqueue(struct parser *parser, struct parser_entry *entry)
{
    STAILQ_INSERT_TAIL(&parser->entries, entry, link);
    parser->queued += entry->bytes.length;
    if (entry->bytes.length > BORROWED)
        parser_drain(parser);
    while (parser->queued > WINDOW)
        pump(parser);
    if (parser->process && first_unsent(parser))
        (void)send_more(parser); /* what fails is found out by who waits */
}

/* NULL: no memory. */
static struct parser_entry *entry_of(struct parser *parser, const struct intake_sink *sink,
                                     struct intake_result *result, const char *path,
                                     const struct piece *piece)
{
    struct parser_entry *entry = talloc_zero(parser, struct parser_entry);

    if (!entry)
        return NULL;
    entry->sink = sink;
    entry->result = result;
    entry->path = talloc_strdup(entry, path);
    entry->bytes = piece->bytes;
    if (piece->bytes.length && piece->bytes.length <= BORROWED)
        entry->bytes.data = talloc_memdup(entry, piece->bytes.data, piece->bytes.length);
    entry->head = (struct piece_head){.kind = piece->kind,
                                      .error = piece->error,
                                      .in_pieces = piece->in_pieces,
                                      .unpacking = (uint32_t)piece->unpacking,
                                      .credit = piece->credit,
                                      .wants = sink->wants,
                                      .number = piece->number,
                                      .length = piece->bytes.length};
    if (entry->path && (entry->bytes.data || !entry->bytes.length))
        return entry;
    talloc_free(entry);
    return NULL;
}

/* The text of `about` becomes the entry's. */
static bool set_about(struct parser_entry *entry, struct wire_out *about)
{
    char *copy = about->no_memory ? NULL : talloc_memdup(entry, about->data, about->length);

    entry->about = (struct bytes){copy, copy ? about->length : 0};
    entry->head.about = entry->about.length;
    free(about->data);
    return copy;
}

static void hand_over(struct parser *parser, const struct job *job, const struct piece *piece)
{
    struct parser_entry *entry = entry_of(parser, job->sink, job->result, job->source.path, piece);
    struct wire_out about = {0};

    wire_put_text(&about, job->source.path);
    if (entry && set_about(entry, &about)) {
        entry->head.first = job->first;
        entry->head.mailbox = job->mailbox;
        enqueue(parser, entry);
        return;
    }
    talloc_free(entry);
    job->result->no_memory = true;
}

void piece_hand(struct job *job, const struct piece *piece)
{
    struct parser *parser = job->sink->parser;

    if (!parser || is_absent(parser))
        piece_take(job, piece);
    else if (!parser->over)
        hand_over(parser, job, piece);
    job->first = false;
}

/* ---- out of the store ------------------------------------------------------------------------ */

static void take_kept_here(const struct intake_sink *sink, const struct intake_source *source,
                           struct intake_result *result, const struct piece *piece)
{
    size_t told = 0, left = INTAKE_UNPACKED_MAX;
    struct job job = {.sink = sink,
                      .result = result,
                      .told = &told,
                      .left = &left,
                      .ctx = talloc_new(NULL),
                      .source = *source,
                      .origin = *source->origin};

    if (job.ctx)
        piece_take(&job, piece);
    else
        result->no_memory = true;
    talloc_free(job.ctx);
}

static bool describe(struct parser_entry *entry, const struct intake_source *source)
{
    struct wire_out about = {0};

    wire_put_text(&about, source->path);
    wire_put_text(&about, source->origin->header_domain);
    wire_put_text(&about, source->origin->header_submitter);
    wire_put_text(&about, source->origin->subject);
    wire_put_text(&about, source->origin->file_name);
    wire_put_text(&about, source->part);
    wire_put_number(&about, source->received);
    wire_put_number(&about, source->deviations);
    entry->trust = source->trust ? talloc_strdup(entry, source->trust) : NULL;
    entry->head.first = true;
    return set_about(entry, &about) && (entry->trust || !source->trust);
}

void parser_take_kept(struct parser *parser, const struct intake_sink *sink,
                      const struct intake_source *source, struct intake_result *result)
{
    struct piece piece = {.kind = PIECE_KEPT, .bytes = source->text};
    struct parser_entry *entry;

    if (!parser || is_absent(parser)) {
        take_kept_here(sink, source, result, &piece);
        return;
    }
    entry = entry_of(parser, sink, result, source->path, &piece);
    if (entry && describe(entry, source)) {
        enqueue(parser, entry);
        return;
    }
    talloc_free(entry);
    result->no_memory = true;
}
