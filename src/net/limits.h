/* SPDX-License-Identifier: MIT */
/* limits.h - every ceiling and time-out of what touches the network, each with its reason. */
#ifndef NET_LIMITS_H
#define NET_LIMITS_H

/* ---- time, milliseconds; each is also cut by the deadline of the whole domain ---------------- */
#define LIMIT_DOMAIN_MS       60000 /* --timeout; RFC 8461 3.3 gives the fetch a minute */
#define LIMIT_DNS_MS          12000 /* a dead forwarder answers libunbound only after 17 s */
#define LIMIT_DIRECT_MS       4000  /* a name server of the domain, asked by itself */
#define LIMIT_DIRECT_AGAIN_MS 1500
#define LIMIT_CONNECT_MS      10000 /* three SYNs (1 + 2 + 4 s) and some */
#define LIMIT_TLS_MS          10000
#define LIMIT_HTTP_MS         30000 /* the whole fetch; a sender gives it up to 60 s, most far less */
#define LIMIT_GREETING_MS     30000 /* screening servers hold the greeting back for 6 to 20 s */
#define LIMIT_REPLY_MS        20000 /* each further SMTP reply */
#define LIMIT_QUIT_MS         1500  /* the answer to QUIT is a courtesy */
#define LIMIT_GRACE_MS        1000  /* the domain's deadline comes before those of its parts */
#define LIMIT_SHORT_MS        100   /* until the next try where we have no file or port left */
#define LIMIT_WEB_MS          10000 /* one request of ours to a server that we have chosen */
#define LIMIT_RUA_MS          10000 /* one try at an https: rua; a sender retries for a day */
#define LIMIT_AGAIN_MS        6000  /* a further handshake; a peer that is slower is not asked */
#define LIMIT_BUSY_MS         500  /* until a server has noticed that our other sessions are over */
#define LIMIT_CONTROL_MS      5000 /* connecting to somebody else's port 25 */
#define LIMIT_CONTROL_KEPT_MS 300000 /* then tested again; whether a port is open stays so */
#define LIMIT_PLACE_MS        5000   /* does the resolver pass DNSSEC, does it answer at all? */
#define LIMIT_PLACE_ROOT_MS   3000   /* the root servers; a firewall drops without a word */
#define LIMIT_SECOND_MS       8000   /* the same about one name, where its zone looks broken */
#define LIMIT_PLACE_FIRST_MS  1000   /* then the other ways are tried as well */
#define LIMIT_PLACE_KEPT_MS   300000 /* then looked at again, where something fails */
#define LIMIT_CLOCK_SECONDS   600    /* less is no fault: a cache, a slow answer, a lazy clock */
#define LIMIT_KEYS_MS         60000 /* for DKIM keys that do not come, all mails of a run together */

/* ---- numbers of things ----------------------------------------------------------------------- */
#define LIMIT_MX_HOSTS    32   /* the largest real set has about 20 */
#define LIMIT_ADDRESSES   16   /* of one host and family; large providers publish up to 8 */
#define LIMIT_SESSIONS    128  /* of all MX hosts together; each gets its share */
#define LIMIT_TXT_RECORDS 4096 /* as good as all that 64 KiB hold: ours may be any of them */
#define LIMIT_DNS_RECORDS 256
#define LIMIT_CNAMES      16
#define LIMIT_BUSY        8  /* how often sessions of one domain are tried again, one by one */
#define LIMIT_AGAIN       5  /* further handshakes with one address; mostly it is one or two */
#define LIMIT_BUSY_AGAIN  2  /* ... and one session */
#define LIMIT_AUTHORITIES 8  /* name servers asked one by one */
#define LIMIT_SERVER_TLSA 4  /* MX hosts whose TLSA each name server is asked for */
#define LIMIT_PATTERNS    16 /* unused patterns whose domain is looked up */
#define LIMIT_CLIMB       16 /* names asked for CAA, from a host upwards */
#define LIMIT_WEB_ANSWER  (256u << 10) /* keys and configuration of a provider have some KB */
#define LIMIT_RUA         8            /* reporting URIs looked up */
#define LIMIT_RUA_TRIES   4            /* of an https: one, tried in turn */

