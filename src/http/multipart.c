/* SPDX-License-Identifier: MIT */
/* multipart.c - delimiters are searched, heads of parts read, contents counted.
 *
 * A delimiter is CR LF "--" and the boundary.  CR stands in it once, as its first byte, so that a
 * search that fails begins anew with the byte it failed at.  The first delimiter has no line before
 * it: the search begins as if CR LF had come. */
#include "http/multipart.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/scanner.h"
#include "base/text.h"
#include "http/grammar.h"
#include "http/limits.h"
#include "http/parameters.h"

enum state {
    CONTENT,         /* of a part, and what comes before the first delimiter, which is nothing */
    BEHIND_BOUNDARY, /* CR LF: a part's head; "--": the end */
    BOUNDARY_LF,
    LAST_DASH,
    HEAD,
    EPILOGUE /* is ignored */
};

struct http_multipart {
    enum state state;
    char delimiter[4 + LIMIT_BOUNDARY + 1];
    size_t delimiter_length, matched; /* so much of it came just now */
    int64_t offset;                   /* of the next byte */
    struct http_part *parts;
    size_t count;
    char head[LIMIT_PART_HEAD]; /* of the part that is being read */
    size_t head_length;
};

static const struct http_fault fine = {0, NULL};
static const struct http_fault no_memory = {503, "no memory"};

static struct http_fault bad(const char *why)
{
    return (struct http_fault){400, why};
}

/* ---- the boundary ---------------------------------------------------------------------------- */

static bool is_boundary(unsigned char c)
{
    return c == ' ' || strchr("'()+_,-./:=?", c) || ascii_is_alnum(c);
}

static bool usable(const char *boundary)
{
    size_t length = strlen(boundary);
    struct scanner scanner = scanner_begin((struct bytes){boundary, length});

    (void)scanner_while(&scanner, is_boundary);
    return length > 0 && length <= LIMIT_BOUNDARY && boundary[length - 1] != ' ' &&
           scanner_finished(&scanner);
}

char *http_multipart_boundary(TALLOC_CTX *ctx, const char *content_type)
{
    struct bytes value = bytes_of(content_type);
    char *boundary;

    if (!http_value_is(value, "multipart/form-data"))
        return NULL;
    if (!http_parameter(ctx, value, "boundary", &boundary))
        return NULL;
    if (boundary && usable(boundary))
        return boundary;
    talloc_free(boundary);
    return NULL;
}

struct http_multipart *http_multipart_new(TALLOC_CTX *ctx, const char *boundary)
{
    struct http_multipart *multipart = talloc_zero(ctx, struct http_multipart);

    if (!multipart)
        return NULL;
    multipart->delimiter_length =
        (size_t)snprintf(multipart->delimiter, sizeof(multipart->delimiter), "\r\n--%s", boundary);
    multipart->matched = 2;
    return multipart;
}

/* ---- the head of a part ---------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *name = path;

    for (; *path; path++)
        if (*path == '/' || *path == '\\')
            name = path + 1;
    return name;
}

static struct http_fault take_disposition(struct http_multipart *multipart, struct http_part *part,
                                          struct bytes value)
{
    char *file, *name;

    if (!http_parameter(multipart, value, "filename", &file) ||
        !http_parameter(multipart, value, "name", &name))
        return no_memory;
    if (!http_value_is(value, "form-data") || !name || !text_is_utf8(name, strlen(name)))
        return bad("a part of the form has no name");
    part->name = name;
    if (!file)
        return fine;
    part->file_name = text_printable(multipart, base_name(file), strlen(base_name(file)), 0);
    talloc_free(file);
    return part->file_name ? fine : no_memory;
}

static struct http_fault take_type(struct http_multipart *multipart, struct http_part *part,
                                   struct bytes value)
{
    part->type = text_printable(multipart, value.data, value.length, 0);
    return part->type ? fine : no_memory;
}

static bool is_plain(unsigned char c)
{
    return !http_is_control(c) || c == '\t';
}

static struct http_fault take_head_line(struct http_multipart *multipart, struct http_part *part,
                                        struct bytes line)
{
    struct scanner scanner = scanner_begin(line);
    struct bytes name = scanner_while(&scanner, http_is_token), value;

    (void)scanner_try(&scanner, ':');
    value = scanner_while(&scanner, is_plain);
    if (!name.length || line.data[name.length] != ':' || !scanner_finished(&scanner))
        return bad("the head of a part of the form has a line that is not NAME: VALUE");
    value = bytes_trim(value);
    if (bytes_equal_nocase(name, "content-disposition"))
        return part->name ? bad("a part of the form has two names")
                          : take_disposition(multipart, part, value);
    return bytes_equal_nocase(name, "content-type") ? take_type(multipart, part, value) : fine;
}

/* The head is complete; the empty line at its end was left out. */
static struct http_fault take_head(struct http_multipart *multipart)
{
    struct scanner scanner = scanner_begin((struct bytes){multipart->head, multipart->head_length});
    struct http_fault fault = fine;
    struct http_part *part;

