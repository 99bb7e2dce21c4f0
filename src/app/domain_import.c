/* SPDX-License-Identifier: MIT */
/* domain_import.c - a text, line by line.
 *
 * Of a plain line each piece between commas and semicolons may be one address with a name before it
 * ("Ada <ada@example.com>"), else each word is a domain. */
#include "app/domain_import.h"

#include <string.h>

#include "app/domain_tag.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/msgid.h"
#include "base/pasted.h"
#include "base/scanner.h"
#include "base/table.h"
#include "base/text.h"

#define SHOWN_MAX   200 /* bytes of a word that is refused */
#define COLUMNS_MAX 100

const char *import_fault_text(enum import_fault fault)
{
    static const char *const texts[] = {
        [IMPORT_NO_DOMAIN] = N_("This is not a domain name."),
        [IMPORT_NO_TAG] =
            N_("Tags consist of letters and digits, with - _ . : / allowed in between; "
               "at most 40 bytes per tag and 20 tags per domain."),
        [IMPORT_BEYOND_MAX] = N_("Only the first 50,000 lines and domains are read."),
    };

    return texts[fault];
}

struct import_work {
    struct domain_import *import;
    struct table names; /* index into import->domains, and one */
    int64_t line;
    char separator;     /* of a table; 0: plain text */
    size_t tags_column; /* from 1; 0: there is none */
    bool begun;         /* a line was read */
    bool no_memory, full;
};

/* ---- what is found --------------------------------------------------------------------------- */

static uint64_t hash_name(const void *owner, uint64_t word)
{
    const struct import_work *work = owner;
    const char *name = work->import->domains[word - 1].name;

    return table_hash(0, name, strlen(name));
}

static bool is_name(const void *owner, uint64_t word, const void *key)
{
    const struct import_work *work = owner;

    return strcmp(work->import->domains[word - 1].name, key) == 0;
}

static const struct table_kind name_kind = {hash_name, is_name};

static void refuse(struct import_work *work, struct bytes given, enum import_fault fault)
{
    struct domain_import *import = work->import;
    struct import_refused *refused =
        array_grow(import, &import->refused, &import->refused_count, sizeof(*refused));

    if (refused)
        *refused = (struct import_refused){
            work->line, text_printable(import, given.data, given.length, SHOWN_MAX), fault};
    work->no_memory |= !refused || !refused->given;
    work->full |= fault == IMPORT_BEYOND_MAX;
}

static bool is_known(const struct import_work *work, const char *name)
{
    return table_find(&work->names, table_hash(0, name, strlen(name)), name) != 0;
}

static void keep(struct import_work *work, const char *name, char *tags)
{
    struct domain_import *import = work->import;
    struct import_domain *domain =
        array_grow(import, &import->domains, &import->domain_count, sizeof(*domain));

    if (domain)
        *domain = (struct import_domain){talloc_strdup(import, name), tags, work->line};
    work->no_memory |= !domain || !domain->name || !table_add(&work->names, import->domain_count);
}

static bool read_name(struct bytes given, char name[STS_NAME_SIZE])
{
    char *text = talloc_strndup(NULL, given.data, given.length);
    enum pasted_form form;
    bool is = text && strlen(text) == given.length && pasted_domain(text, name, &form) == STS_OK &&
              strchr(name, '.');

    talloc_free(text);
    return is;
}

/* tags: as they were given. */
static void take(struct import_work *work, const char *name, struct bytes given, struct bytes typed)
{
    char *tags;

    if (is_known(work, name)) {
        work->import->repeated++;
        return;
    }
    if (work->import->domain_count == IMPORT_LINES_MAX) {
        refuse(work, given, IMPORT_BEYOND_MAX);
        return;
    }
    tags = domain_tags(work->import, typed);
    if (tags)
        keep(work, name, tags);
    else
        refuse(work, typed, IMPORT_NO_TAG);
}

/* ---- plain text ------------------------------------------------------------------------------ */

static const struct bytes nothing = {"", 0};

static bool is_blank(unsigned char c)
{
    return ascii_is_blank(c);
}

static bool is_word(unsigned char c)
{
    return !ascii_is_blank(c);
}

static bool is_list_end(unsigned char c)
{
    return c == ',' || c == ';';
}

static bool is_in_list(unsigned char c)
{
    return !is_list_end(c);
}

static bool try_whole(struct import_work *work, struct bytes given)
{
    char name[STS_NAME_SIZE];

    if (!read_name(given, name))
        return false;
    take(work, name, given, nothing);
    return true;
}

/* "Ada Lovelace <ada@example.com>" */
static bool try_address(struct import_work *work, struct bytes piece)
{
    return piece.data[piece.length - 1] == '>' && try_whole(work, piece);
}

static void take_words(struct import_work *work, struct bytes piece)
{
    struct scanner scanner = scanner_begin(piece);

    while (!work->full && !scanner_at_end(&scanner)) {
        struct bytes word = scanner_while(&scanner, is_word);

        if (word.length && !try_whole(work, word) && bytes_trim(word).length)
            refuse(work, word, IMPORT_NO_DOMAIN);
        (void)scanner_while(&scanner, is_blank);
    }
}

