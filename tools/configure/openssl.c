/* SPDX-License-Identifier: MIT */
/* openssl.c - compiled at configure time: OpenSSL itself, not one of those that take its name and
 * count their versions otherwise. */
#include <openssl/opensslv.h>

#if defined(LIBRESSL_VERSION_NUMBER) || defined(OPENSSL_IS_BORINGSSL) ||                           \
    !defined(OPENSSL_VERSION_MAJOR)
#error "not OpenSSL"
#endif

int main(void)
{
    return OPENSSL_VERSION_MAJOR >= 3 ? 0 : 1;
}
