/* SPDX-License-Identifier: MIT */
/* limits.h - every ceiling of what a client sends, each with its reason. */
#ifndef HTTP_LIMITS_H
#define HTTP_LIMITS_H

/* ---- the head of a request ------------------------------------------------------------------- */
#define LIMIT_REQUEST_LINE   8192 /* RFC 9112 section 3 asks for 8000; nginx and Apache take 8 KB */
#define LIMIT_REQUEST_HEAD   16384 /* with the line above; browsers send 1 KB, cookies up to 4 KB */
#define LIMIT_REQUEST_FIELDS 64    /* browsers send about 20, a chain of proxies some more */
#define LIMIT_HOST           255   /* of a host name with its port */

/* ---- a body in chunks ------------------------------------------------------------------------ */
#define LIMIT_CHUNK_DIGITS     8    /* 4 GiB, far beyond what any body may have */
#define LIMIT_CHUNK_EXTENSIONS 1024 /* of all chunks of a body: nobody uses them */
#define LIMIT_TRAILERS         4096 /* of a body; they are dropped */

/* ---- forms ----------------------------------------------------------------------------------- */
#define LIMIT_QUERY_FIELDS 128        /* of a query or form; the largest of ours has about 20 */
#define LIMIT_QUERY        (4u << 20) /* bytes: a pasted report; what is larger is uploaded */
#define LIMIT_BOUNDARY     70         /* RFC 2046 section 5.1.1 */
#define LIMIT_PARTS        64         /* of multipart/form-data: files dropped at once */
#define LIMIT_PART_HEAD    4096       /* of each; browsers send about 150 bytes */

#endif
