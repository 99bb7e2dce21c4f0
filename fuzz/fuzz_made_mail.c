/* SPDX-License-Identifier: MIT */
/* fuzz_made_mail.c - a mail with parts, some of them mails or reports again, with boundaries,
 * encodings and labels that fit or do not, as the input chooses. */
#include "intake_any.h"
#include "made.h"

static const char *const types[] = {"application/tlsrpt+json",
                                    "application/tlsrpt+gzip",
                                    "application/json",
                                    "text/plain; charset=utf-16",
                                    "application/zip",
                                    "message/rfc822",
                                    "multipart/mixed; boundary=b",
                                    "application/octet-stream",
                                    "TEXT",
                                    "",
                                    NULL};
static const char *const codings[] = {"7bit",       "base64", "quoted-printable", "binary",
                                      "x-uuencode", "gzip",   "base64, base64",   NULL};
static const char *const names[] = {"s.example!d.example!1793491200!1793577599.json.gz",
                                    "=?utf-8?q?r=2Ejson?=",
                                    "r.json",
                                    "\"",
                                    "../../etc/passwd",
                                    "s.example!!x!y.json",
                                    NULL};
static const char *const bodies[] = {
    "{\"organization-name\":\"s\",\"report-id\":\"1\",\"policies\":[]}\n",
    "eyJyZXBvcnQtaWQiOiIxIiwicG9saWNpZXMiOltdfQ==\n",
    "{\"report-id\"=3A\"1\",=\n\"policies\":[]}\n",
    "begin 644 r.json\n!\n`\nend\n",
    "<?xml version=\"1.0\"?><feedback></feedback>\n",
    "",
    NULL};
static const char *const heads[] = {
    "TLS-Report-Domain: d.example\n",
    "TLS-Report-Submitter: s.example\n",
    "Subject: Report Domain: d.example Submitter: s.example Report-ID: <1>\n",
    "Date: Mon, 23 Nov 2026 00:00:00 +0000\n",
    "From: a@s.example\nFrom: b@t.example\n",
    "From: =?utf-8?b?w4Q=?= <a@s.example>\n",
    "DKIM-Signature: v=1; d=s.example; s=k; b=\n",
    "Content-Type: multipart/report; report-type=tlsrpt; boundary=\"a\"\n",
    NULL};

static void part(struct made *made, int depth);

static void parts(struct made *made, char boundary, int depth)
{
    for (size_t i = made_choice(made, 4); i; i--) {
        made_bytes(made, "\n--", 3);
        made_bytes(made, &boundary, 1);
        made_put(made, "\n");
        part(made, depth + 1);
    }
    if (made_choice(made, 4) == 0)
        return; /* not closed */
    made_bytes(made, "\n--", 3);
    made_bytes(made, &boundary, 1);
    made_put(made, "--\n");
}

static void field(struct made *made, const char *name, const char *const *values,
                  const char *behind)
{
    made_put(made, name);
    if (made_choice(made, 16) == 15)
        made_raw(made);
    else
        made_one(made, values);
    made_put(made, behind);
}

static void body(struct made *made, int depth)
{
    switch (made_choice(made, 4)) {
    case 0:
        made_one(made, bodies);
        break;
    case 1:
        made_raw(made);
        break;
    case 2:
        if (depth < 12)
            parts(made, made_choice(made, 2) ? 'a' : 'b', depth);
        break;
    default:
        if (depth < 12)
            part(made, depth + 1); /* where it is a mail */
    }
}

static void part(struct made *made, int depth)
{
    for (size_t i = made_choice(made, 4); i; i--)
        made_one(made, heads);
    field(made, "Content-Type: ", types, "\n");
    field(made, "Content-Transfer-Encoding: ", codings, "\n");
    field(made, "Content-Disposition: attachment; filename=\"", names, "\"\n");
    made_put(made, made_choice(made, 16) == 15 ? "" : "\n");
    body(made, depth);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct made made = {.data = data, .size = size, .text = malloc(MADE_MAX)};

    if (!made.text)
        return 0;
    for (size_t i = made_choice(&made, 3); i; i--) {
        made_put(&made, "From x\n");
        part(&made, 0);
    }
    made_put(&made, "From: a@s.example\nTLS-Report-Domain: d.example\n");
    part(&made, 0);
    fuzz_intake((struct bytes){made.text, made.length});
    free(made.text);
    return 0;
}
