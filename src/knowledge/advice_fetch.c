/* SPDX-License-Identifier: MIT */
/* advice_fetch.c - what to know and to do about the policy host's answer to the GET. */
#include "knowledge/advice_rows.h"

#define FIX_S3                                                                                     \
    N_("In {amazon} put the object at this key: aws s3 cp mta-sts.txt "                            \
       "s3://BUCKET/.well-known/mta-sts.txt --content-type text/plain. Then let everybody read "   \
       "it by the bucket policy (s3:GetObject), or CloudFront by origin access control.")
#define FIX_GCS                                                                                    \
    N_("In {google} put the object at this name: gcloud storage cp mta-sts.txt "                   \
       "gs://BUCKET/.well-known/mta-sts.txt --content-type=text/plain. Then give allUsers the "    \
       "role Storage Object Viewer (roles/storage.objectViewer) on the bucket.")
#define FIX_AZURE                                                                                  \
    N_("In {azure} upload the file to the container $web as .well-known/mta-sts.txt, with the "    \
       "content type text/plain, and allow anonymous read access to it.")

const struct advice_row advice_fetch[] = {
    {FINDING_POLICY_NOT_FOUND,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("The file was put at another path, or under another name than mta-sts.txt."),
          N_("The web server or the deployment leaves out folders that begin with a dot, such as "
             ".well-known."),
          N_("The name leads to a hosting service where the domain is not, or no longer, set up."),
          N_("At Cloudflare the Worker has no route for this host, or the Pages project holds the "
             "file at another path.")),
      .fix = LINES(
          FIX_S3, FIX_GCS, FIX_AZURE,
          N_("Move the file from {found_at} to this URL, or copy it: {policy_url}"),
          N_("Put the file at exactly this URL: {policy_url}"),
          N_("On a web server of your own it belongs into the folder .well-known of the site's "
             "document root; see that rules which hide files with a dot make an exception."),
          N_("In a Pages repository the path is .well-known/mta-sts.txt below the output folder; "
             "a Worker needs the route {policy_host}/*."),
          N_("Check with curl that the answer is 200 and the text is the policy.")),
      .commands = LINES(CURL_HEAD, CURL_AT)}},

    {FINDING_POLICY_FORBIDDEN,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("A firewall or bot protection turns away clients that are no browsers."),
          N_("The web server denies access to folders that begin with a dot."),
          N_("The file or its folder is not readable for the web server, or the site asks for a "
             "password."),
          N_("Access is limited to certain countries or networks."),
          N_("In an object store (Amazon S3, Google Cloud Storage) the object is missing or not "
             "public: both give the same answer.")),
      .fix =
          LINES(FIX_S3, FIX_GCS, FIX_AZURE,
                N_("Make an exception for {policy_url}: no log-in, no bot protection, no limit by "
                   "country; the file is public."),
                N_("Give the file mode 644 and its folders 755, and allow /.well-known/ in the web "
                   "server's rules.")),
      .commands = LINES(CURL_HEAD, CURL_AT)}},

    {FINDING_POLICY_REDIRECT,
     {.meaning = N_("Senders must not follow redirects when they fetch a policy: for them there is "
                    "none. Those that never had it deliver without protection; those with a cached "
                    "one keep to it until its max_age is over. A browser follows, so the fault "
                    "does not show there."),
      .causes = LINES(N_("The whole site redirects to another host name, for example to www."),
                      N_("A rule adds a final slash, a language or a log-in page."),
                      N_("The hosting service redirects a custom domain to its main name.")),
      .fix = LINES(
          N_("Answer {policy_url} with status 200 and the policy itself; make an exception from "
             "the redirect to {location}."),
          N_("Serve {policy_url} directly; if the file lives elsewhere, fetch it by a reverse "
             "proxy "
             "(proxy_pass, ProxyPass), not by a redirect."),
          N_("A redirect from http:// to https:// does no harm: senders never ask over http.")),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_SERVER_ERROR,
     {.meaning = MEANS_NO_FETCH,
      .causes =
          LINES(N_("The application behind the web server fails or is being restarted."),
                N_("A proxy or CDN does not reach the server behind it: the origin is down, or its "
                   "certificate is not accepted."),
                N_("A Worker or function throws an exception or has used up its quota.")),
      .fix =
          LINES(N_("Read the error log of the web server or the service for {policy_url}."),
                N_("Serve the policy as a static file without an application behind it; 503 with "
                   "Retry-After does not help, senders give up at once."),
                N_("With a CDN check that the proxy, Worker or route for {policy_host} is active "
                   "and that it reaches the origin.")),
      .commands = LINES(CURL_HEAD, CURL_AT)}},

    {FINDING_POLICY_PROXY_ERROR,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("521, 522, 523: Cloudflare does not reach the server behind it, or there is none: "
             "the name needs a Worker route or a Pages project."),
          N_("525, 526: the server behind Cloudflare has no certificate that the mode Full "
             "(strict) accepts."),
          N_("530 with 1016: the address of the server behind Cloudflare does not exist."),
          N_("1101, 1102: the Worker fails or takes too long; 1014: the CNAME leads to a project "
             "of another account."),
          N_("The free requests of the Worker are used up (1027).")),
      .fix = LINES(
          N_("See in the Cloudflare panel what answers for {policy_host}: a Worker needs the route "
             "{policy_host}/* or a custom domain, a Pages project the custom domain."),
          N_("If a server of your own stands behind Cloudflare, let it answer on port 443 with a "
             "certificate for {policy_host}, or switch the proxy off for this name."),
          N_("Cloudflare reports error {cdn_error}; its documentation has a page for each "
             "number.")),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_BOT_CHALLENGE,
     {.meaning = N_("Senders are programs: they solve no puzzle and run no script. They cannot get "
                    "the policy and deliver without protection, or keep to a cached one. In a "
                    "browser everything looks right."),
      .causes = LINES(
          N_("A bot protection (Cloudflare Bot Fight Mode or Under Attack Mode, AWS WAF and the "
             "like) covers all host names of the domain."),
          N_("A firewall rule challenges visitors of certain countries or networks."),
          N_("The hosting service shows a captcha to clients it does not know.")),
      .fix = LINES(
          N_("Except {policy_host} from every challenge: at Cloudflare by a rule Skip for this "
             "host name, and Security Level Essentially Off."),
          N_("Bot Fight Mode cannot be switched off for a single host name: switch it off, or "
             "serve the policy where the proxy is off."),
          N_("Check from a server, not from a browser: the answer must be status 200 and the "
             "text.")),
      .commands = LINES(CURL_HEAD, "curl -sS -A '' {policy_url}")}},

    {FINDING_POLICY_HTTP_STATUS,
     {.meaning = N_("Senders accept status 200 alone, no other 2xx either: for them there is no "
                    "policy. Those that never had it deliver without protection; those with a "
                    "cached one keep to it until its max_age is over."),
      .causes = LINES(N_("Bot protection or a rate limit answers, for example with 429 or 418."),
                      N_("An empty file or a script without output makes the server answer 204."),
                      N_("A proxy between the internet and the web server answers in its place.")),
      .fix = LINES(N_("Serve the file as a static one with status 200 in place of {status}."),
                   N_("Exempt {policy_url} from rate limits and bot protection.")),
      .commands = LINES(CURL_HEAD)}},

    {FINDING_POLICY_CONTENT_TYPE,
     {.meaning = N_("The media type should be text/plain. Some senders reject the policy because "
                    "of it and deliver without protection; others do not look at it."),
      .causes = LINES(
          N_("A Worker or script sets text/html, which is often the default."),
          N_("The web server knows no type for .txt, or sends its general type for downloads."),
          N_("The page behind the URL is an application's, not the file.")),
      .fix = LINES(N_("Send Content-Type: text/plain; charset=utf-8 for {policy_url}."),
                   N_("nginx: default_type text/plain; in the location. Apache: AddType text/plain "
                      ".txt. In a "
                      "Worker set the header content-type of the Response.")),
      .commands = LINES("curl -sSi {policy_url} | grep -i '^content-type'")}},

    {FINDING_POLICY_TOO_LARGE,
     {.meaning = N_("Senders stop reading at 64 KiB or earlier and discard what they have. Those "
                    "that never had the policy deliver without protection; those with a cached one "
                    "keep to it until its max_age is over."),
      .causes = LINES(N_("The URL serves another file, or a page that never ends."),
                      N_("The policy lists hundreds of hosts where a wildcard would do.")),
      .fix = LINES(N_("Serve only version, mode, mx and max_age at {policy_url}."),
                   N_("Replace long lists of mx lines by wildcards, each for one label.")),
      .commands = LINES("curl -sS {policy_url} | wc -c")}},

    {FINDING_POLICY_TIMEOUT,
     {.meaning = MEANS_NO_FETCH,
      .causes = LINES(
          N_("A firewall drops packets to port 443 in silence."),
          N_("The web server is overloaded, or waits for an application or an origin behind it."),
          N_("One of the addresses in DNS belongs to no server.")),
      .fix = LINES(
          N_("Time went by in the phase \"{phase}\": connect points to the network or a firewall, "
             "tls, head and body to the server."),
          N_("Serve the policy as a static file; many senders wait only a few seconds."),
          N_("Remove addresses of {policy_host} that do not answer.")),
      .commands = LINES(CURL_AT, "time curl -sS -o /dev/null {policy_url}")}},

    {FINDING_POLICY_TRUNCATED,
     {.meaning = N_("The connection ends before the announced length. Careful senders discard the "
                    "policy and deliver without protection or keep to a cached one; careless ones "
                    "use the part they have."),
      .causes =
          LINES(N_("A script sets Content-Length by hand, or counts characters in place of bytes."),
                N_("The file was changed while a cache kept its old length."),
                N_("The server or a proxy breaks off the connection.")),
      .fix = LINES(N_("Let the web server compute Content-Length itself, or serve a static file."),
                   N_("Empty the cache of the proxy or CDN for {policy_url}.")),
      .commands = LINES(CURL_TALK, CURL_AT)}},

    LAST_ROW,
};
