/* SPDX-License-Identifier: MIT */
/* intruder.c - loaded before the C library: at the program's end it tries, from inside, what
 * whoever had taken it over would try, and tells on standard error what came of it. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *tried(long result)
{
    return result < 0 ? strerrorname_np(errno) : "done";
}

static const char *tried_to_run(void)
{
    char word[] = "true", *words[] = {word, NULL};
    const char *outcome;
    int ends[2];
    char byte;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return "?";
    if (vfork() == 0) {
        execv("/bin/true", words);
        dprintf(ends[1], "%s", tried(-1));
        _exit(1);
    }
    close(ends[1]);
    outcome = read(ends[0], &byte, 1) == 1 ? "refused" : "done";
    close(ends[0]);
    return outcome;
}

static void intrude(const char *folder)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/secret", folder);
    dprintf(STDERR_FILENO, "read %s\n", tried(open(path, O_RDONLY)));
    snprintf(path, sizeof(path), "%s/left-behind", folder);
    dprintf(STDERR_FILENO, "write %s\n", tried(open(path, O_WRONLY | O_CREAT, 0600)));
    dprintf(STDERR_FILENO, "run %s\n", tried_to_run());
    dprintf(STDERR_FILENO, "listen %s\n", tried(listen(socket(AF_UNIX, SOCK_STREAM, 0), 1)));
    dprintf(STDERR_FILENO, "connect %s\n", tried(socket(AF_INET, SOCK_STREAM, 0)));
    dprintf(STDERR_FILENO, "sniff %s\n", tried(socket(AF_PACKET, SOCK_RAW, 0)));
}

__attribute__((visibility("default"))) int fclose(FILE *file)
{
    static int (*real)(FILE *);
    const char *folder = getenv("INTRUDER");

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fclose");
    if (folder && file == stdout) /* the last thing that every subcommand does */
        intrude(folder);
    return real(file);
}