static void take_plain(struct import_work *work, struct bytes line)
{
    struct scanner scanner = scanner_begin(line);

    if (bytes_begin(line, "#"))
        return;
    while (!work->full && !scanner_at_end(&scanner)) {
        struct bytes piece = bytes_trim(scanner_while(&scanner, is_in_list));

        if (piece.length && !try_address(work, piece))
            take_words(work, piece);
        (void)scanner_while(&scanner, is_list_end);
    }
}

/* ---- a table --------------------------------------------------------------------------------- */

/* The next field of a line, without its quotes; "" in them is ". */
static struct bytes next_field(TALLOC_CTX *ctx, struct scanner *scanner, char separator)
{
    char *text;
    size_t length = 0;

    if (!scanner_try(scanner, '"')) {
        struct bytes plain = scanner_until(scanner, separator);

        (void)scanner_try(scanner, separator);
        return bytes_trim(plain);
    }
    text = talloc_array(ctx, char, (unsigned)(scanner->text.length - scanner->at + 1));
    while (text && !scanner_at_end(scanner)) {
        struct bytes part = scanner_until(scanner, '"');

        memcpy(text + length, part.data, part.length);
        length += part.length;
        (void)scanner_try(scanner, '"');
        if (!scanner_try(scanner, '"'))
            break;
        text[length++] = '"';
    }
    (void)scanner_until(scanner, separator);
    (void)scanner_try(scanner, separator);
    return text ? bytes_trim((struct bytes){text, length}) : nothing;
}

static void take_row(struct import_work *work, struct bytes line)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct scanner scanner = scanner_begin(line);
    struct bytes given = next_field(ctx, &scanner, work->separator), tags = nothing;
    char name[STS_NAME_SIZE];

    for (size_t column = 2; column <= work->tags_column && !scanner_at_end(&scanner); column++) {
        struct bytes field = next_field(ctx, &scanner, work->separator);

        if (column == work->tags_column)
            tags = field;
    }
    if (read_name(given, name))
        take(work, name, given, tags);
    else
        refuse(work, given, IMPORT_NO_DOMAIN);
    talloc_free(ctx);
}

/* What separates the columns that the first line names; 0: it names none. */
static char separator_of(struct bytes line)
{
    static const char separators[] = ",;\t";
    struct scanner scanner = scanner_begin(line);
    bool quoted = scanner_try(&scanner, '"');
    const char *found;

    if (!bytes_begin_nocase(bytes_from(line, scanner.at), "domain"))
        return 0;
    scanner.at += strlen("domain");
    if (quoted && !scanner_try(&scanner, '"'))
        return 0;
    if (scanner_at_end(&scanner))
        return ',';
    found = strchr(separators, scanner_peek(&scanner));
    if (found)
        return *found;
    return 0;
}

static bool begin_table(struct import_work *work, struct bytes line)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct scanner scanner = scanner_begin(line);

    work->separator = separator_of(line);
    for (size_t i = 1; work->separator && i <= COLUMNS_MAX && !scanner_at_end(&scanner); i++)
        if (bytes_equal_nocase(next_field(ctx, &scanner, work->separator), "tags"))
            work->tags_column = i;
    talloc_free(ctx);
    return work->separator;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static bool is_in_line(unsigned char c)
{
    return c != '\n' && c != '\r';
}

static void take_line(struct import_work *work, struct bytes line)
{
    bool first = !work->begun;

    if (!line.length)
        return;
    work->begun = true;
    if (work->line > IMPORT_LINES_MAX + 1) /* the first may name columns */
        refuse(work, line, IMPORT_BEYOND_MAX);
    else if (work->separator)
        take_row(work, line);
    else if (!first || !begin_table(work, line))
        take_plain(work, line);
}

static struct bytes without_mark(struct bytes text)
{
    return bytes_begin(text, "\357\273\277") ? bytes_from(text, 3) : text;
}

enum sts_status domain_import_read(TALLOC_CTX *ctx, struct bytes text, struct domain_import **ret)
{
    struct import_work work = {.import = talloc_zero(ctx, struct domain_import)};
    struct scanner scanner = scanner_begin(without_mark(text));

    if (text.length > IMPORT_BYTES_MAX || !work.import) {
        talloc_free(work.import);
        return work.import ? STS_E_LIMIT : STS_E_NOMEM;
    }
    table_begin(&work.names, work.import, &name_kind, &work);
    while (!work.no_memory && !work.full && !scanner_at_end(&scanner)) {
        work.line++;
        take_line(&work, bytes_trim(scanner_while(&scanner, is_in_line)));
        (void)scanner_try(&scanner, '\r');
        (void)scanner_try(&scanner, '\n');
    }
    if (work.no_memory) {
        talloc_free(work.import);
        return STS_E_NOMEM;
    }
    *ret = work.import;
    return STS_OK;
}
