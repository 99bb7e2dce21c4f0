/* SPDX-License-Identifier: MIT */
/* request.c - what a request says. */
#include "http/request.h"

#include <string.h>

const char *http_request_field(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (strcmp(request->fields[i].name, name) == 0)
            return request->fields[i].value;
    return NULL;
}

bool http_request_host_is(const struct http_request *request, const char *const *hosts,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(request->host, hosts[i]) == 0)
            return true;
    return false;
}
