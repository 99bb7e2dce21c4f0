/* SPDX-License-Identifier: MIT */
/* dns_wire.c - from a DNS message to an answer. */
#include "net/dns_wire.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <ctype.h>
#include <netdb.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <talloc.h>

#include "base/ascii.h"
#include "base/text.h"
#include "net/limits.h"

/* The C library's list does not have both everywhere. */
#define TLSA_NUMBER 52  /* RFC 6698 */
#define CAA_NUMBER  257 /* RFC 8659 */

struct message {
    ns_msg handle;
    struct dns_answer *answer;
    char owner[NS_MAXDNAME]; /* the name whose records count: the end of the CNAME chain */
};

int dns_type_number(enum dns_type type)
{
    static const int numbers[] = {
        [DNS_A] = ns_t_a,     [DNS_AAAA] = ns_t_aaaa,   [DNS_CNAME] = ns_t_cname,
        [DNS_MX] = ns_t_mx,   [DNS_NS] = ns_t_ns,       [DNS_SOA] = ns_t_soa,
        [DNS_TXT] = ns_t_txt, [DNS_TLSA] = TLSA_NUMBER, [DNS_CAA] = CAA_NUMBER,
        [DNS_PTR] = ns_t_ptr,
    };

    return numbers[type];
}

const char *dns_rcode_name(void *ctx, int rcode)
{
    static const char *const names[] = {NULL,      "FORMERR",  "SERVFAIL", "NXDOMAIN", "NOTIMP",
                                        "REFUSED", "YXDOMAIN", "YXRRSET",  "NXRRSET",  "NOTAUTH"};

    if (rcode >= 0 && (size_t)rcode < sizeof names / sizeof names[0])
        return names[rcode];
    return talloc_asprintf(ctx, "RCODE %d", rcode);
}

/* Presentation form, with or without the final dot. */
static bool same_name(const char *a, const char *b)
{
    size_t length_a = strlen(a), length_b = strlen(b);

    if (length_a && a[length_a - 1] == '.')
        length_a--;
    if (length_b && b[length_b - 1] == '.')
        length_b--;
    return length_a == length_b && strncasecmp(a, b, length_a) == 0;
}

/* A name of the message in lower case.  The C library wrote it in visible ASCII, with escapes that
 * every zone file and resolver understands; so it stays as it is. */
static const char *name_text(struct message *message, const char *name)
{
    char *lower = talloc_strdup(message->answer, name);

    for (char *c = lower; c && *c; c++)
        *c = ascii_lower(*c);
    return lower;
}

static bool read_name(struct message *message, const ns_rr *rr, size_t skip, char name[NS_MAXDNAME])
{
    if (ns_rr_rdlen(*rr) < skip)
        return false;
    return ns_name_uncompress(ns_msg_base(message->handle), ns_msg_end(message->handle),
                              ns_rr_rdata(*rr) + skip, name, NS_MAXDNAME) >= 0;
}

/* ---- one function a type; false: the record is malformed ------------------------------------- */

static bool take_address(struct message *message, const ns_rr *rr, struct dns_record *record,
                         int family, size_t size)
{
    char text[INET6_ADDRSTRLEN];

    if (ns_rr_rdlen(*rr) != size || !inet_ntop(family, ns_rr_rdata(*rr), text, sizeof text))
        return false;
    record->address = talloc_strdup(message->answer, text);
    return record->address;
}

static bool take_a(struct message *message, const ns_rr *rr, struct dns_record *record)
{
    return take_address(message, rr, record, AF_INET, 4);
}

static bool take_aaaa(struct message *message, const ns_rr *rr, struct dns_record *record)
{
    return take_address(message, rr, record, AF_INET6, 16);
}

static bool take_host(struct message *message, const ns_rr *rr, struct dns_record *record)
{
    char name[NS_MAXDNAME];

    if (!read_name(message, rr, 0, name))
        return false;
    record->host = name_text(message, name);
    return record->host;
}

static bool take_mx(struct message *message, const ns_rr *rr, struct dns_record *record)
{
    char name[NS_MAXDNAME];

    if (!read_name(message, rr, 2, name))
        return false;
    record->preference = ns_get16(ns_rr_rdata(*rr));
    record->host = name_text(message, name);
    return record->host;
}

static bool take_soa(struct message *message, const ns_rr *rr, struct dns_record *record)
{
    const unsigned char *numbers = ns_rr_rdata(*rr) + ns_rr_rdlen(*rr) - 20;
    char name[NS_MAXDNAME];

    if (ns_rr_rdlen(*rr) < 22 || !read_name(message, rr, 0, name))
        return false;
    record->host = name_text(message, name);
    record->serial = (int64_t)ns_get32(numbers);
    record->minimum = (int64_t)ns_get32(numbers + 16);
    return record->host;
}

