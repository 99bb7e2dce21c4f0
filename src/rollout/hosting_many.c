/* SPDX-License-Identifier: MIT */
/* hosting_many.c - one configuration that serves the policies of many domains.
 *
 * Which domain has which policy is a table by host name: nginx and Caddy have a directive "map",
 * Apache a file for mod_rewrite.  A certificate of Let's Encrypt holds a hundred names at most, so
 * where certificates are files, there is one server for each hundred names; Caddy has a certificate
 * for each name by itself.  Only host names are filled in, which need no quoting anywhere. */
#include <string.h>

#include "mtasts/names.h"
#include "rollout/bundle.h"

#define A_CERTIFICATE ((size_t)100) /* names */

struct writing {
    struct advisory *a;
    const struct bundle_site *sites;
    size_t count;
    char *text; /* NULL: no memory */
};

__attribute__((format(printf, 2, 3))) static void put(struct writing *w, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (w->text)
        w->text = talloc_vasprintf_append_buffer(w->text, format, arguments);
    va_end(arguments);
}

/* The names from one on, so many, each behind `before`. */
static void put_hosts(struct writing *w, size_t from, size_t count, const char *before)
{
    for (size_t i = from; i < from + count && i < w->count; i++)
        put(w, "%s" STS_POLICY_HOST_PREFIX "%s", i == from ? "" : before, w->sites[i].domain);
}

/* "mta-sts.a.example a.example.txt", a line each. */
static void put_map(struct writing *w, const char *indent, const char *end)
{
    for (size_t i = 0; i < w->count; i++)
        put(w, "%s" STS_POLICY_HOST_PREFIX "%s %s%s\n", indent, w->sites[i].domain,
            w->sites[i].file, end);
}

static size_t groups(const struct writing *w)
{
    return (w->count + A_CERTIFICATE - 1) / A_CERTIFICATE;
}

/* The name of a certificate: "mta-sts", or one of several. */
static const char *certificate(struct writing *w, size_t group)
{
    return groups(w) == 1 ? "mta-sts" : advisory_format(w->a, "mta-sts-%zu", group + 1);
}

/* How to get it; a comment in both. */
static void put_certbot(struct writing *w, size_t group)
{
    put(w, "# The certificate: certbot certonly --cert-name %s \\\n#     -d ",
        certificate(w, group));
    put_hosts(w, group * A_CERTIFICATE, A_CERTIFICATE, " \\\n#     -d ");
    put(w, "\n");
}

/* ---- nginx ----------------------------------------------------------------------------------- */

static bool has_long_name(const struct writing *w)
{
    for (size_t i = 0; i < w->count; i++)
        if (strlen(STS_POLICY_HOST_PREFIX) + strlen(w->sites[i].domain) > NGINX_NAME_MAX)
            return true;
    return false;
}

static void put_nginx_server(struct writing *w, size_t group)
{
    put_certbot(w, group);
    put(w, "server {\n"
           "    listen 443 ssl;\n"
           "    listen [::]:443 ssl;\n"
           "    server_name ");
    put_hosts(w, group * A_CERTIFICATE, A_CERTIFICATE, "\n                ");
    put(w,
        ";\n\n"
        "    ssl_certificate     /etc/letsencrypt/live/%s/fullchain.pem;\n"
        "    ssl_certificate_key /etc/letsencrypt/live/%s/privkey.pem;\n",
        certificate(w, group), certificate(w, group));
    put(w, "\n"
           "    root /var/www/mta-sts;\n"
           "    location = /.well-known/mta-sts.txt {\n"
           "        types { }\n"
           "        default_type text/plain;\n"
           "        try_files /$mta_sts_policy =404;\n"
           "    }\n"
           "    location / {\n"
           "        return 404;\n"
           "    }\n"
           "}\n");
}

