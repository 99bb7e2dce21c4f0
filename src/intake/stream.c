/* SPDX-License-Identifier: MIT */
/* stream.c - a file in pieces: mails of an mbox, reports one a line; anything else in one piece.
 *
 * A piece ends where something new begins for certain: at the "From " line of a mail, or between a
 * "}" and a line that begins with "{", which no report has inside.  Where a piece holds no such
 * place, more is read, up to the ceilings.  A packed mbox is unpacked on the way. */
#include "intake/piece.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "intake/unpack.h"

#define PIECE_BYTES (4u << 20)  /* read at a time */
#define FIRST_BYTES (64u << 10) /* most files are not longer than that */
#define PEEK_BYTES  (1u << 20)  /* packed: at least a block of bzip2 */

struct stream {
    struct job *job;
    int fd;
    char *data;
    size_t length, room;
    bool ended;
    int error;                 /* errno; 0: none */
    struct unpacker *unpacker; /* NULL: the file is not packed, or taken as a whole */
    uint64_t credited;         /* packed bytes */
};

static struct bytes all_of(const struct stream *stream)
{
    return (struct bytes){stream->data, stream->length};
}

static bool make_room(struct stream *stream, size_t room)
{
    char *data = talloc_realloc_size(stream->job->ctx, stream->data, room);

    if (!data) {
        stream->job->result->no_memory = true;
        return false;
    }
    stream->data = data;
    stream->room = room;
    return true;
}

static ssize_t read_some(struct stream *stream, char *data, size_t room)
{
    return stream->unpacker ? (ssize_t)unpacker_read(stream->unpacker, data, room)
                            : read(stream->fd, data, room);
}

static void read_once(struct stream *stream)
{
    ssize_t got = read_some(stream, stream->data + stream->length, stream->room - stream->length);

    if (got > 0)
        stream->length += (size_t)got;
    else if (got == 0)
        stream->ended = true;
    else if (errno != EINTR)
        stream->error = errno;
}

/* Reads until more than so many bytes are there, or all of them; false: there is no going on. */
static bool fill(struct stream *stream, size_t length)
{
    if (stream->room <= length && !make_room(stream, length + 1))
        return false;
    while (stream->length <= length && !stream->ended && !stream->error)
        read_once(stream);
    return !stream->error;
}

static void drop(struct stream *stream, size_t length)
{
    stream->length -= length;
    memmove(stream->data, stream->data + length, stream->length);
}

static bool goes_on(const struct stream *stream)
{
    const struct intake_result *result = stream->job->result;

    return !stream->error && !result->stop && !result->no_memory;
}

/* ---- mbox ------------------------------------------------------------------------------------ */

struct mbox {
    struct stream *stream;
    size_t number;
    size_t at;    /* where the next mail is looked for */
    bool passing; /* the rest of a mail that is too large */
};

/* By the bytes of the file: of a packed one those that went in since the last mail. */
static size_t credit_of(struct stream *stream, size_t length)
{
    uint64_t before = stream->credited;

    if (!stream->unpacker)
        return INTAKE_UNPACKED_PER * length;
    stream->credited = unpacker_taken(stream->unpacker);
    return INTAKE_UNPACKED_PER * (size_t)(stream->credited - before);
}

static void hand_mail(const struct mbox *mbox, struct bytes bytes)
{
    piece_hand(mbox->stream->job, &(struct piece){.kind = PIECE_MAIL,
                                                  .number = mbox->number,
                                                  .credit = credit_of(mbox->stream, bytes.length),
                                                  .bytes = bytes});
}

/* The last mail is there as a whole?  What follows a fault of packing is missing. */
static bool ends_well(const struct stream *stream)
{
    return stream->ended && (!stream->unpacker || unpacker_outcome(stream->unpacker) == UNPACK_OK);
}

/* All mails that are there as a whole; returns where the first that is not begins. */
static size_t take_mails(struct mbox *mbox)
{
    struct stream *stream = mbox->stream;
    size_t begin = 0, next;

    while (goes_on(stream) && begin < stream->length &&
           (next = job_next_mail(all_of(stream), &mbox->at, ends_well(stream))) != NOWHERE) {
        if (!mbox->passing)
            hand_mail(mbox, (struct bytes){stream->data + begin, next - begin});
        mbox->number++;
        mbox->passing = false;
        begin = next;
    }
    return begin;
}

/* Nothing of a mail that is too large is kept but that it was there. */
static void pass_large(struct mbox *mbox)
{
    struct stream *stream = mbox->stream;

    if (!mbox->passing && stream->length <= INTAKE_MAIL_MAX + PIECE_BYTES)
        return;
    if (!mbox->passing) /* refused by its length */
        hand_mail(mbox, all_of(stream));
    mbox->passing = true;
    drop(stream, mbox->at);
    mbox->at = 0;
    if (stream->length > PIECE_BYTES) /* a line without an end */
        drop(stream, stream->length);
}

