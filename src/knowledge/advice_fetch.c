/* SPDX-License-Identifier: MIT */
/* advice_fetch.c - what to know and to do about the policy host's answer to the GET. */
#include "knowledge/advice_rows.h"

#define FIX_S3                                                                                     \
    N_("In {amazon}, store the object under this key: aws s3 cp mta-sts.txt "                      \
       "s3://BUCKET/.well-known/mta-sts.txt --content-type text/plain. Then allow everyone to "    \
       "read it in the bucket policy (s3:GetObject), or CloudFront through origin access "         \
       "control.")
#define FIX_GCS                                                                                    \
    N_("In {google}, store the object under this name: gcloud storage cp mta-sts.txt "             \
       "gs://BUCKET/.well-known/mta-sts.txt --content-type=text/plain. Then give allUsers the "    \
       "role Storage Object Viewer (roles/storage.objectViewer) on the bucket.")
#define FIX_AZURE                                                                                  \
    N_("In {azure}, upload the file to the container $web as .well-known/mta-sts.txt with the "    \
       "content type text/plain, and allow anonymous read access to it.")

const struct advice_row advice_fetch[] = {
    {FINDING_POLICY_NOT_FOUND,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("The file is at another path or has a name other than mta-sts.txt."),
          N_("The web server or the deployment skips directories that begin with a dot, such as "
             ".well-known."),
          N_("The name points to a hosting service where the domain is not, or no longer, set "
             "up."),
          N_("At Cloudflare, the Worker has no route for this host, or the Pages project has "
             "the file at another path.")),
      .fix = LINES(
          FIX_S3, FIX_GCS, FIX_AZURE,
          N_("Move or copy the file from {found_at} to this URL: {policy_url}"),
          N_("Put the file at exactly this URL: {policy_url}"),
          N_("On your own web server it belongs in the directory .well-known of the site's "
             "document root; rules that hide files beginning with a dot must make an exception."),
          N_("In a Pages repository the path is .well-known/mta-sts.txt below the output "
             "directory; a Worker needs the route {policy_host}/*."),
          N_("Check with curl that the status is 200 and the text is the policy.")),
      .commands = LINES(CURL_HEAD, CURL_AT)}},

    {FINDING_POLICY_FORBIDDEN,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("A firewall or bot protection rejects clients that are not browsers."),
          N_("The web server denies access to directories that begin with a dot."),
          N_("The web server may not read the file or its directory, or the site requires a "
             "password."),
          N_("Access is limited to certain countries or networks."),
          N_("In an object store (Amazon S3, Google Cloud Storage) the object is missing or not "
             "public: the answer is the same in both cases.")),
      .fix = LINES(FIX_S3, FIX_GCS, FIX_AZURE,
                   N_("Exempt {policy_url}: no login, no bot protection, no country restrictions; "
                      "the file is public."),
                   N_("Set the permissions of the file to 644 and of its directories to 755, and "
                      "allow /.well-known/ in the web server's rules.")),
      .commands = LINES(CURL_HEAD, CURL_AT)}},

    {FINDING_POLICY_REDIRECT,
     {.meaning = N_("Senders must not follow redirects when they fetch a policy: for them there "
                    "is none. Those that never had it deliver without protection; those with a "
                    "cached one use it until its max_age expires. A browser follows them, so it "
                    "does not show the fault."),
      .causes = LINES(N_("The whole site redirects to another host name, for example to www."),
                      N_("A rule adds a trailing slash, or redirects to a language selection or "
                         "login page."),
                      N_("The hosting service redirects a custom domain to its main name.")),
      .fix = LINES(
          N_("Serve the policy itself at {policy_url} with HTTP status 200; exempt the URL from "
             "the redirect to {location}."),
          N_("Serve {policy_url} directly; if the file lives elsewhere, fetch it through a "
             "reverse proxy (proxy_pass, ProxyPass), not with a redirect."),
          N_("A redirect from http:// to https:// is harmless: senders never use http.")),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_SERVER_ERROR,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(N_("The application behind the web server fails or is being restarted."),
                      N_("A proxy or CDN cannot reach the server behind it: the origin is down, or "
                         "its certificate is not accepted."),
                      N_("A Worker or function throws an exception or has used up its quota.")),
      .fix = LINES(N_("Search the error log of the web server or service for {policy_url}."),
                   N_("Serve the policy as a static file without an application behind it; 503 "
                      "with Retry-After does not help, because senders give up at once."),
                   N_("With a CDN, check that the proxy, Worker or route for {policy_host} is "
                      "active and reaches the origin.")),
      .commands = LINES(CURL_HEAD, CURL_AT)}},

    {FINDING_POLICY_PROXY_ERROR,
     {.meaning = MEANS_NO_FETCH,
      .causes =
          LINES(N_("521, 522, 523: Cloudflare cannot reach the server behind it, or there is none: "
                   "the name needs a Worker route or a Pages project."),
                N_("525, 526: the server behind Cloudflare has no certificate that the mode Full "
                   "(strict) accepts."),
                N_("530 with 1016: the address of the server behind Cloudflare does not exist."),
                N_("1101, 1102: the Worker fails or takes too long; 1014: the CNAME points to a "
                   "project of another account."),
                N_("The free requests of the Worker are used up (1027).")),
      .fix = LINES(
          N_("Check in the Cloudflare panel what answers for {policy_host}: a Worker needs the "
             "route {policy_host}/* or a custom domain, a Pages project the custom domain."),
          N_("If your own server is behind Cloudflare, make it answer on port 443 with a "
             "certificate for {policy_host}, or turn the proxy off for this name."),
          N_("Cloudflare reports error {cdn_error}; its documentation has a page for each "
             "number.")),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_BOT_CHALLENGE,
     {.meaning = N_("Senders are programs: they solve no puzzles and run no scripts. They "
                    "cannot fetch the policy and deliver without protection, or use a cached "
                    "one. In a browser everything looks right."),
      .causes = LINES(
          N_("Bot protection (Cloudflare Bot Fight Mode or Under Attack Mode, AWS WAF and the "
             "like) covers all host names of the domain."),
          N_("A firewall rule challenges visitors of certain countries or networks."),
          N_("The hosting service presents a CAPTCHA to clients it does not know.")),
      .fix = LINES(
          N_("Exempt {policy_host} from every challenge: at Cloudflare with a Skip rule for "
             "this host name, and Security Level Essentially Off."),
          N_("Bot Fight Mode cannot be turned off for a single host name: turn it off, or serve "
             "the policy where the proxy is off."),
          N_("Check from a server, not from a browser: it must return HTTP status 200 and the "
             "text.")),
      .commands = LINES(CURL_HEAD, "curl -sS -A '' {policy_url}")}},

    {FINDING_POLICY_HTTP_STATUS,
     {.meaning = N_("Senders accept only HTTP status 200, not even another 2xx: for them there "
                    "is no policy. Those that never had it deliver without protection; those "
                    "with a cached one use it until its max_age expires."),
      .causes = LINES(N_("Bot protection or a rate limit answers, for example with 429 or 418."),
                      N_("An empty file or a script without output makes the server answer 204."),
                      N_("A proxy between the internet and the web server answers in its place.")),
      .fix = LINES(N_("Serve the file statically with HTTP status 200 instead of {status}."),
                   N_("Exempt {policy_url} from rate limits and bot protection.")),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_CONTENT_TYPE,
     {.meaning = N_("The media type should be text/plain. Some senders reject the policy "
                    "because of it and deliver without protection; others ignore it."),
      .causes = LINES(
          N_("A Worker or script sets text/html, which is often the default."),
          N_("The web server knows no type for .txt, or sends its general type for downloads."),
          N_("The URL returns a page of an application, not the file.")),
      .fix = LINES(N_("Send Content-Type: text/plain; charset=utf-8 for {policy_url}."),
                   N_("nginx: default_type text/plain; in the location. Apache: AddType text/plain "
                      ".txt. In a "
                      "Worker set the header content-type of the Response.")),
      .commands = LINES("curl -sSi {policy_url} | grep -i '^content-type'")}},

    {FINDING_POLICY_TOO_LARGE,
     {.meaning = N_("Senders stop reading at 64 KiB or earlier and discard what they have read. "
                    "Those that never had the policy deliver without protection; those with a "
                    "cached one use it until its max_age expires."),
      .causes = LINES(N_("The URL serves another file, or a page that never ends."),
                      N_("The policy lists hundreds of hosts where a wildcard would suffice.")),
      .fix = LINES(N_("Serve only version, mode, mx and max_age at {policy_url}."),
                   N_("Replace long lists of mx lines with wildcards; each matches one label.")),
      .commands = LINES("curl -sS {policy_url} | wc -c")}},

    {FINDING_POLICY_TIMEOUT,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("A firewall silently drops packets to port 443."),
          N_("The web server is overloaded, or waits for an application or an origin behind it."),
          N_("One of the addresses in DNS has no server behind it.")),
      .fix = LINES(
          N_("The time was spent in the phase \"{phase}\": connect points to the network or a "
             "firewall, tls, head and body to the server."),
          N_("Serve the policy as a static file; many senders wait only a few seconds."),
          N_("Remove addresses of {policy_host} that do not answer.")),
      .commands = LINES(CURL_AT, "time curl -sS -o /dev/null {policy_url}")}},

    {FINDING_POLICY_TRUNCATED,
     {.meaning = N_("The connection ends before the announced length. Careful senders discard "
                    "the policy and deliver without protection or use a cached one; careless "
                    "ones use the part they received."),
      .causes = LINES(N_("A script sets Content-Length itself, or counts characters instead of "
                         "bytes."),
                      N_("The file was changed while a cache kept its old length."),
                      N_("The server or a proxy drops the connection.")),
      .fix = LINES(N_("Let the web server compute Content-Length itself, or serve a static file."),
                   N_("Empty the cache of the proxy or CDN for {policy_url}.")),
      .commands = LINES(CURL_TALK, CURL_AT)}},

    LAST_ROW,
};
