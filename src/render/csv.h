/* SPDX-License-Identifier: MIT */
/* csv.h - tables as CSV (RFC 4180), line by line.  Memory that runs out leaves a text of NULL. */
#ifndef RENDER_CSV_H
#define RENDER_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

struct csv_table {
    TALLOC_CTX *ctx;
    char *text;
    bool begun; /* a field stands in the line */
};

struct csv_table csv_begin(TALLOC_CTX *ctx);
/* Strangers' text, quoted always and printable: a field is never two lines.  A spreadsheet reads =,
 * +, - and @ at the beginning as a formula, quoted or not, so a blank stands before them.  NULL is
 * empty. */
void csv_field(struct csv_table *table, const char *value);
void csv_number(struct csv_table *table, int64_t value);
void csv_time(struct csv_table *table, bool known, int64_t seconds);
void csv_end(struct csv_table *table);

#endif
