/* SPDX-License-Identifier: MIT */
/* postfix_model.h - what Postfix makes of a socketmap reply in smtp_tls_policy_maps.
 *
 * Whatever Postfix does not understand defers the mail, and its user learns nothing but "client TLS
 * configuration problem".  So each reply is read by this model of its parser before it is sent.  It
 * is narrower than Postfix: attributes that we never send are unknown to it, names have to be host
 * names, and no control character passes. */
#ifndef POLICYD_POSTFIX_MODEL_H
#define POLICYD_POSTFIX_MODEL_H

#include <stddef.h>

#include "base/bytes.h"

/* From which on something is read in another way; the attributes of TLS reports came with 3.10. */
enum postfix_version { POSTFIX_3_4, POSTFIX_3_10, POSTFIX_VERSIONS };

enum postfix_outcome {
    POSTFIX_FOUND,     /* the policy is applied */
    POSTFIX_NOT_FOUND, /* smtp_tls_security_level counts */
    POSTFIX_DEFERS,    /* as asked, by TEMP, TIMEOUT or PERM */
    POSTFIX_REFUSES,   /* the reply is wrong, so the mail is deferred: `why` */
};

enum postfix_level {
    POSTFIX_MAY,
    POSTFIX_ENCRYPT,
    POSTFIX_DANE,
    POSTFIX_DANE_ONLY,
    POSTFIX_VERIFY,
    POSTFIX_SECURE,
};

struct postfix_reading {
    enum postfix_outcome outcome;
    const char *why;          /* of POSTFIX_REFUSES */
    enum postfix_level level; /* of POSTFIX_FOUND, as all that follows */
    size_t matches, mx_patterns, policy_strings;
    bool servername, sts, typed, domain;
};

struct postfix_reading postfix_read(enum postfix_version version, struct bytes payload);
/* "3.4", "3.10" */
const char *postfix_version_name(enum postfix_version version);

#endif
