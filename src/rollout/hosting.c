/* SPDX-License-Identifier: MIT */
/* hosting.c - settings that serve the policy: one template for each kind of server.
 *
 * "@host@" is the place of the policy host: a host name, which needs no quoting anywhere; nothing
 * else is filled in. */
#include "rollout/generate.h"

#include <string.h>

#include "base/hname.h"
#include "mtasts/names.h"

static const char nginx_long[] = "# A name of this length wants, in the block http of nginx.conf:\n"
                                 "#     server_names_hash_bucket_size 256;\n";

static const char nginx[] = "# /etc/nginx/conf.d/mta-sts.conf\n"
                            "server {\n"
                            "    listen 443 ssl;\n"
                            "    listen [::]:443 ssl;\n"
                            "    server_name @host@;\n"
                            "\n"
                            "    ssl_certificate     /etc/letsencrypt/live/@host@/fullchain.pem;\n"
                            "    ssl_certificate_key /etc/letsencrypt/live/@host@/privkey.pem;\n"
                            "\n"
                            "    root /var/www/@host@;\n"
                            "    location = /.well-known/mta-sts.txt {\n"
                            "        types { }\n"
                            "        default_type text/plain;\n"
                            "    }\n"
                            "    location / {\n"
                            "        return 404;\n"
                            "    }\n"
                            "}\n";

static const char caddy[] = "# Caddy fetches and renews the certificate by itself.\n"
                            "@host@ {\n"
                            "\troot * /var/www/@host@\n"
                            "\thandle /.well-known/mta-sts.txt {\n"
                            "\t\theader Content-Type \"text/plain; charset=utf-8\"\n"
                            "\t\tfile_server\n"
                            "\t}\n"
                            "\thandle {\n"
                            "\t\trespond 404\n"
                            "\t}\n"
                            "}\n";

static const char apache[] =
    "# /etc/apache2/sites-available/mta-sts.conf; needs mod_ssl\n"
    "<VirtualHost *:443>\n"
    "    ServerName @host@\n"
    "    DocumentRoot /var/www/@host@\n"
    "\n"
    "    SSLEngine on\n"
    "    SSLCertificateFile    /etc/letsencrypt/live/@host@/fullchain.pem\n"
    "    SSLCertificateKeyFile /etc/letsencrypt/live/@host@/privkey.pem\n"
    "\n"
    "    <Directory /var/www/@host@>\n"
    "        Options None\n"
    "        AllowOverride None\n"
    "        Require all granted\n"
    "    </Directory>\n"
    "    <Location /.well-known/mta-sts.txt>\n"
    "        ForceType text/plain\n"
    "    </Location>\n"
    "</VirtualHost>\n";

static const char wrangler[] = "# The Worker answers for the whole name; Cloudflare makes its DNS "
                               "record and certificate.\n"
                               "name = \"mta-sts\"\n"
                               "main = \"worker.js\"\n"
                               "compatibility_date = \"2024-01-01\"\n"
                               "\n"
                               "[[routes]]\n"
                               "pattern = \"@host@\"\n"
                               "custom_domain = true\n";

static const char worker_head[] = "const policy = [\n";
static const char worker_tail[] =
    "];\n"
    "\n"
    "export default {\n"
    "  async fetch(request) {\n"
    "    if (new URL(request.url).pathname !== \"/.well-known/mta-sts.txt\")\n"
    "      return new Response(\"Not found\\n\", { status: 404 });\n"
    "    return new Response(policy.join(\"\\r\\n\") + \"\\r\\n\", {\n"
    "      headers: { \"Content-Type\": \"text/plain; charset=utf-8\" },\n"
    "    });\n"
    "  },\n"
    "};\n";

static const char pages_headers[] = "/.well-known/mta-sts.txt\n"
                                    "  Content-Type: text/plain; charset=utf-8\n";

/* Pages serves the folder as it is. */
static const struct {
    const char *file, *title, *template;
} servers[] = {
    {"nginx.conf", N_("nginx: the server for {policy_host}"), nginx},
    {"Caddyfile", N_("Caddy: the site {policy_host}"), caddy},
    {"apache.conf", N_("Apache: the virtual host {policy_host}"), apache},
    {"worker/wrangler.toml", N_("Cloudflare Worker: settings (wrangler deploy)"), wrangler},
    {"pages/_headers", N_("Cloudflare Pages: the media type of the policy"), pages_headers},
};

/* NULL: no memory, or no host name. */
static char *fill(TALLOC_CTX *ctx, const char *template, const char *domain)
{
    char *text = hname_valid(bytes_of(domain)) ? talloc_strdup(ctx, "") : NULL;

    while (text) {
        const char *place = strstr(template, "@host@");

        if (!place)
            return talloc_strdup_append_buffer(text, template);
        text = talloc_asprintf_append_buffer(text, "%.*s" STS_POLICY_HOST_PREFIX "%s",
                                             (int)(place - template), template, domain);
        template = place + strlen("@host@");
    }
    return NULL;
}

/* The policy as lines of a JavaScript array; generate_policy() lets nothing into it that a string
 * there would have to escape. */
static char *worker(TALLOC_CTX *ctx, const char *policy)
{
    char *text = talloc_strdup(ctx, worker_head);

    while (text && policy && *policy) {
        size_t length = strcspn(policy, "\r\n");

        text = talloc_asprintf_append_buffer(text, "  \"%.*s\",\n", (int)length, policy);
        policy += length;
        policy += strspn(policy, "\r\n");
    }
    return text && policy ? talloc_strdup_append_buffer(text, worker_tail) : NULL;
}

void generate_hosting(struct advisory *a, const struct generate_wish *wish)
{
    char *policy = generate_policy(a, wish->mode, wish->max_age, wish->mx, wish->mx_count);

    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
        char *text = fill(a, servers[i].template, wish->domain);

        if (text && servers[i].template == nginx &&
            strlen(STS_POLICY_HOST_PREFIX) + strlen(wish->domain) > NGINX_NAME_MAX)
            text = talloc_asprintf(a, "%s%s", nginx_long, text);
        advisory_artefact(a, servers[i].file, servers[i].title, text);
    }
    advisory_artefact(a, "worker/worker.js", N_("Cloudflare Worker: the program"),
                      worker(a, policy));
    advisory_artefact(
        a, "pages/.well-known/mta-sts.txt",
        N_("Cloudflare Pages: the policy in the folder to upload; enter {policy_host} "
           "as a custom domain"),
        policy);
}
