/* SPDX-License-Identifier: MIT */
/* first_start.c - one line in a file. */
#include "accounts/first_start.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/crypto.h"
#include "accounts/token.h"
#include "base/bytes.h"

#define LENGTH_MIN 32
#define LENGTH_MAX 64

/* A file that others could have read, or written, is worth nothing. */
static bool is_private(int fd)
{
    struct stat file;

    if (fstat(fd, &file))
        return false;
    if (S_ISREG(file.st_mode) && file.st_uid == geteuid() && (file.st_mode & 077) == 0)
        return true;
    errno = EPERM;
    return false;
}

static enum sts_status read_secret(TALLOC_CTX *ctx, int fd, char **ret)
{
    char text[LENGTH_MAX + 1];
    ssize_t length = is_private(fd) ? read(fd, text, sizeof text) : -1;
    struct bytes secret = {text, 0};

    if (length < 0)
        return STS_E_IO;
    secret.length = (size_t)length;
    secret = bytes_trim(secret);
    errno = EINVAL;
    if (secret.length < LENGTH_MIN || secret.length > LENGTH_MAX)
        return STS_E_IO;
    *ret = talloc_strndup(ctx, secret.data, secret.length);
    return *ret ? STS_OK : STS_E_NOMEM;
}

static enum sts_status write_secret(TALLOC_CTX *ctx, int fd, char **ret)
{
    char *secret = once_secret_new(ctx);
    size_t length = secret ? strlen(secret) : 0;

    if (!secret)
        return STS_E_NOMEM;
    if (write(fd, secret, length) != (ssize_t)length || write(fd, "\n", 1) != 1 || fsync(fd))
        return STS_E_IO;
    *ret = secret;
    return STS_OK;
}

enum sts_status first_start_secret(TALLOC_CTX *ctx, const char *path, char **ret, bool *ret_new)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    enum sts_status status;

    *ret_new = fd >= 0;
    if (fd < 0 && errno == EEXIST)
        fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return STS_E_IO;
    status = *ret_new ? write_secret(ctx, fd, ret) : read_secret(ctx, fd, ret);
    if (status && *ret_new)
        (void)unlink(path);
    (void)close(fd);
    return status;
}

bool first_start_is(const char *secret, const char *given)
{
    return crypto_equal(bytes_of(secret), bytes_of(given));
}

void first_start_over(const char *path)
{
    (void)unlink(path);
}