/* The character-strings joined without a space (RFC 8461 section 3.1). */
static bool take_txt(struct message *message, const ns_rr *rr, struct dns_record *record)
{
    const unsigned char *rdata = ns_rr_rdata(*rr);
    size_t left = ns_rr_rdlen(*rr), length = 0;
    char *text = talloc_size(message->answer, left + 1);

    if (!text)
        return false;
    while (left) {
        size_t part = rdata[0];

        if (part >= left)
            return false;
        memcpy(text + length, rdata + 1, part);
        length += part;
        record->strings++;
        rdata += part + 1;
        left -= part + 1;
    }
    text[length] = '\0';
    record->text = (struct bytes){text, length};
    return true;
}

static bool take_tlsa(struct message *message, const ns_rr *rr, struct dns_record *record)
{
    const unsigned char *rdata = ns_rr_rdata(*rr);
    size_t length = ns_rr_rdlen(*rr);
    char *hex;

    if (length < 3)
        return false;
    record->usage = rdata[0];
    record->selector = rdata[1];
    record->matching = rdata[2];
    hex = talloc_size(message->answer, (length - 3) * 2 + 1);
    if (!hex)
        return false;
    for (size_t i = 3; i < length; i++) {
        hex[(i - 3) * 2] = "0123456789abcdef"[rdata[i] >> 4];
        hex[(i - 3) * 2 + 1] = "0123456789abcdef"[rdata[i] & 15];
    }
    hex[(length - 3) * 2] = '\0';
    record->data = (struct bytes){hex, (length - 3) * 2};
    return true;
}

/* A flag octet, the tag behind its length, and the value: all the rest (RFC 8659 section 4.1). */
static bool take_caa(struct message *message, const ns_rr *rr, struct dns_record *record)
{
    const unsigned char *rdata = ns_rr_rdata(*rr);
    size_t length = ns_rr_rdlen(*rr), tag;
    char lower[UINT8_MAX], *value;

    if (length < 2 || rdata[1] == 0 || rdata[1] > length - 2)
        return false;
    tag = rdata[1];
    for (size_t i = 0; i < tag; i++)
        lower[i] = (char)tolower(rdata[2 + i]);
    record->flags = rdata[0];
    record->tag = text_printable(message->answer, lower, tag, 0);
    length -= 2 + tag;
    value = talloc_size(message->answer, length + 1);
    if (!record->tag || !value)
        return false;
    memcpy(value, rdata + 2 + tag, length);
    value[length] = '\0';
    record->text = (struct bytes){value, length};
    return true;
}

typedef bool (*take_fn)(struct message *message, const ns_rr *rr, struct dns_record *record);

static const take_fn takers[] = {
    [DNS_A] = take_a,     [DNS_AAAA] = take_aaaa, [DNS_CNAME] = take_host, [DNS_MX] = take_mx,
    [DNS_NS] = take_host, [DNS_SOA] = take_soa,   [DNS_TXT] = take_txt,    [DNS_TLSA] = take_tlsa,
    [DNS_CAA] = take_caa, [DNS_PTR] = take_host,
};

/* ---- the message ----------------------------------------------------------------------------- */

static void lower_ttl(struct dns_answer *answer, const ns_rr *rr)
{
    int64_t ttl = (int64_t)ns_rr_ttl(*rr);

    if (ttl > INT32_MAX) /* RFC 2181 section 8 */
        ttl = 0;
    if (answer->ttl < 0 || ttl < answer->ttl)
        answer->ttl = ttl;
}

/* The CNAME that the present owner has, if any.  The records may stand in any order. */
static bool step_cname(struct message *message, char target[NS_MAXDNAME])
{
    int count = ns_msg_count(message->handle, ns_s_an);
    ns_rr rr;

    for (int i = 0; i < count; i++) {
        if (ns_parserr(&message->handle, ns_s_an, i, &rr) < 0)
            return false;
        if (ns_rr_type(rr) == ns_t_cname && same_name(ns_rr_name(rr), message->owner) &&
            read_name(message, &rr, 0, target)) {
            lower_ttl(message->answer, &rr);
            return true;
        }
    }
    return false;
}

static enum sts_status follow_cnames(struct message *message)
{
    struct dns_answer *answer = message->answer;
    char target[NS_MAXDNAME];