static void put_nginx(struct writing *w)
{
    put(w, "# /etc/nginx/conf.d/mta-sts.conf; the policies are in /var/www/mta-sts\n");
    if (has_long_name(w))
        put(w, "# Names of this length need, in the block http of nginx.conf:\n"
               "#     server_names_hash_bucket_size 256;\n"
               "#     map_hash_bucket_size 256;\n");
    put(w, "map $host $mta_sts_policy {\n    default none;\n");
    put_map(w, "    ", ";");
    put(w, "}\n");
    for (size_t i = 0; i < groups(w); i++) {
        put(w, "\n");
        put_nginx_server(w, i);
    }
}

/* ---- Caddy ----------------------------------------------------------------------------------- */

static void put_caddy(struct writing *w)
{
    put(w, "# Caddy fetches and renews the certificates by itself; the policies are in "
           "/var/www/mta-sts\n");
    put_hosts(w, 0, w->count, ",\n");
    put(w, " {\n"
           "\troot * /var/www/mta-sts\n"
           "\tmap {host} {mta_sts_policy} {\n");
    put_map(w, "\t\t", "");
    put(w, "\t\tdefault none\n"
           "\t}\n"
           "\thandle /.well-known/mta-sts.txt {\n"
           "\t\theader Content-Type \"text/plain; charset=utf-8\"\n"
           "\t\trewrite * /{mta_sts_policy}\n"
           "\t\tfile_server\n"
           "\t}\n"
           "\thandle {\n"
           "\t\trespond 404\n"
           "\t}\n"
           "}\n");
}

/* ---- Apache ---------------------------------------------------------------------------------- */

static void put_apache_host(struct writing *w, size_t group)
{
    put_certbot(w, group);
    put(w, "<VirtualHost *:443>\n    ServerName ");
    put_hosts(w, group * A_CERTIFICATE, A_CERTIFICATE, "\n    ServerAlias ");
    put(w,
        "\n    DocumentRoot /var/www/mta-sts\n"
        "\n"
        "    SSLEngine on\n"
        "    SSLCertificateFile    /etc/letsencrypt/live/%s/fullchain.pem\n"
        "    SSLCertificateKeyFile /etc/letsencrypt/live/%s/privkey.pem\n",
        certificate(w, group), certificate(w, group));
    put(w, "\n"
           "    RewriteEngine on\n"
           "    RewriteMap mta-sts txt:/etc/apache2/mta-sts.map\n"
           "    RewriteRule ^/\\.well-known/mta-sts\\.txt$ "
           "/var/www/mta-sts/${mta-sts:%%{SERVER_NAME}|none} [L]\n"
           "    RewriteRule ^ - [R=404,L]\n"
           "\n"
           "    <Directory /var/www/mta-sts>\n"
           "        Options None\n"
           "        AllowOverride None\n"
           "        Require all granted\n"
           "        ForceType text/plain\n"
           "    </Directory>\n"
           "</VirtualHost>\n");
}

static void put_apache(struct writing *w)
{
    put(w,
        "# /etc/apache2/sites-available/mta-sts.conf; needs mod_ssl and mod_rewrite (a2enmod ssl "
        "rewrite),\n# and apache.map as /etc/apache2/mta-sts.map; the policies are in "
        "/var/www/mta-sts\n");
    for (size_t i = 0; i < groups(w); i++) {
        if (i)
            put(w, "\n");
        put_apache_host(w, i);
    }
}

static void put_apache_map(struct writing *w)
{
    put_map(w, "", "");
}

void generate_hosting_of_many(struct advisory *a, const struct bundle_site *sites, size_t count)
{
    static const struct {
        const char *file, *title;
        void (*put)(struct writing *w);
    } servers[] = {
        {"nginx.conf", N_("nginx: the server for all domains"), put_nginx},
        {"Caddyfile", N_("Caddy: the site for all domains"), put_caddy},
        {"apache.conf", N_("Apache: the virtual host for all domains"), put_apache},
        {"apache.map", N_("Apache: which domain has which policy"), put_apache_map},
    };

    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
        struct writing w = {a, sites, count, talloc_strdup(a, "")};

        servers[i].put(&w);
        advisory_artefact(a, servers[i].file, servers[i].title, w.text);
    }
}
