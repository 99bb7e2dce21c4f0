/* SPDX-License-Identifier: MIT */
/* mime.c - mails, by GMime. */
#include "intake/mime.h"

#include <string.h>

#include <gmime/gmime.h>

#include "base/ascii.h"

struct walk {
    TALLOC_CTX *ctx;
    const struct mime_sink *sink;
    size_t parts;
    bool left_out;
};

static void walk_object(struct walk *walk, const struct mime_head *head, GMimeObject *object,
                        int depth);

static const char *lower(TALLOC_CTX *ctx, char *text)
{
    char *copy = talloc_strdup(ctx, text ? text : "");

    for (char *c = copy; c && *c; c++)
        *c = ascii_lower(*c);
    g_free(text);
    return copy ? copy : "";
}

static const char *header(struct walk *walk, GMimeMessage *message, const char *name)
{
    const char *raw = g_mime_object_get_header(GMIME_OBJECT(message), name);
    char *text = raw ? g_mime_utils_header_decode_text(NULL, raw) : NULL;
    char *copy = text ? talloc_strdup(walk->ctx, text) : NULL;

    g_free(text);
    return copy;
}

static bool is_tlsrpt(GMimeMessage *message)
{
    GMimeObject *body = g_mime_message_get_mime_part(message);
    const char *type = body ? g_mime_object_get_content_type_parameter(body, "report-type") : NULL;

    return type && !g_ascii_strcasecmp(type, "tlsrpt");
}

/* A second From could show another sender than the one whose signature holds. */
static bool has_one_from(GMimeMessage *message)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    int count = g_mime_header_list_get_count(headers), found = 0;

    for (int i = 0; i < count; i++)
        found += !g_ascii_strcasecmp(
            g_mime_header_get_name(g_mime_header_list_get_header_at(headers, i)), "From");
    return found == 1;
}

static const char *from_domain(struct walk *walk, GMimeMessage *message)
{
    InternetAddressList *list = g_mime_message_get_from(message);
    InternetAddress *first = list && internet_address_list_length(list) == 1
                                 ? internet_address_list_get_address(list, 0)
                                 : NULL;
    const char *address, *at;

    if (!first || !INTERNET_ADDRESS_IS_MAILBOX(first) || !has_one_from(message))
        return NULL;
    address = internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(first));
    at = address ? strrchr(address, '@') : NULL;
    return at && at[1] ? talloc_strdup(walk->ctx, at + 1) : NULL;
}

static struct mime_head read_head(struct walk *walk, GMimeMessage *message, bool forwarded)
{
    GDateTime *date = g_mime_message_get_date(message);

    return (struct mime_head){
        .domain = header(walk, message, "TLS-Report-Domain"),
        .submitter = header(walk, message, "TLS-Report-Submitter"),
        .subject = header(walk, message, "Subject"),
        .from = from_domain(walk, message),
        .date = date ? g_date_time_to_unix(date) : 0,
        .is_report = is_tlsrpt(message),
        .forwarded = forwarded,
    };
}

static void walk_part(struct walk *walk, const struct mime_head *head, GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    GMimeStream *stream = g_mime_stream_mem_new();
    GByteArray *bytes;

    if (content && g_mime_data_wrapper_write_to_stream(content, stream) >= 0) {
        bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
        walk->sink->part(walk->sink->arg,
                         &(struct mime_part){
                             .head = head,
                             .media_type = lower(
                                 walk->ctx, type ? g_mime_content_type_get_mime_type(type) : NULL),
                             .file_name = g_mime_part_get_filename(part),
                             .bytes = {bytes->data ? (const char *)bytes->data : "", bytes->len},
                         });
    }
    g_object_unref(stream);
}

static void walk_message(struct walk *walk, GMimeMessage *message, bool forwarded, int depth)
{
    struct mime_head head = read_head(walk, message, forwarded);

    walk_object(walk, &head, g_mime_message_get_mime_part(message), depth);
}

static void walk_object(struct walk *walk, const struct mime_head *head, GMimeObject *object,
                        int depth)
{
    if (!object)
        return;
    if (depth > INTAKE_LAYERS_MAX || walk->parts++ >= INTAKE_PARTS_MAX) {
        walk->left_out = true;
        return;
    }
    if (GMIME_IS_MULTIPART(object)) {
        int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));

        for (int i = 0; i < count && !walk->left_out; i++)
            walk_object(walk, head, g_mime_multipart_get_part(GMIME_MULTIPART(object), i),
                        depth + 1);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

        if (message)
            walk_message(walk, message, true, depth + 1);
    } else if (GMIME_IS_PART(object)) {
        walk_part(walk, head, GMIME_PART(object));
    }
}

void mime_prepare(void)
{
    static bool ready;

    if (!ready)
        g_mime_init();
    ready = true;
}

bool mime_read(TALLOC_CTX *ctx, struct bytes mail, const struct mime_sink *sink,
               struct mime_head *ret_head)
{
    struct walk walk = {.ctx = ctx, .sink = sink};
    GMimeStream *stream;
    GMimeParser *parser;
    GMimeMessage *message;

    mime_prepare();
    stream = g_mime_stream_mem_new_with_buffer(mail.data, mail.length);
    parser = g_mime_parser_new_with_stream(stream);
    message = g_mime_parser_construct_message(parser, NULL);
    *ret_head = (struct mime_head){0};
    if (message) {
        *ret_head = read_head(&walk, message, false);
        walk_object(&walk, ret_head, g_mime_message_get_mime_part(message), 0);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return !walk.left_out;
}
