/* SPDX-License-Identifier: MIT */
/* resolv_conf.c - read the nameserver lines of resolv.conf; what a resolver's address looks like.
 */
#include "net/resolv_conf.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESOLVERS_MAX  8
#define LINE_MAX_BYTES 512

static const char *server_of(char *line)
{
    static const char blanks[] = " \t\r\n";
    char *end;

    if (strncmp(line, "nameserver", 10) != 0 || !strchr(" \t", line[10]) || !line[10])
        return NULL;
    line += 10;
    line += strspn(line, blanks);
    end = line + strcspn(line, blanks);
    *end = '\0';
    return *line ? line : NULL;
}

static enum sts_status read_lines(FILE *file, const char **servers, size_t *count)
{
    char line[LINE_MAX_BYTES];

    while (*count < RESOLVERS_MAX && fgets(line, sizeof line, file)) {
        const char *server = server_of(line);

        if (!server)
            continue;
        servers[*count] = talloc_strdup(servers, server);
        if (!servers[(*count)++])
            return STS_E_NOMEM;
    }
    return ferror(file) ? STS_E_IO : STS_OK;
}

enum sts_status resolv_conf_read(TALLOC_CTX *ctx, const char *path, const char ***ret,
                                 size_t *ret_count)
{
    FILE *file = fopen(path, "re");
    const char **servers;
    enum sts_status status;

    if (!file)
        return STS_E_IO;
    servers = talloc_zero_array(ctx, const char *, RESOLVERS_MAX);
    *ret_count = 0;
    status = servers ? read_lines(file, servers, ret_count) : STS_E_NOMEM;
    fclose(file);
    if (status == STS_OK)
        *ret = servers;
    else
        talloc_free(servers);
    return status;
}

/* ---- addresses ------------------------------------------------------------------------------- */

static bool port_is_valid(const char *text)
{
    char *end;
    long port = strtol(text, &end, 10);

    return *text >= '0' && *text <= '9' && !*end && port > 0 && port < 65536;
}

bool resolver_is_valid(const char *text)
{
    char address[INET6_ADDRSTRLEN + 1 + IF_NAMESIZE];
    unsigned char bytes[16];
    const char *at = strchr(text, '@');
    size_t length = at ? (size_t)(at - text) : strlen(text);
    char *zone;

    if (length >= sizeof address || (at && !port_is_valid(at + 1)))
        return false;
    memcpy(address, text, length);
    address[length] = '\0';
    if (inet_pton(AF_INET, address, bytes) == 1)
        return true;
    zone = strchr(address, '%');
    if (zone && (!zone[1] || strlen(zone + 1) >= IF_NAMESIZE))
        return false;
    if (zone)
        *zone = '\0';
    return inet_pton(AF_INET6, address, bytes) == 1;
}
