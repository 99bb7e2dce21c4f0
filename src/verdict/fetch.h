/* SPDX-License-Identifier: MIT */
/* fetch.h - one GET of the policy as a sender takes it: how far it came. */
#ifndef VERDICT_FETCH_H
#define VERDICT_FETCH_H

#include "verdict/view.h"

/* Our own network's proxy failed, or would not: this says nothing of the host. */
bool fetch_failed_in_proxy(const struct https_fetch *fetch);
/* Nothing was reached over port 443, the well-known hosts neither. */
bool port443_blocked(const struct facts *facts);
#define FAMILY_IPV4 1u
#define FAMILY_IPV6 2u

/* The families of all addresses of the policy host, where no route leads to any of them from here;
 * 0: else. */
unsigned policy_host_families_missing(const struct facts *facts);
/* The certificates seen are those of who intercepts TLS in our own network. */
bool tls_intercepted(const struct facts *facts);
/* No connection was made. */
bool fetch_unconnected(const struct https_fetch *fetch);
/* A 200 whose body was read to its end: there is a text to judge, whatever the certificate. */
bool fetch_has_text(const struct https_fetch *fetch);
/* A page that wants to see a person in front of a browser: no policy, whatever its status. */
bool fetch_is_challenge(const struct https_fetch *fetch);
/* The server wants a certificate of ours, and says so in HTTP: nginx with ssl_verify_client on. */
bool fetch_lacks_certificate(const struct https_fetch *fetch);
/* An object store answers, and with an error of its own. */
enum object_store { STORE_NONE, STORE_S3, STORE_GCS, STORE_AZURE };
enum object_store fetch_store(const struct https_fetch *fetch);
/* The name it gives the error: "AccessDenied"; empty: it is none, or gives none. */
struct bytes fetch_store_error(const struct https_fetch *fetch);
bool fetch_store_says(const struct https_fetch *fetch, const char *error);
/* The body begins as HTML does. */
bool fetch_is_page(const struct https_fetch *fetch);
/* The coding of the body, "gzip", which no sender undoes; none: "" */
struct bytes fetch_coding(const struct https_fetch *fetch);
/* The number of an error of Cloudflare's own, 520 to 530 or 1000 and above; 0: it is none. */
int64_t fetch_cloudflare_error(const struct https_fetch *fetch);
/* Nothing can be concluded from it: it was stopped, or this machine has no such network. */
bool fetch_is_open(const struct facts *facts, const struct https_fetch *fetch);
/* Has anything been reached over the family of this address?  Where not, "no route" is a matter of
 * this machine and says nothing of the peer. */
bool family_works(const struct facts *facts, const char *address);

/* It was we who stopped, and the peer may be well: the person interrupted, or there was no time
 * left to connect.  A peer that was connected to and silent until the deadline is slow by its own
 * doing. */
bool stopped_by_us(const struct facts *facts, enum net_outcome outcome, enum net_phase phase);

#endif
