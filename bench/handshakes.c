/* SPDX-License-Identifier: MIT */
/* handshakes.c - the limit: what OpenSSL alone takes for the sessions that a scan makes.
 *
 *     handshakes CA_FILE SESSIONS THREADS < list
 *
 * For each line "DOMAIN POLICY_ADDRESS MX_HOST MX_ADDRESS": one HTTPS GET of the policy, one SMTP
 * session up to the EHLO in TLS, both fully verified.  SESSIONS of them at a time, each blocking in
 * a thread of its own: no DNS, no loop, no facts, no judgement.  THREADS processors are used.
 * Prints one line: domains, sessions verified, wall and CPU seconds. */
#include <arpa/inet.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define LINE_SIZE  1024
#define REPLY_SIZE 16384
#define STACK_SIZE 262144
#define PATIENCE_S 10

static SSL_CTX *context;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of standard input */
static atomic_int domains, verified;

static int dial(const char *address, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    inet_pton(AF_INET, address, &to.sin_addr);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Until the last line of an SMTP reply. */
static int reply_came(int fd, SSL *ssl)
{
    char text[REPLY_SIZE];
    size_t length = 0;

    for (;;) {
        char *line;
        ssize_t got = ssl ? SSL_read(ssl, text + length, (int)(sizeof text - 1 - length))
                          : recv(fd, text + length, sizeof text - 1 - length, 0);

        if (got <= 0)
            return 0;
        length += (size_t)got;
        text[length] = '\0';
        if (length < 4 || text[length - 1] != '\n')
            continue;
        text[length - 1] = '\0';
        line = strrchr(text, '\n');
        line = line ? line + 1 : text;
        if (strlen(line) > 3 && line[3] == ' ')
            return 1;
        text[length - 1] = '\n';
    }
}

static int say(int fd, SSL *ssl, const char *text)
{
    int length = (int)strlen(text);

    return ssl ? SSL_write(ssl, text, length) == length
               : send(fd, text, (size_t)length, MSG_NOSIGNAL) == length;
}

static int fetch(int fd, SSL *ssl, const char *host)
{
    char text[REPLY_SIZE];
    int any = 0;

    (void)fd;
    snprintf(text, sizeof text,
             "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
             host);
    if (!say(fd, ssl, text))
        return 0;
    while (SSL_read(ssl, text, sizeof text) > 0)
        any = 1;
    return any;
}

static int greet(int fd, SSL *ssl, const char *host)
{
    (void)host;
    return say(fd, ssl, "EHLO bench.example\r\n") && reply_came(fd, ssl) &&
           say(fd, ssl, "QUIT\r\n") && reply_came(fd, ssl);
}

static int start_tls(int fd)
{
    return reply_came(fd, NULL) && say(fd, NULL, "EHLO bench.example\r\n") &&
           reply_came(fd, NULL) && say(fd, NULL, "STARTTLS\r\n") && reply_came(fd, NULL);
}

static int session(const char *address, int port, const char *host)
{
    int fd = dial(address, port), ok = 0;
    SSL *ssl = fd >= 0 && (port == 443 || start_tls(fd)) ? SSL_new(context) : NULL;

    if (ssl) {
        SSL_set_fd(ssl, fd);
        SSL_set_tlsext_host_name(ssl, host);
        SSL_set1_host(ssl, host);
        ok = SSL_connect(ssl) == 1 && (port == 443 ? fetch : greet)(fd, ssl, host);
        SSL_shutdown(ssl);
        SSL_free(ssl);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static int next_line(char *line)
{
    int any;

    pthread_mutex_lock(&lock);
    any = fgets(line, LINE_SIZE, stdin) != NULL;
    pthread_mutex_unlock(&lock);
    return any;
}

static void *work(void *arg)
{
    char line[LINE_SIZE];

    (void)arg;
    while (next_line(line)) {
        char *state = NULL, *domain = strtok_r(line, " \n", &state);
        char *web = strtok_r(NULL, " \n", &state), *mx = strtok_r(NULL, " \n", &state);
        char *address = strtok_r(NULL, " \n", &state), host[LINE_SIZE];

        if (!domain || !web || !mx || !address)
            continue;
        snprintf(host, sizeof host, "mta-sts.%s", domain);
        atomic_fetch_add(&domains, 1);
        atomic_fetch_add(&verified, session(web, 443, host) + session(address, 25, mx));
    }
    return NULL;
}

static void keep_to(int processors)
{
    cpu_set_t all, some;
    int kept = 0;

    CPU_ZERO(&some);
    if (sched_getaffinity(0, sizeof all, &all) != 0)
        return;
    for (int i = 0; i < CPU_SETSIZE && kept < processors; i++)
        if (CPU_ISSET(i, &all)) {
            CPU_SET(i, &some);
            kept++;
        }
    (void)sched_setaffinity(0, sizeof some, &some);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void run_all(int count)
{
    pthread_t *threads = calloc((size_t)count, sizeof *threads);
    pthread_attr_t attributes;
    int started = 0;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    while (threads && started < count &&
           pthread_create(&threads[started], &attributes, work, NULL) == 0)
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_attr_destroy(&attributes);
    free(threads);
}

int main(int argc, char **argv)
{
    struct timespec begun, ended;
    struct rusage usage;

    if (argc != 4) {
        fputs("usage: handshakes CA_FILE SESSIONS THREADS < list\n", stderr);
        return 64;
    }
    context = SSL_CTX_new(TLS_client_method());
    if (!context || SSL_CTX_load_verify_file(context, argv[1]) != 1) {
        fprintf(stderr, "handshakes: %s cannot be read\n", argv[1]);
        return 70;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    keep_to(atoi(argv[3]));
    clock_gettime(CLOCK_MONOTONIC, &begun);
    run_all(atoi(argv[2]));
    clock_gettime(CLOCK_MONOTONIC, &ended);
    getrusage(RUSAGE_SELF, &usage);
    printf("%d %d %.3f %.3f\n", domains, verified,
           (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9,
           seconds(usage.ru_utime) + seconds(usage.ru_stime));
    SSL_CTX_free(context);
    return 0;
}
