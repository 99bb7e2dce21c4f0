/* SPDX-License-Identifier: MIT */
/* foreign_curl.c - loaded before libcurl: it claims another TLS library, as libcurl3-gnutls would.
 */
#include <stddef.h>

#include <curl/curl.h>

#undef curl_version_info

__attribute__((visibility("default"))) curl_version_info_data *curl_version_info(
    CURLversion version)
{
    static curl_version_info_data data = {.version = "7.88.1", .ssl_version = "GnuTLS/3.7.9"};

    (void)version;
    return &data;
}