/* ---- limits, and what a run keeps ------------------------------------------------------------ */
#define LIMIT_PER_ADDRESS      2    /* connections at a time to one address and port */
#define LIMIT_PER_SECOND       10   /* begun in a second, in a scan; filters notice more */
#define LIMIT_NETWORK_FACTOR   8    /* so many times as much to a /24 or /48 */
#define LIMIT_QUESTIONS_FACTOR 10   /* so many times as much to a name server: it is a datagram */
#define LIMIT_CONNECTIONS      2048 /* of all at a time; in a scan, of all threads */
#define LIMIT_QUESTIONS        2048 /* the same, in a scan; libunbound takes 32 KiB for each */
#define LIMIT_LOOKUP_ENTRIES   100000
#define LIMIT_LOOKUP_BYTES     (64u << 20) /* some 5,000 MX hosts with their chains */
#define LIMIT_LOOKUP_KEPT_MS   900000      /* a look that is older is done again */

/* ---- what we need ourselves ------------------------------------------------------------------ */
#define LIMIT_FILES_LEAST      64 /* with fewer, lookups and connections fail */
#define LIMIT_FILES_RESERVED   40 /* the loop, libunbound's TCP, the store, standard streams */
#define LIMIT_FILES_SHARE      4  /* one file in so many is for questions */
#define LIMIT_ROOM_START_BYTES (6u << 20)  /* libunbound and a CA file, before any domain */
#define LIMIT_ROOM_BYTES       (16u << 20) /* of memory, to begin a domain with; some take 10 MiB */
#define LIMIT_ROOM_LEFT_BYTES  (2u << 20)  /* at its end: with less, something may have failed */

/* ---- sizes, bytes ---------------------------------------------------------------------------- */
#define LIMIT_POLICY_BYTES       65536 /* RFC 8461 section 3.3 */
#define LIMIT_HTTP_HEAD_BYTES    32768 /* all header lines */
#define LIMIT_HTTP_HEADERS       100
#define LIMIT_HTTP_VALUE         2048  /* of one header, kept */
#define LIMIT_SMTP_LINE          2048  /* RFC 5321 4.5.3.1.5 says 512; real EHLO lines reach 1000 */
#define LIMIT_SMTP_LINES         100   /* of one reply */
#define LIMIT_SMTP_SESSION_BYTES 65536 /* before TLS, and again after it */
#define LIMIT_IMAP_RESPONSE      (1u << 20) /* without bodies; capabilities take 1 KB, flags less */
#define LIMIT_IMAP_LITERAL       65536      /* in one: a folder's name, a subject in an ENVELOPE */
#define LIMIT_IMAP_BODY          (96u << 20) /* what intake takes of a message */
#define LIMIT_IMAP_NAME          255         /* of a folder, as a person writes it */
#define LIMIT_IMAP_FIRST_BYTES   65536       /* before we are signed in, and TLS begins it anew */
#define LIMIT_TLS_SESSION_BYTES  524288u     /* of ciphertext in: a chain of 100 KiB and some */
#define LIMIT_TLS_AFTER          64 /* handshake messages behind the handshake: tickets, keys */
#define LIMIT_FETCH_BYTES        (1u << 20) /* all that one fetch receives: TLS, head, framing, body */
#define LIMIT_TLS_CHAIN_BYTES                                                                      \
    262144L                   /* OpenSSL's own ceiling is 100 KiB: see, then judge                 \
                               */
#define LIMIT_CERTIFICATES 10 /* kept of one chain */
#define LIMIT_VERIFIED     16 /* of one chain given to the verifier; Postfix goes 9 up */
#define LIMIT_RSA_EXPONENT_BITS                                                                    \
    64 /* of an issuer; they have 17, and each signature takes the longer the more */
#define LIMIT_SAN_NAMES        100 /* kept of one certificate */
#define LIMIT_PURPOSES         16  /* the same; few have more than two */
#define LIMIT_TRANSCRIPT_LINES 120
#define LIMIT_TEXT             512 /* a stranger's text kept as evidence */

#endif
