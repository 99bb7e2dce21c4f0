/* SPDX-License-Identifier: MIT */
/* intake.h - TLS reports out of whatever holds them: files, folders, Maildir, mbox, standard input;
 * plain JSON, gzip, zip, mails.
 *
 * What a thing is, is told by its content, never by its name or label alone.  One broken report
 * stops nothing: it is handed to `rejected` with the reason, and the others go on. */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"
#include "mtasts/report.h"

#define INTAKE_FILE_MAX (255u << 20) /* bytes of what is no mbox and no report one a line */
#define INTAKE_MAIL_MAX (96u << 20)  /* 64 MiB in base64, and some */
/* Work of unpacking one mail or file, all its layers together: bytes that came out, also where they
 * were refused, and a charge for each stream or entry.  A mailbox has a ceiling of its own beside
 * that of each mail, which grows with what is read of it. */
#define INTAKE_UNPACKED_MAX (256u << 20)
#define INTAKE_UNPACKED_PER 64   /* and so many bytes for each byte of the file */
#define INTAKE_ENTRY_COST   1024 /* of opening a stream or an entry, in bytes */
#define INTAKE_MEMBERS_MAX  16   /* of one gzip stream */
#define INTAKE_PARTS_MAX    1000 /* of one mail */
#define INTAKE_LAYERS_MAX   8    /* mail in mail, gzip in gzip, zip in mail */
#define INTAKE_FOLDERS_MAX  16   /* folders inside folders */
#define INTAKE_REJECTED_MAX 100  /* told of one file; one more stands for the rest */

/* What deviates in the wrapping.  X(symbol, name) */
#define INTAKE_DEVIATIONS(X)                                                                       \
    X(MEDIA_TYPE, "media-type")             /* not application/tlsrpt+json or +gzip */             \
    X(MEDIA_TYPE_WRONG, "media-type-wrong") /* +gzip that is not packed, +json that is */          \
    X(NOT_MULTIPART_REPORT, "not-multipart-report")                                                \
    X(NO_REPORT_HEADERS, "no-report-headers") /* no TLS-Report-Domain or -Submitter */             \
    X(FORWARDED, "forwarded")                 /* a mail inside a mail */                           \
    X(BASE64_TWICE, "base64-twice")           /* base64 that no header announces */                \
    X(PACKED_TWICE, "packed-twice")                                                                \
    X(ZIP, "zip")                                                                                  \
    X(ARCHIVE, "archive")                     /* tar, xz, zstd, bzip2 */                           \
    X(GZIP_MEMBERS, "gzip-members")           /* several members */                                \
    X(GZIP_TRAILING, "gzip-trailing")         /* something behind the last member */               \
    X(FILE_NAME_MISSING, "file-name-missing") /* of an attachment */

enum intake_deviation {
#define X(symbol, name) INTAKE_##symbol,
    INTAKE_DEVIATIONS(X)
#undef X
        INTAKE_DEVIATION_COUNT
};
const char *intake_deviation_name(enum intake_deviation code);

/* Where something came from. */
struct intake_source {
    const char *path;     /* as given, or below the folder given; "-": standard input */
    const char *part;     /* "mail 3", "mail 3: report.json: line 2"; NULL: the whole file */
    int64_t received;     /* Date of the mail; 0: not known */
    unsigned deviations;  /* a bit for each enum intake_deviation */
    struct bytes message; /* the whole mail the report came in, borrowed; length 0: none */
    size_t rejections;    /* of what is rejected: for how many of the file this stands */
    /* Of a report: what sts_report_parse() made it from, so that it can be made again. */
    struct bytes text;
    const struct sts_report_origin *origin;
    size_t mail;       /* which of the mails read so far, from 1 */
    const char *from;  /* domain of that mail's From; NULL: none, or several */
    const char *trust; /* what a sink in between found out about its sender; NULL: nobody did */
};

struct parser;

/* Both borrow their arguments, but for the report, which is handed over. */
struct intake_sink {
    void (*report)(void *arg, struct sts_report *report, const struct intake_source *source);
    /* why: a msgid; detail: what the system says, or NULL */
    void (*rejected)(void *arg, const struct intake_source *source, const char *why,
                     const char *detail);
    void *arg;
    struct parser *parser; /* NULL: all is parsed in this process */
    unsigned wants;        /* with a parser: what of a source is wanted (parser.h) */
};

struct intake_result {
    size_t files;       /* opened */
    size_t mails;       /* read as such */
    size_t other_mails; /* in a mailbox, without any sign of a report */
    size_t faults;      /* of our parser: steps that were passed over */
    bool no_memory;
    bool stop; /* set by the sink's owner: read no more */
};

/* A path, or "-". */
/* The same of what is open at its beginning; path names it. */
void intake_open(const struct intake_sink *sink, int fd, const char *path,
                 struct intake_result *result);
void intake_path(const struct intake_sink *sink, const char *path, struct intake_result *result);
/* Bytes that lie in memory already, given to the parser where there is one, and waited for; path
 * names them.  mail: a message of a mailbox, which need not be a report. */
void intake_whole(const struct intake_sink *sink, const char *path, struct bytes bytes, bool mail,
                  struct intake_result *result);
/* The same, not waited for: what it makes goes to the sink, at the latest in parser_drain(). */
void intake_hand(const struct intake_sink *sink, const char *path, struct bytes bytes, bool mail,
                 struct intake_result *result);
/* The same without a parser, by content. */
void intake_bytes(const struct intake_sink *sink, const char *path, struct bytes bytes,
                  struct intake_result *result);

#endif
