/* SPDX-License-Identifier: MIT */
/* curl.c - run at configure time: is this libcurl built with OpenSSL?  With another TLS library it
 * compiles as well, and what it shows of certificates is wrong. */
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

int main(void)
{
    const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;

    printf("%s", tls ? tls : "none");
    return tls && strncmp(tls, "OpenSSL/", strlen("OpenSSL/")) == 0 ? 0 : 1;
}
