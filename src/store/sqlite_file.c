/* SPDX-License-Identifier: MIT */
/* sqlite_file.c - the file of a store: made, found, named. */
#include "store/sqlite_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* SQLite would make the file readable to all that umask allows; reports are nobody else's. */
static enum sts_status make_file(struct store *store, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0) {
        (void)close(fd);
        return STS_OK;
    }
    if (errno == EEXIST)
        return STS_OK;
    return db_fail(store,
                   errno == EROFS || errno == EACCES    ? STORE_TROUBLE_READ_ONLY
                   : errno == ENOSPC || errno == EDQUOT ? STORE_TROUBLE_FULL
                                                        : STORE_TROUBLE_UNREACHABLE,
                   strerror(errno));
}

enum sts_status sqlite_file_find(struct store *store, const char *path, enum store_purpose purpose)
{
    struct stat file;

    if (purpose == STORE_WRITE)
        return make_file(store, path);
    if (!stat(path, &file))
        return STS_OK;
    return db_fail(store, errno == ENOENT ? STORE_TROUBLE_ABSENT : STORE_TROUBLE_UNREACHABLE,
                   strerror(errno));
}

char *sqlite_file_uri_at_rest(TALLOC_CTX *ctx, const char *path)
{
    char *uri = talloc_strdup(ctx, "file:");

    for (const unsigned char *c = (const unsigned char *)path; uri && *c; c++)
        uri = isalnum(*c) || *c == '/' ? talloc_asprintf_append_buffer(uri, "%c", *c)
                                       : talloc_asprintf_append_buffer(uri, "%%%02X", *c);
    return uri ? talloc_strdup_append_buffer(uri, "?immutable=1") : NULL;
}
