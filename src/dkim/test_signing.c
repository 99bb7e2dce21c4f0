/* SPDX-License-Identifier: MIT */
/* test_signing.c - what we sign is judged good by what judges the mails of others; a second
 * implementation verifies it in test/send_reports.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "dkim/signature.h"
#include "dkim/signing.h"

static const char mail[] = "From: <tls@sender.example>\n"
                           "To: <tls@a.example>\n"
                           "Subject: Report Domain: a.example Submitter: sender.example\n"
                           " Report-ID: <1@sender.example>\n"
                           "Date: Mon, 30 Nov 2026 14:00:00 +0000\n"
                           "Message-ID: <1@sender.example>\n"
                           "MIME-Version: 1.0\n"
                           "Content-Type: text/plain\n"
                           "TLS-Report-Domain: a.example\n"
                           "TLS-Report-Submitter: sender.example\n"
                           "\n"
                           "a  text\n.\n\n";

#define SIGNED_AT 1795305600

static const struct {
    const char *name, *pem, *record;
} keys[] = {
    {"ed25519",
     "-----BEGIN PRIVATE "
     "KEY-----\nMC4CAQAwBQYDK2VwBCIEILbWxxIEfp1s64Gi59sOC2EBubh+DVCtPvd6I8LrbBPi\n-----END PRIVATE "
     "KEY-----\n",
     "v=DKIM1; k=ed25519; s=tlsrpt:email; p=OY7ug/H2EN8DngwhgIrIKiD45Uvkw511SJqSsr3/CJU="},
    {"rsa",
     "-----BEGIN PRIVATE KEY-----\n"
     "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDQyF9wbN5AvPit\n"
     "F9DrWG+wYAH0AQk2HJ3mPQCCVZ32dVNlO8sUJvdmfuu8P/lEUDAaXxtrvg3FCBJp\n"
     "6n5KfKv9++uBTugGukwK71NiYdNIwpTa3Nu6P7eFkUpk0V4FIL3WaN+6JJPQ05oU\n"
     "RQA2dgUI0uCoWl/+8ORItqYWPWBwRI2ngMrlKT88CHSug0kfCZBfyafif0B2Zbqe\n"
     "A8wUnH5gSGe9T+vuvDngUH73YwzO05QKeq0IP6UzWFidmxMOqTGg08g928gPLpWW\n"
     "lbdhWMlkRwxMo8BNBIx5DBlkjbT+qPFxefIc+0qbydri/nfArEHtj/pKNUkJOpbH\n"
     "VIgL8ccfAgMBAAECggEAOohqhWToPIMePrzmFA0DpxGLiqJ9uB92vzVL/r5NHmsP\n"
     "Odr1GM3B34jmwyy2UAohKkuOrvql9p7INsyIoo5oU7j8chCyqSwypIArQvJFH2l5\n"
     "/RAdRA6X/4jXsAMolkxzHHjjfFbD4DBqypL7t8kHqU0hseFAd4OGpMIcNzD26BI2\n"
     "YHhYodmPXpuUlyN8fZI+XqjuKcW3R+BJMRCqXDaTFLrKD8jRw5scWqIACWHnVuEY\n"
     "isZWMc65MGDedhZXehD5FTZCHd51n0ZA0BsOpoXV89oMmuszV4fzLZkvoBP4JuA2\n"
     "JZKK2PXR/sTi+6WWRyvbGzq1avwDdIDU06lNrNSTYQKBgQDwPojyjNOFQ3lsbF4B\n"
     "RMTBTJJeGX21x51DkQymBTQoyPoWl72OOlGxBGm8kE3EHyRqZRZIWGIKxvp73AvP\n"
     "rH7l2Ix0vRdQHNEa3L42gLsYigSsqKp9fJBKnGjxZEW1MCbdNQKZFEgGcH1iinKn\n"
     "j/1tBGCrx81wRAqKjk9eDyrJ4QKBgQDeeaEIjs+G0fUuGsiU9vCa3nmXZZEta5Gd\n"
     "zPrHf3OaJQkLYfWhvb04oPWcFpenJ+ENIHVCgAU+MtmXME1/f8fe1jbE4cTKBDcX\n"
     "q6OJTIHYidZbliB6pBnZcILl4oMH111Q8+ZhwY4yp2qf80W5SZm2Uc3bQIRVduL3\n"
     "FhhTBoiw/wKBgB+5QkA1FGFOjaQhkzA7sneL8u/2EcGFQGEBsFfj7AVOtKdzFhbH\n"
     "4K2tVYEO1RYGvrpF6vFWqmud5smgPvcHYiJbvABWT9PGWl5fs8ZirVIKN5/NDeZQ\n"
     "IoWXrcviX8oTN66SJ2urX+9pv0TZ31X9D4vrvhAw7BHdCj9Nl3FmM1JBAoGAAx3F\n"
     "Ca+mbIcIXir14FBNMn4nSd2cWPyGv6UdZin83o3iQIyQukFEI0Tt68/NNAQ0/NAV\n"
     "lGbiq+pebeW5UC3kCNULU1quPP4uH2DCG6w8rWHQ5NuHfPBLhGY1Dy9LEpMLtZSV\n"
     "B42EhmUd8zufIGdNheZDcezHbcMKjtd6Y79VrtUCgYAxjrHEy6ZxR938MQugLflZ\n"
     "qaQSmlp3rx3LPgUUnpFVwC8iP3ok5OSyEz+e0ZybcWAnSez43fMrN0rlFe+i47B5\n"
     "8WQvpfARfewDP1FcRWjebDMTU68LPF+mPzvDMxVpu2OsCoxkYBptiyptKONKvyYj\n"
     "J7GcMTzyubO4DN8Phsf+Tw==\n"
     "-----END PRIVATE KEY-----\n",
     "v=DKIM1; k=rsa; s=tlsrpt:email; "
     "p="
     "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0MhfcGzeQLz4rRfQ61hvsGAB9AEJNhyd5j0AglWd9nVTZTvLF"
     "Cb3Zn7rvD/5RFAwGl8ba74NxQgSaep+Snyr/"
     "fvrgU7oBrpMCu9TYmHTSMKU2tzbuj+3hZFKZNFeBSC91mjfuiST0NOaFEUANnYFCNLgqFpf/"
     "vDkSLamFj1gcESNp4DK5Sk/PAh0roNJHwmQX8mn4n9AdmW6ngPMFJx+YEhnvU/"
     "r7rw54FB+92MMztOUCnqtCD+lM1hYnZsTDqkxoNPIPdvIDy6VlpW3YVjJZEcMTKPATQSMeQwZZI20/"
     "qjxcXnyHPtKm8na4v53wKxB7Y/6SjVJCTqWx1SIC/HHHwIDAQAB"},
};

static char *sign(TALLOC_CTX *ctx, const char *pem, enum sts_status expected)
{
    const struct signing_key key = {"sender.example", "s1", pem};
    struct signer *signer = signer_new(ctx);
    char *field = NULL;

    assert_non_null(signer);
    assert_int_equal(signer_sign(ctx, signer, &key, SIGNED_AT, bytes_of(mail), &field), expected);
    return field ? talloc_asprintf(ctx, "%s%s", field, mail) : NULL;
}

static enum signature_level judged(TALLOC_CTX *ctx, const char *text, const char *record)
{
    struct signature_verifier *verifier = signature_verifier_new(ctx);
    const struct signature_key key = {"s1._domainkey.sender.example", SIGNATURE_KEY_FOUND,
                                      bytes_of(record)};
    struct signature signature;

    assert_non_null(verifier);
    assert_int_equal(
        signature_verify(verifier, bytes_of(text), "sender.example", &key, 1, &signature), STS_OK);
    return signature.level;
}

static void what_is_signed_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *text = sign(ctx, keys[i].pem, STS_OK);

        assert_int_equal(judged(ctx, text, keys[i].record), SIGNATURE_ALIGNED);
        assert_non_null(strstr(text, "; t=1795305600;"));
        assert_null(strchr(text, '\r'));
        assert_null(strstr(text, " l="));
        talloc_free(ctx);
    }
}

/* Each field by which a report is judged: changed, the signature does not hold. */
static void all_that_counts_is_signed(void **state)
{
    static const char *const fields[] = {"From:",
                                         "To:",
                                         "Subject:",
                                         "Date:",
                                         "Message-ID:",
                                         "MIME-Version:",
                                         "Content-Type:",
                                         "TLS-Report-Domain:",
                                         "TLS-Report-Submitter:"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = sign(ctx, keys[0].pem, STS_OK);

    (void)state;
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        char *at = strstr(strstr(text, "\nFrom:"), fields[i]) + strlen(fields[i]) + 1;
        char was = *at;

        *at = was == 'x' ? 'y' : 'x';
        assert_int_equal(judged(ctx, text, keys[0].record), SIGNATURE_BROKEN);
        *at = was;
    }
    assert_int_equal(judged(ctx, text, keys[0].record), SIGNATURE_ALIGNED);
    talloc_free(ctx);
}

static void no_key_is_said(void **state)
{
    static const char *const pems[] = {"", "no key",
                                       ("-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n"
                                        "-----END PRIVATE KEY-----\n")};

    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(pems) / sizeof(*pems); i++)
        assert_null(sign(ctx, pems[i], STS_E_INVALID));
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_holds),
        cmocka_unit_test(all_that_counts_is_signed),
        cmocka_unit_test(no_key_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
