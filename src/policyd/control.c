/* SPDX-License-Identifier: MIT */
/* control.c - what is asked, and a connection's place in the list of domains. */
#include "policyd/control.h"

#include <stdio.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event/listener.h"
#include "event/loop.h"
#include "policyd/connection.h"
#include "policyd/inquiry.h"
#include "policyd/limits.h"
#include "policyd/policy_key.h"
#include "policyd/server_work.h"

/* The domains as they were when the list began; it hangs on its connection. */
struct control_list {
    LIST_ENTRY(control_list) next;
    const struct connection *connection;
    const char **names;
    size_t at, count;
};

struct control {
    struct policyd *policyd;
    LIST_HEAD(, control_list) lists;
    struct connections *connections;
    struct listener *listener;
};

/* Who asks about a domain; it hangs on the connection. */
struct control_request {
    struct control *control;
    struct connection *connection;
    struct inquiry *inquiry;
    bool wants_account;
    char domain[STS_NAME_SIZE];
};

/* ---- one domain ------------------------------------------------------------------------------ */

/* Frees the request. */
static void on_looked_up(void *arg)
{
    struct control_request *request = arg;
    const struct inquiry_account wish = {.domain = request->domain, .source = "daemon"};
    struct connection *connection = request->connection;
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *text =
        request->wants_account ? inquiry_account(ctx, request->control->policyd, &wish) : "";

    talloc_free(request);
    connection_answer(connection, text);
    talloc_free(ctx);
}

static void ask_about(struct control *control, struct connection *connection, const char *domain,
                      bool wants_account)
{
    struct control_request *request = talloc_zero(connection, struct control_request);
    const struct inquiry_request inquiry = {domain, !wants_account, on_looked_up, request};

    if (request) {
        *request = (struct control_request){control, connection, NULL, wants_account, ""};
        snprintf(request->domain, sizeof(request->domain), "%s", domain);
    }
    if (!request || inquiry_start(request, control->policyd, &inquiry, &request->inquiry) != STS_OK)
        connection_answer(connection, NULL);
}

static void explain(struct control *control, struct connection *connection, const char *domain)
{
    ask_about(control, connection, domain, true);
}

static void warm(struct control *control, struct connection *connection, const char *domain)
{
    ask_about(control, connection, domain, false);
}

static void purge(struct control *control, struct connection *connection, const char *domain)
{
    static const char *const words[] = {
        [POLICY_FORGOTTEN] = "1", [POLICY_UNKNOWN] = "0", [POLICY_UNDER_WAY] = "busy"};

    connection_answer(connection, words[inquiry_purge(control->policyd, domain)]);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static int list_drop(struct control_list *list)
{
    LIST_REMOVE(list, next);
    return 0;
}

static struct control_list *list_of(const struct control *control,
                                    const struct connection *connection)
{
    struct control_list *list;

    LIST_FOREACH(list, &control->lists, next)
    {
        if (list->connection == connection)
            break;
    }
    return list;
}

static struct control_list *list_new(struct control *control, struct connection *connection)
{
    struct control_list *list = talloc_zero(connection, struct control_list);

    if (!list)
        return NULL;
    list->connection = connection;
    list->names = inquiry_domains(list, control->policyd, &list->count);
    LIST_INSERT_HEAD(&control->lists, list, next);
    talloc_set_destructor(list, list_drop);
    if (!list->names)
        TALLOC_FREE(list);
    return list;
}

/* Lines of JSON, at least one if there is one left.  NULL: no memory. */
static char *next_page(const struct control *control, struct control_list *list)
{
    char *page = talloc_strdup(list, "");

    while (page && list->at < list->count && talloc_get_size(page) < LIMIT_CONTROL_PAGE) {
        const struct inquiry_account wish = {
            .domain = list->names[list->at++], .source = "daemon", .brief = true};
        char *line = inquiry_account(page, control->policyd, &wish);

        if (!line) {
            TALLOC_FREE(page);
        } else if (*line) {
            page = talloc_asprintf_append_buffer(page, "%s\n", line);
        }
        if (page)
            talloc_free(line);
    }
    return page;
}

static void answer_page(struct control *control, struct connection *connection,
                        struct control_list *list)
{
    char *page = list ? next_page(control, list) : NULL;
    bool is_over = page && !*page;

    connection_answer(connection, page);
    if (is_over)
        talloc_free(list); /* else the page goes with the list, or the next one */
    else
        talloc_free(page);
}

static void dump(struct control *control, struct connection *connection, const char *nothing)
{
    (void)nothing;
    talloc_free(list_of(control, connection));
    answer_page(control, connection, list_new(control, connection));
}

static void more(struct control *control, struct connection *connection, const char *nothing)
{
    struct control_list *list = list_of(control, connection);

    (void)nothing;
    if (list)
        answer_page(control, connection, list);
    else
        connection_answer(connection, "");
}

/* ---- what is asked --------------------------------------------------------------------------- */

static const struct {
    const char *word;
    bool of_domain;
    void (*answer)(struct control *control, struct connection *connection, const char *domain);
} verbs[] = {
    {"explain", true, explain}, {"warm", true, warm},  {"purge", true, purge},
    {"dump", false, dump},      {"more", false, more},
};

static void on_asked(void *arg, struct connection *connection,
                     const struct socketmap_request *request)
{
    struct control *control = arg;
    char domain[STS_NAME_SIZE] = "";
    bool is_domain = policy_key_read(request->key, domain) == POLICY_KEY_DOMAIN;

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!bytes_equal(request->map, verbs[i].word) || verbs[i].of_domain > is_domain)
            continue;
        verbs[i].answer(control, connection, domain);
        return;
    }
    connection_answer(connection, "?");
}

/* ---- who may ask ----------------------------------------------------------------------------- */

static void on_accepted(void *arg, int fd)
{
    struct control *control = arg;
    struct ucred peer = {0};
    socklen_t size = sizeof(peer);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        (peer.uid != 0 && peer.uid != geteuid()) ||
        connections_count(control->connections) >= LIMIT_CONTROL_CONNECTIONS)
        close(fd);
    else
        connections_add(control->connections, fd);
}

static void on_short(void *arg, int error)
{
    struct control *control = arg;

    (void)error;
    listener_rest(control->listener, loop_now(control->policyd->loop) + LIMIT_REST_MS);
}

/* Lists hang on connections, so these go while the control is there. */
static int control_drop(struct control *control)
{
    TALLOC_FREE(control->connections);
    return 0;
}

enum sts_status control_start(TALLOC_CTX *ctx, struct policyd *policyd, int fd)
{
    struct control *control = talloc_zero(ctx, struct control);
    const struct connections_request connections = {policyd->loop, on_asked, control};
    const struct listener_request request = {fd, on_accepted, on_short, control};
    enum sts_status status;

    if (!control)
        return STS_E_NOMEM;
    control->policyd = policyd;
    LIST_INIT(&control->lists);
    talloc_set_destructor(control, control_drop);
    status = connections_new(control, &connections, &control->connections);
    return status == STS_OK ? listener_start(control, policyd->loop, &request, &control->listener)
                            : status;
}