    answer->cnames = talloc_zero_array(answer, const char *, LIMIT_CNAMES);
    if (!answer->cnames)
        return STS_E_NOMEM;
    while (answer->cname_count < LIMIT_CNAMES && step_cname(message, target)) {
        const char *text = name_text(message, target);

        if (!text)
            return STS_E_NOMEM;
        answer->cnames[answer->cname_count++] = text;
        memcpy(message->owner, target, sizeof target);
    }
    return STS_OK;
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* Servers turn the records of a set round at each answer; facts do not. */
static int by_content(const void *left, const void *right)
{
    const struct dns_record *a = left, *b = right;
    size_t shorter = a->text.length < b->text.length ? a->text.length : b->text.length;
    int order = a->preference < b->preference ? -1 : a->preference > b->preference;

    if (!order)
        order = compare_text(a->host, b->host);
    if (!order)
        order = compare_text(a->address, b->address);
    if (!order && shorter)
        order = memcmp(a->text.data, b->text.data, shorter);
    if (!order)
        order = a->text.length < b->text.length ? -1 : a->text.length > b->text.length;
    if (!order)
        order = compare_text(a->data.data, b->data.data);
    if (!order)
        order = compare_text(a->tag, b->tag);
    return order ? order : a->flags < b->flags ? -1 : a->flags > b->flags;
}

static enum sts_status take_records(struct message *message)
{
    struct dns_answer *answer = message->answer;
    size_t ceiling = answer->type == DNS_TXT ? LIMIT_TXT_RECORDS : LIMIT_DNS_RECORDS;
    int count = ns_msg_count(message->handle, ns_s_an);
    ns_rr rr;

    if (count == 0)
        return STS_OK;
    answer->records = talloc_zero_array(answer, struct dns_record, (size_t)count);
    if (!answer->records)
        return STS_E_NOMEM;
    for (int i = 0; i < count && ns_parserr(&message->handle, ns_s_an, i, &rr) == 0; i++) {
        if ((int)ns_rr_type(rr) != dns_type_number(answer->type) ||
            !same_name(ns_rr_name(rr), message->owner))
            continue;
        if (answer->record_count == ceiling) {
            answer->truncated = true;
            break;
        }
        lower_ttl(answer, &rr);
        if (takers[answer->type](message, &rr, &answer->records[answer->record_count]))
            answer->record_count++;
        else
            answer->records[answer->record_count] = (struct dns_record){0};
    }
    qsort(answer->records, answer->record_count, sizeof answer->records[0], by_content);
    return STS_OK;
}

/* RFC 2308 section 5: the smaller of the SOA's TTL and its minimum. */
static void take_negative_ttl(struct message *message)
{
    int count = ns_msg_count(message->handle, ns_s_ns);
    ns_rr rr;

    for (int i = 0; i < count && ns_parserr(&message->handle, ns_s_ns, i, &rr) == 0; i++) {
        if (ns_rr_type(rr) == ns_t_soa && ns_rr_rdlen(rr) >= 22) {
            int64_t minimum = (int64_t)ns_get32(ns_rr_rdata(rr) + ns_rr_rdlen(rr) - 4);
            int64_t ttl = (int64_t)ns_rr_ttl(rr);

            message->answer->negative_ttl = ttl < minimum ? ttl : minimum;
        }
    }
}

static enum dns_outcome outcome_of(const struct message *message, int rcode)
{
    if (rcode == ns_r_nxdomain)
        return DNS_OUTCOME_NXDOMAIN;
    if (rcode != ns_r_noerror)
        return DNS_OUTCOME_FAILED;
    return message->answer->record_count ? DNS_OUTCOME_FOUND : DNS_OUTCOME_NODATA;
}

enum sts_status dns_wire_read(struct dns_answer *answer, const void *packet, size_t length)
{
    struct message message = {.answer = answer};
    enum sts_status status = STS_OK;
    int rcode;

    if (length > NS_MAXMSG || ns_initparse(packet, (int)length, &message.handle) < 0) {
        answer->outcome = DNS_OUTCOME_FAILED;
        answer->rcode = "malformed";
        return STS_OK;
    }
    snprintf(message.owner, sizeof message.owner, "%s", answer->name);
    if (answer->type != DNS_CNAME)
        status = follow_cnames(&message);
    if (status == STS_OK)
        status = take_records(&message);
    if (status != STS_OK)
        return status;
    rcode = ns_msg_getflag(message.handle, ns_f_rcode);
    answer->outcome = outcome_of(&message, rcode);
    if (answer->outcome == DNS_OUTCOME_FAILED)
        answer->rcode = dns_rcode_name(answer, rcode);
    if (answer->outcome != DNS_OUTCOME_FOUND)
        take_negative_ttl(&message);
    return STS_OK;
}
