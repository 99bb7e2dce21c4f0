/* SPDX-License-Identifier: MIT */
/* postfix_config.h - what postconf(1) says of the mail server of this machine, and what of it
 * keeps the policy daemon from doing its work: pure.
 *
 * Each note is an accident that users had: Postfix defers mail, or delivers it unprotected, and its
 * log does not say why. */
#ifndef POLICYD_POSTFIX_CONFIG_H
#define POLICYD_POSTFIX_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"
#include "policyd/policy_reply.h"

struct postfix_number {
    int major, minor, patch; /* of "3.7.11"; 0.0.0: not known */
};

enum postfix_setting {
    POSTFIX_VERSION_SETTING,
    POSTFIX_POLICY_MAPS,
    POSTFIX_LEVEL,
    POSTFIX_DNS,
    POSTFIX_REUSE,
    POSTFIX_INSECURE_MX,
    POSTFIX_MX_PATTERNS,
    POSTFIX_CA_FILE,
    POSTFIX_CA_PATH,
    POSTFIX_DEFAULT_CA,
    POSTFIX_QUEUE,
    POSTFIX_DAEMONS,
    POSTFIX_SENDMAIL,
    POSTFIX_OWNER,
    POSTFIX_SETTINGS
};
/* "mail_version" ...: what to ask postconf for. */
const char *postfix_setting_name(enum postfix_setting setting);

struct postfix_config {
    const char *values[POSTFIX_SETTINGS]; /* "": empty; NULL: this version does not know it */
    struct postfix_number version;
    bool no_tlsproxy; /* master.cf has none; looked up only where it is needed */
};
/* The output of postconf -x, copied to ctx.  False: it says no version, so it is none, or there is
 * no memory. */
bool postfix_config_read(TALLOC_CTX *ctx, struct bytes output, struct postfix_config *ret);
bool postfix_is_at_least(const struct postfix_config *config, int major, int minor, int patch);
/* Are TLS connections handed to tlsproxy(8)? */
bool postfix_config_reuses(const struct postfix_config *config);
/* The map name for this version. */
const char *postfix_config_map(const struct postfix_config *config);

/* Where the daemon listens. */
struct postfix_place {
    const char *path; /* of a unix socket; NULL: a port */
    int port;
};

enum postfix_note {
    POSTFIX_NOTE_OLD,         /* does not know servername= (3.4): mail to policies is deferred */
    POSTFIX_NOTE_NOT_ASKED,   /* no table of smtp_tls_policy_maps is this daemon */
    POSTFIX_NOTE_ATTRIBUTES,  /* the name for 3.10 in an older one: mail is deferred */
    POSTFIX_NOTE_PLAIN,       /* the name for older ones in 3.10 */
    POSTFIX_NOTE_NO_PATTERNS, /* 3.10.0 to 3.10.4 do not check MX hosts against patterns */
    POSTFIX_NOTE_PATTERNS_OFF,
    POSTFIX_NOTE_NO_DNSSEC, /* dane-only would be deferred, as nothing is looked up with DNSSEC */
    POSTFIX_NOTE_WEAK_DANE, /* dane over unsigned MX records is ignored */
    POSTFIX_NOTE_NO_LEVEL,  /* domains without a policy get no TLS */
    POSTFIX_NOTE_NO_CA,     /* no certificate can be verified: mail to policies is deferred */
    POSTFIX_NOTE_NO_PROXY,  /* connections are to be reused and there is no tlsproxy: deferred */
    POSTFIX_NOTES
};

struct postfix_check {
    const struct postfix_config *config;
    const struct postfix_place *places;
    size_t place_count;
    bool no_dane; /* the daemon looks up none */
};
/* A bit each. */
unsigned postfix_config_notes(const struct postfix_check *check);

#endif
