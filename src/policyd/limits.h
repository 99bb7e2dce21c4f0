/* SPDX-License-Identifier: MIT */
/* limits.h - every ceiling of the policy daemon, each with its reason. */
#ifndef POLICYD_LIMITS_H
#define POLICYD_LIMITS_H

/* ---- socketmap (socketmap_table(5) of Postfix) ----------------------------------------------- */
#define LIMIT_SOCKETMAP_REQUEST 10000  /* the most that Postfix sends: map name, blank and key */
#define LIMIT_SOCKETMAP_REPLY   100000 /* built into Postfix up to 3.9; a longer one defers mail */
#define LIMIT_SOCKETMAP_REASON  200    /* of TEMP, TIMEOUT and PERM: one line of a mail log */
/* Leading zeros are harmless and some clients write them; nobody writes more than this. */
#define LIMIT_NETSTRING_DIGITS 10

/* ---- what is cached; seconds ----------------------------------------------------------------- */
#define LIMIT_POLICY_TTL_MIN_S   60   /* of any answer: a TTL of 0 would cost each mail a look-up */
#define LIMIT_POLICY_TTL_MAX_S   3600 /* so that a new id is followed within an hour */
#define LIMIT_POLICY_REFRESH_S   86400      /* RFC 8461 section 3.3 suggests a day */
#define LIMIT_POLICY_PAUSE_S     300        /* RFC 8461 section 3.3: five minutes or longer */
#define LIMIT_POLICY_PAUSE_MAX_S 3600       /* a policy host that is back is noticed in an hour */
#define LIMIT_POLICY_UNUSED_S    7776000    /* 90 days: somebody writes there every quarter */
#define LIMIT_POLICY_IDLE_S      86400      /* there is nothing worth keeping */
#define LIMIT_MAX_AGE_SHORTER    4          /* of max_age: below a quarter it is told */
#define LIMIT_POLICY_RECENT_S    7200       /* what was looked up has expired an hour before */
#define LIMIT_POLICY_DOMAINS     200000     /* some 150 bytes each, in use now some 700 */
#define LIMIT_POLICY_BYTES       (64 << 20) /* of policies, which strangers make up to 64 kB long */
#define LIMIT_RECALL_S           60    /* what others fetched is looked for as often at the most */
#define LIMIT_SAVED_USE_S        86400 /* when a domain was used is as exact in the store */
#define LIMIT_CLOCK_STEP_S       86400 /* a clock that is set by more ends no policy */

/* ---- what another daemon has cached (policy_import.h)
 * ----------------------------------------------- */
#define LIMIT_IMPORT_FILE                                                                          \
    (64 << 20)                  /* unpacked; 50,000 domains, the most of postfix-tlspol, have 20 */
#define LIMIT_IMPORT_NAMES 1000 /* of a policy, whose 64 kB hold no more that is meant */
#define LIMIT_IMPORT_ID    32   /* RFC 8461 section 3.1 */
#define LIMIT_IMPORT_DEPTH 4    /* of a policy as JSON, which has two */
#define LIMIT_IMPORT_TIME  (1LL << 36) /* seconds since 1970, in a thousand years and more */
#define LIMIT_GOB_TYPES    64          /* described in a stream; postfix-tlspol has five */
#define LIMIT_GOB_FIELDS   256         /* of a struct; the largest there has nine */
#define LIMIT_GOB_DEPTH    8           /* a map of structs with structs in them */

/* ---- time, milliseconds ---------------------------------------------------------------------- */
#define LIMIT_ANSWER_MS                                                                            \
    5000 /* each MX host of a delivery waits as long; Postfix gives up at 100 s */
#define LIMIT_LOOKUP_MS   30000 /* of a part: a dead name server, then a slow policy host */
#define LIMIT_FETCH_MS    10000 /* from one address of the policy host */
#define LIMIT_SWEEP_MS    60000 /* policies are due hours before they expire */
#define LIMIT_INQUIRY_MS  60000 /* a record, then its policy; a person waits */
#define LIMIT_CONTROL_MS  90000 /* an inquiry, and a busy daemon */
#define LIMIT_POSTCONF_MS 5000  /* it reads two files; nobody waits for it */
/* How long an answer waits for the store at the most: disks that are written to by others take as
 * long now and then; longer than that, it is broken. */
#define LIMIT_STORE_WAIT_MS  1000
#define LIMIT_STORE_RETRY_MS 10000 /* a disk that has space again is used within seconds */
#define LIMIT_REST_MS        100   /* where there is no descriptor left and no connection idle */

/* ---- MX hosts of domains in mode testing, looked at (testing_probe.h) ------------------------ */
#define LIMIT_PROBES           4     /* at a time: thousands of hosts a day, and nobody waits */
#define LIMIT_PROBE_MS         60000 /* of a host: its greeting may take half a minute */
#define LIMIT_PROBE_GOOD_S     3600  /* then nothing good is known of our own place any more */
#define LIMIT_PROBED_HOSTS     8     /* of a domain */
#define LIMIT_PROBED_ADDRESSES 2     /* of a host, one after the other */
#define LIMIT_PROBE_TEXTS      (16 << 20) /* bytes of policies whose hosts are not looked at yet */
#define LIMIT_PROBED_NAMES     40000      /* hosts and domains of a day, some 200 bytes each */

/* ---- numbers of things ----------------------------------------------------------------------- */
#define LIMIT_LOOKUPS 512 /* parts of domains at a time; what waits costs little */
/* At a time from one address, which may serve the policies of thousands of domains: two that hang
 * there must not keep the others waiting. */
#define LIMIT_FETCHES_PER_ADDRESS 32
#define LIMIT_STORE_MEMORY        (1 << 20) /* of SQLite, which would take 20 MiB: rows are read once */
#define LIMIT_SAVING              1000      /* entries being written: two batches of the writer */
#define LIMIT_STORE_PAGE          1000  /* entries read at a time: some milliseconds of the loop */
#define LIMIT_STORE_READERS       2     /* the one at the start keeps nobody waiting */
#define LIMIT_FETCH_ADDRESSES     4     /* of a policy host, one after the other */
#define LIMIT_CONTROL_PAGE        65536 /* a list goes on with another page behind it */
#define LIMIT_CONTROL_ANSWER      (1 << 20) /* a policy has 64 KiB, a reply 100,000 bytes */
#define LIMIT_CONTROL_CONNECTIONS 64        /* people, and warm with some at a time */
#define LIMIT_OVERRIDES           10000     /* somebody writes them by hand */
#define LIMIT_OVERRIDES_FILE      (4 << 20) /* 400 bytes each */
#define LIMIT_OVERRIDE_NAMES      16        /* MX hosts of a domain are fewer, or have a pattern */
#define LIMIT_OVERRIDE_REASON     200       /* one line of a log */
#define LIMIT_POSTCONF_OUTPUT     65536     /* a dozen settings, the longest a list of tables */
#define LIMIT_SELFTEST_MS         60000     /* five messages take seconds */
#define LIMIT_SELFTEST_END        "120"     /* then Postfix ends by itself, whatever became of us */
#define LIMIT_SELFTEST_TURN_MS    100       /* the log is looked at as often */
#define LIMIT_SELFTEST_LOG        (1 << 20) /* five messages are some 10 kB */
#define LIMIT_LOGGED              300 /* bytes of a key or map name; a domain has at most 255 */
#define LIMIT_SOCKETMAP_OUTPUT    (256 << 10) /* then no request of the client is taken any more */

#endif