    if (multipart->count == LIMIT_PARTS)
        return (struct http_fault){413, "the form has too many parts"};
    part = array_grow(multipart, &multipart->parts, &multipart->count, sizeof(*part));
    if (!part)
        return no_memory;
    while (!fault.status && !scanner_at_end(&scanner)) {
        fault = take_head_line(multipart, part, scanner_until(&scanner, '\r'));
        scanner_expect(&scanner, '\r');
        scanner_expect(&scanner, '\n');
        if (scanner.failed && !fault.status)
            fault = bad("a line in the head of a part of the form does not end with CR LF");
    }
    part->offset = multipart->offset;
    return part->name || fault.status ? fault : bad("a part of the form has no name");
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static bool head_ends(struct bytes head)
{
    return bytes_equal(head, "\r\n") ||
           (head.length >= 4 && bytes_equal(bytes_from(head, head.length - 4), "\r\n\r\n"));
}

static struct http_fault in_head(struct http_multipart *multipart, char c)
{
    if (multipart->head_length == sizeof(multipart->head))
        return bad("the head of a part of the form is too long");
    multipart->head[multipart->head_length++] = c;
    if (c != '\n' || !head_ends((struct bytes){multipart->head, multipart->head_length}))
        return fine;
    multipart->head_length -= 2;
    multipart->state = CONTENT;
    multipart->matched = 0;
    return take_head(multipart);
}

static struct http_fault in_content(struct http_multipart *multipart, char c)
{
    if (c != multipart->delimiter[multipart->matched])
        multipart->matched = c == '\r';
    else
        multipart->matched++;
    if (!multipart->count && multipart->matched < 3)
        return bad("the form does not begin with its boundary");
    if (multipart->matched < multipart->delimiter_length)
        return fine;
    if (multipart->count)
        multipart->parts[multipart->count - 1].length =
            multipart->offset - (int64_t)multipart->delimiter_length -
            multipart->parts[multipart->count - 1].offset;
    multipart->state = BEHIND_BOUNDARY;
    return fine;
}

static struct http_fault step(struct http_multipart *multipart, char c, char wanted,
                              enum state then)
{
    if (c != wanted)
        return bad("a boundary of the form is followed by something else");
    multipart->state = then;
    multipart->head_length = 0;
    return fine;
}

static struct http_fault behind_boundary(struct http_multipart *multipart, char c)
{
    return c == '-' ? step(multipart, c, '-', LAST_DASH) : step(multipart, c, '\r', BOUNDARY_LF);
}

static struct http_fault boundary_lf(struct http_multipart *multipart, char c)
{
    return step(multipart, c, '\n', HEAD);
}

static struct http_fault last_dash(struct http_multipart *multipart, char c)
{
    return step(multipart, c, '-', EPILOGUE);
}

static struct http_fault in_epilogue(struct http_multipart *multipart, char c)
{
    (void)multipart;
    (void)c;
    return fine;
}

/* Of a content, what cannot begin a delimiter. */
static size_t skip_content(struct http_multipart *multipart, struct bytes piece)
{
    long found;

    if (multipart->state != CONTENT || multipart->matched || !multipart->count)
        return 0;
    found = bytes_find_char(piece, '\r');
    return found < 0 ? piece.length : (size_t)found;
}

struct http_fault http_multipart_take(struct http_multipart *multipart, struct bytes piece)
{
    static struct http_fault (*const states[])(struct http_multipart *, char) = {
        [CONTENT] = in_content,
        [BEHIND_BOUNDARY] = behind_boundary,
        [BOUNDARY_LF] = boundary_lf,
        [LAST_DASH] = last_dash,
        [HEAD] = in_head,
        [EPILOGUE] = in_epilogue,
    };
    struct http_fault fault = fine;

    while (piece.length && !fault.status) {
        size_t skipped = skip_content(multipart, piece);

        multipart->offset += (int64_t)skipped;
        piece = bytes_from(piece, skipped);
        if (!piece.length)
            break;
        multipart->offset++;
        fault = states[multipart->state](multipart, piece.data[0]);
        piece = bytes_from(piece, 1);
    }
    return fault;
}

struct http_fault http_multipart_finish(const struct http_multipart *multipart,
                                        const struct http_part **ret, size_t *ret_count)
{
    if (multipart->state != EPILOGUE)
        return bad("the form ends before its last boundary");
    *ret = multipart->parts;
    *ret_count = multipart->count;
    return fine;
}

const struct http_part *http_part_find(const struct http_part *parts, size_t count,
                                       const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(parts[i].name, name) == 0)
            return &parts[i];
    return NULL;
}