static void take_mbox(struct stream *stream)
{
    struct mbox mbox = {.stream = stream, .number = 1};

    while (goes_on(stream)) {
        size_t done = take_mails(&mbox);

        drop(stream, done);
        mbox.at -= done;
        if (stream->ended)
            return;
        pass_large(&mbox);
        if (!fill(stream, stream->length + PIECE_BYTES))
            return;
    }
}

/* ---- reports one a line ---------------------------------------------------------------------- */

static bool begins_object(struct bytes text, size_t at)
{
    size_t before = at - 1;

    if (text.data[at] != '{' || text.data[at - 1] != '\n')
        return false;
    while (before > 0 && ascii_is_space((unsigned char)text.data[before - 1]))
        before--;
    return before > 0 && text.data[before - 1] == '}';
}

/* The last line that begins with an object behind the end of another; 0: none. */
static size_t last_object(struct bytes text)
{
    for (size_t at = text.length; at > 1; at--)
        if (begins_object(text, at - 1))
            return at - 1;
    return 0;
}

static void take_piece(struct stream *stream, struct bytes bytes)
{
    piece_hand(stream->job,
               &(struct piece){.kind = PIECE_LINES, .in_pieces = !stream->ended, .bytes = bytes});
    drop(stream, bytes.length);
}

static void take_lines(struct stream *stream)
{
    while (goes_on(stream) && stream->length) {
        size_t length = stream->ended ? stream->length : last_object(all_of(stream));

        if (length)
            take_piece(stream, (struct bytes){stream->data, length});
        if (stream->ended)
            return;
        if (stream->length > INTAKE_FILE_MAX) {
            stream->error = EFBIG;
            return;
        }
        /* where there is no end of a piece twice as much, so that no byte is looked at often */
        if (!fill(stream, length ? stream->length + PIECE_BYTES : 2 * stream->length))
            return;
    }
}

/* ---- any ------------------------------------------------------------------------------------- */

/* Bytes before the first "From " line; NOWHERE: it is no mbox. */
static size_t before_mbox(struct bytes bytes)
{
    size_t at = 0;

    while (at < bytes.length && ascii_is_space((unsigned char)bytes.data[at]))
        at++;
    return bytes_begin(bytes_from(bytes, at), "From ") ? at : NOWHERE;
}

static void take_whole(struct stream *stream)
{
    while (!stream->ended && stream->length <= INTAKE_FILE_MAX)
        if (!fill(stream,
                  2 * stream->length < INTAKE_FILE_MAX ? 2 * stream->length : INTAKE_FILE_MAX))
            return;
    if (!stream->ended) {
        stream->error = EFBIG;
        return;
    }
    piece_hand(stream->job, &(struct piece){.kind = PIECE_WHOLE, .bytes = all_of(stream)});
}

/* ---- packed ---------------------------------------------------------------------------------- */

/* What comes out first. */
static bool holds_mbox(struct stream *stream)
{
    struct unpacker *unpacker = unpacker_new(stream->job->ctx, all_of(stream), -1);
    char begin[512];
    size_t length = 0, got = 1;

    while (unpacker && got && length < sizeof begin) {
        got = unpacker_read(unpacker, begin + length, sizeof begin - length);
        length += got;
    }
    talloc_free(unpacker);
    return before_mbox((struct bytes){begin, length}) != NOWHERE;
}

/* From here on the stream is of what comes out. */
static bool begin_unpacking(struct stream *stream)
{
    stream->unpacker = unpacker_new(stream->job->ctx, all_of(stream), stream->fd);
    stream->length = stream->unpacker ? 0 : stream->length;
    stream->ended = !stream->unpacker && stream->ended;
    return stream->unpacker;
}

/* false: take it as a whole. */
static bool take_packed_mbox(struct stream *stream)
{
    size_t before;

    if (!is_packed_stream(all_of(stream)) || !fill(stream, PEEK_BYTES) || !holds_mbox(stream) ||
        !begin_unpacking(stream))
        return false;
    if (fill(stream, FIRST_BYTES) && (before = before_mbox(all_of(stream))) != NOWHERE) {
        drop(stream, before);
        take_mbox(stream);
    }
    return true;
}

static void take_any(struct stream *stream)
{
    struct job *job = stream->job;
    size_t before;

    if (!fill(stream, FIRST_BYTES))
        return;
    before = before_mbox(all_of(stream));
    if (stream->ended || job->mailbox)
        before = NOWHERE;
    else if (take_packed_mbox(stream))
        return;
    if (before != NOWHERE) {
        drop(stream, before);
        take_mbox(stream);
    } else if (!stream->ended && !job->mailbox && content_of(all_of(stream)) == CONTENT_JSON) {
        take_lines(stream);
    } else {
        take_whole(stream);
    }
}

void job_take_file(struct job *job, int fd)
{
    struct stream stream = {.job = job, .fd = fd};
    enum unpack_outcome unpacking = UNPACK_OK;

    take_any(&stream);
    if (stream.unpacker && stream.ended)
        unpacking = unpacker_outcome(stream.unpacker);
    piece_hand(job, &(struct piece){
                        .kind = PIECE_END, .error = stream.error, .unpacking = (int)unpacking});
    talloc_free(stream.unpacker);
}
