/* SPDX-License-Identifier: MIT */
/* chunks.c - sizes, data and trailers, a byte at a time but for the data.
 *
 * Only what section 7.1 has a rule for passes, line ends are CR LF, and extensions and trailers are
 * read to be dropped.  No blank is taken around a size: proxies differ there. */
#include "http/chunks.h"

#include "base/ascii.h"
#include "http/grammar.h"
#include "http/limits.h"

static const struct http_fault fine = {0, NULL};

static struct http_fault bad(const char *why)
{
    return (struct http_fault){400, why};
}

/* The size is known: does the body become too long? */
static struct http_fault end_size(struct chunks *chunks, enum chunks_state next)
{
    if (!chunks->digits)
        return bad("a chunk has no size");
    if (chunks->left > chunks->allowed)
        return (struct http_fault){413, "the chunks are too long"};
    chunks->state = next;
    return fine;
}

static struct http_fault take_size(struct chunks *chunks, unsigned char c)
{
    int digit = http_hex(c);

    if (c == '\r')
        return end_size(chunks, CHUNK_SIZE_LF);
    if (c == ';')
        return end_size(chunks, CHUNK_EXTENSION);
    if (digit < 0 || ++chunks->digits > LIMIT_CHUNK_DIGITS)
        return bad("the size of a chunk is no number");
    chunks->left = chunks->left * 16 + digit;
    return fine;
}

static struct http_fault take_extension(struct chunks *chunks, unsigned char c)
{
    if (c == '\r')
        chunks->state = CHUNK_SIZE_LF;
    else if (http_is_control(c) && c != '\t')
        return bad("there is a control character in a chunk's extension");
    else if (++chunks->extensions > LIMIT_CHUNK_EXTENSIONS)
        return bad("the extensions of the chunks are too long");
    return fine;
}

static struct http_fault expect(struct chunks *chunks, bool came, enum chunks_state next)
{
    if (!came)
        return bad("a line of the chunks does not end with CR LF");
    chunks->state = next;
    return fine;
}

static struct http_fault take_size_lf(struct chunks *chunks, unsigned char c)
{
    return expect(chunks, c == '\n', chunks->left ? CHUNK_DATA : TRAILER_BEGIN);
}

static struct http_fault take_cr(struct chunks *chunks, unsigned char c)
{
    return expect(chunks, c == '\r', CHUNK_LF);
}

static struct http_fault take_lf(struct chunks *chunks, unsigned char c)
{
    chunks->digits = 0;
    return expect(chunks, c == '\n', CHUNK_SIZE);
}

static struct http_fault take_begin(struct chunks *chunks, unsigned char c)
{
    if (c != '\r' && !http_is_token(c))
        return bad("a trailer is not NAME: VALUE");
    chunks->state = c == '\r' ? TRAILERS_LF : TRAILER_NAME;
    return fine;
}

static struct http_fault take_name(struct chunks *chunks, unsigned char c)
{
    if (c == ':')
        chunks->state = TRAILER_VALUE;
    else if (!http_is_token(c))
        return bad("a trailer is not NAME: VALUE");
    return fine;
}

static struct http_fault take_value(struct chunks *chunks, unsigned char c)
{
    if (c == '\r')
        chunks->state = TRAILER_LF;
    else if (http_is_control(c) && c != '\t')
        return bad("there is a control character in a trailer");
    return fine;
}

static struct http_fault take_trailer_lf(struct chunks *chunks, unsigned char c)
{
    return expect(chunks, c == '\n', TRAILER_BEGIN);
}

static struct http_fault take_last_lf(struct chunks *chunks, unsigned char c)
{
    return expect(chunks, c == '\n', CHUNKS_ENDED);
}

static struct http_fault take_byte(struct chunks *chunks, unsigned char c)
{
    static struct http_fault (*const takers[])(struct chunks *, unsigned char) = {
        [CHUNK_SIZE] = take_size,       [CHUNK_EXTENSION] = take_extension,
        [CHUNK_SIZE_LF] = take_size_lf, [CHUNK_CR] = take_cr,
        [CHUNK_LF] = take_lf,           [TRAILER_BEGIN] = take_begin,
        [TRAILER_NAME] = take_name,     [TRAILER_VALUE] = take_value,
        [TRAILER_LF] = take_trailer_lf, [TRAILERS_LF] = take_last_lf,
    };

    if (chunks->state >= TRAILER_BEGIN && ++chunks->trailers > LIMIT_TRAILERS)
        return (struct http_fault){431, "the trailers are too long"};
    return takers[chunks->state](chunks, c);
}

static struct bytes take_data(struct chunks *chunks, struct bytes *input)
{
    struct bytes piece = *input;

    if ((int64_t)piece.length > chunks->left)
        piece.length = (size_t)chunks->left;
    *input = bytes_from(*input, piece.length);
    chunks->allowed -= (int64_t)piece.length;
    chunks->left -= (int64_t)piece.length;
    if (!chunks->left)
        chunks->state = CHUNK_CR;
    return piece;
}

struct http_fault chunks_next(struct chunks *chunks, struct bytes *input, struct bytes *ret_piece)
{
    struct http_fault fault = fine;

    *ret_piece = (struct bytes){0};
    while (input->length && !fault.status && chunks->state != CHUNKS_ENDED) {
        if (chunks->state == CHUNK_DATA) {
            *ret_piece = take_data(chunks, input);
            break;
        }
        fault = take_byte(chunks, (unsigned char)input->data[0]);
        *input = bytes_from(*input, 1);
    }
    return fault;
}
