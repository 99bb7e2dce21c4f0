/* SPDX-License-Identifier: MIT */
/* broker.c - in the module: the stream, by libnats. */
#include "queue/broker.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nats/nats.h>

#include "queue/limits.h"
#include "queue/subject.h"

#define STREAM   "mtasts-scan"
#define CONSUMER "workers"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct broker {
    natsConnection *connection;
    jsCtx *js;
    natsSubscription *pull;
    int64_t replicas;
    char *detail;
};

/* ---- what is wrong --------------------------------------------------------------------------- */

static const struct {
    natsStatus status;
    enum broker_status trouble;
} by_status[] = {
    {NATS_OK, BROKER_OK},
    {NATS_TIMEOUT, BROKER_NOTHING},
    {NATS_NO_SERVER, BROKER_AWAY},
    {NATS_IO_ERROR, BROKER_AWAY},
    {NATS_ADDRESS_MISSING, BROKER_AWAY},
    {NATS_CONNECTION_CLOSED, BROKER_AWAY},
    {NATS_CONNECTION_DISCONNECTED, BROKER_AWAY},
    {NATS_STALE_CONNECTION, BROKER_AWAY},
    {NATS_CONNECTION_AUTH_FAILED, BROKER_LOGIN},
    {NATS_NOT_PERMITTED, BROKER_DENIED},
    {NATS_SSL_ERROR, BROKER_TLS},
    {NATS_SECURE_CONNECTION_WANTED, BROKER_TLS},
    {NATS_SECURE_CONNECTION_REQUIRED, BROKER_TLS},
    {NATS_NO_RESPONDERS, BROKER_NO_JETSTREAM},
    {NATS_NO_SERVER_SUPPORT, BROKER_VERSION},
};

static const struct {
    jsErrCode code;
    enum broker_status trouble;
} by_code[] = {
    {JSNotEnabledErr, BROKER_NO_JETSTREAM},
    {JSNotEnabledForAccountErr, BROKER_NO_JETSTREAM},
    {JSInsufficientResourcesErr, BROKER_FULL},
    {JSStorageResourcesExceededErr, BROKER_FULL},
    {JSStreamStoreFailedErr, BROKER_FULL},
    {JSClusterNoPeersErr, BROKER_REPLICAS},
    {JSStreamReplicasNotSupportedErr, BROKER_REPLICAS},
};

static enum broker_status trouble_of(natsStatus status, jsErrCode code)
{
    for (size_t i = 0; code && i < COUNT(by_code); i++)
        if (by_code[i].code == code)
            return by_code[i].trouble;
    for (size_t i = 0; i < COUNT(by_status); i++)
        if (by_status[i].status == status)
            return by_status[i].trouble;
    return BROKER_OTHER;
}

static void note(struct broker *broker, natsStatus status)
{
    const char *said = nats_GetLastError(NULL), *text;

    said = said && *said ? said : natsStatus_GetText(status);
    text = *said == '(' ? strstr(said, "): ") : NULL; /* behind its place in the library */
    talloc_free(broker->detail);
    broker->detail = talloc_strdup(broker, text ? text + strlen("): ") : said);
}

/* Of a request: that nothing came in time is no "nothing". */
static enum broker_status fail(struct broker *broker, natsStatus status, jsErrCode code)
{
    enum broker_status trouble = trouble_of(status, code);

    if (trouble == BROKER_OK)
        return BROKER_OK;
    note(broker, status);
    return trouble == BROKER_NOTHING ? BROKER_AWAY : trouble;
}

const char *broker_detail(const struct broker *broker)
{
    return broker->detail;
}

/* ---- the stream and its consumer ------------------------------------------------------------- */

static enum broker_status judge_stream(struct broker *broker, jsStreamInfo *info)
{
    const jsStreamConfig *config = info ? info->Config : NULL;
    bool good = config && config->Retention == js_WorkQueuePolicy && config->DiscardNewPerSubject;

    jsStreamInfo_Destroy(info);
    if (good)
        return BROKER_OK;
    TALLOC_FREE(broker->detail);
    return BROKER_VERSION;
}

static enum broker_status add_stream(struct broker *broker)
{
    static const char *subjects[] = {SUBJECT_ALL};
    jsStreamInfo *info = NULL;
    jsStreamConfig config;
    jsErrCode code = 0;
    natsStatus status;

    jsStreamConfig_Init(&config);
    config.Name = STREAM;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Retention = js_WorkQueuePolicy;
    config.Storage = js_FileStorage;
    config.Replicas = broker->replicas;
    config.MaxMsgsPerSubject = 1;
    config.Discard = js_DiscardNew;
    config.DiscardNewPerSubject = true;
    status = js_AddStream(&info, broker->js, &config, NULL, &code);
    return status == NATS_OK ? judge_stream(broker, info) : fail(broker, status, code);
}

static enum broker_status mend_stream(struct broker *broker)
{
    jsStreamInfo *info = NULL;
    jsErrCode code = 0;
    natsStatus status = js_GetStreamInfo(&info, broker->js, STREAM, NULL, &code);

    if (status == NATS_OK)
        return judge_stream(broker, info);
    return code == JSStreamNotFoundErr ? add_stream(broker) : fail(broker, status, code);
}

static enum broker_status mend_consumer(struct broker *broker)
{
    jsConsumerInfo *info = NULL;
    jsConsumerConfig config;
    jsErrCode code = 0;
    natsStatus status = js_GetConsumerInfo(&info, broker->js, STREAM, CONSUMER, NULL, &code);

    jsConsumerInfo_Destroy(info);
    if (status == NATS_OK || code != JSConsumerNotFoundErr)
        return fail(broker, status, code);
    info = NULL;
    jsConsumerConfig_Init(&config);
    config.Durable = CONSUMER;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = (int64_t)BROKER_WAIT_S * 1000000000;
    config.MaxDeliver = -1; /* the store counts */
    config.MaxAckPending = IN_WORK_MAX;
    config.FilterSubject = SUBJECT_ALL;
    code = 0;
    status = js_AddConsumer(&info, broker->js, STREAM, &config, NULL, &code);
    jsConsumerInfo_Destroy(info);
    return fail(broker, status, code);
}

enum broker_status broker_mend(struct broker *broker)
{
    enum broker_status status =
        natsConnection_Status(broker->connection) == NATS_CONN_STATUS_CONNECTED
            ? mend_stream(broker)
            : fail(broker, NATS_NO_SERVER, 0);

    return status ? status : mend_consumer(broker);
}

/* ---- connecting ------------------------------------------------------------------------------ */

/* The first line of a file with a token or USER:PASSWORD.  0, or -1. */
static int read_line(const char *path, char *line, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, line, size - 1) : -1;

    if (fd >= 0)
        close(fd);
    line[got > 0 ? got : 0] = '\0';
    return got > 0 ? 0 : -1;
}

static natsStatus use_line(natsOptions *options, char *line)
{
    char *colon;

    line[strcspn(line, "\r\n")] = '\0';
    colon = strchr(line, ':');
    if (!colon)
        return natsOptions_SetToken(options, line);
    *colon = '\0';
    return natsOptions_SetUserInfo(options, line, colon + 1);
}

static enum broker_status set_login(struct broker *broker, natsOptions *options, const char *path)
{
    char line[CREDENTIALS_MAX + 1];
    natsStatus status;

    if (!path)
        return BROKER_OK;
    if (read_line(path, line, sizeof(line)) != 0)
        return BROKER_CREDENTIALS;
    status = strstr(line, "BEGIN NATS USER JWT")
                 ? natsOptions_SetUserCredentialsFromFiles(options, path, NULL)
                 : use_line(options, line);
    explicit_bzero(line, sizeof(line));
    return fail(broker, status, 0);
}

static natsStatus set_servers(natsOptions *options, char *urls)
{
    const char *list[SERVERS_MAX];
    char *rest = urls;
    int count = 0;

    while (rest && count < SERVERS_MAX)
        list[count++] = strsep(&rest, ",");
    return natsOptions_SetServers(options, list, count);
}

static enum broker_status set_options(struct broker *broker, natsOptions *options,
                                      const struct broker_options *wish)
{
    char *urls = talloc_strdup(broker, wish->urls);
    natsStatus status = urls ? set_servers(options, urls) : NATS_NO_MEMORY;

    if (status == NATS_OK)
        status = natsOptions_SetName(options, wish->client);
    if (status == NATS_OK)
        status = natsOptions_SetTimeout(options, CONNECT_MS);
    if (status == NATS_OK)
        status = natsOptions_SetMaxReconnect(options, -1);
    if (status == NATS_OK)
        status = natsOptions_SetReconnectWait(options, RECONNECT_MS);
    if (status == NATS_OK)
        status = natsOptions_SetPingInterval(options, PING_MS);
    if (status == NATS_OK)
        status = natsOptions_SetFailRequestsOnDisconnect(options, true);
    if (status == NATS_OK && wish->ca_file)
        status = natsOptions_SetSecure(options, true);
    if (status == NATS_OK && wish->ca_file)
        status = natsOptions_LoadCATrustedCertificates(options, wish->ca_file);
    talloc_free(urls);
    return status == NATS_OK ? set_login(broker, options, wish->credentials)
                             : fail(broker, status, 0);
}

static enum broker_status subscribe(struct broker *broker)
{
    jsSubOptions options;
    jsErrCode code = 0;
    natsStatus status;

    jsSubOptions_Init(&options);
    options.Stream = STREAM;
    options.Consumer = CONSUMER;
    status = js_PullSubscribe(&broker->pull, broker->js, NULL, CONSUMER, NULL, &options, &code);
    return fail(broker, status, code);
}

static enum broker_status connect_by(struct broker *broker, const struct broker_options *wish)
{
    natsOptions *options = NULL;
    jsOptions js;
    natsStatus status = natsOptions_Create(&options);
    enum broker_status result =
        status == NATS_OK ? set_options(broker, options, wish) : fail(broker, status, 0);

    jsOptions_Init(&js);
    js.Wait = ANSWER_MS;
    if (!result)
        result = fail(broker, natsConnection_Connect(&broker->connection, options), 0);
    if (!result)
        result = fail(broker, natsConnection_JetStream(&broker->js, broker->connection, &js), 0);
    natsOptions_Destroy(options);
    return result;
}

static int broker_drop(struct broker *broker)
{
    natsSubscription_Destroy(broker->pull);
    jsCtx_Destroy(broker->js);
    if (broker->connection)
        (void)natsConnection_FlushTimeout(broker->connection, ANSWER_MS); /* what was said last */
    natsConnection_Destroy(broker->connection);
    return 0;
}

enum broker_status broker_open(TALLOC_CTX *ctx, const struct broker_options *options,
                               struct broker **ret, char **ret_detail)
{
    struct broker *broker = talloc_zero(ctx, struct broker);
    enum broker_status status;

    *ret = NULL;
    *ret_detail = NULL;
    if (!broker)
        return BROKER_OTHER;
    broker->replicas = options->replicas;
    talloc_set_destructor(broker, broker_drop);
    status = connect_by(broker, options);
    if (!status)
        status = broker_mend(broker);
    if (!status)
        status = subscribe(broker);
    if (status) {
        *ret_detail = talloc_steal(ctx, broker->detail);
        talloc_free(broker);
        return status;
    }
    *ret = broker;
    return BROKER_OK;
}

/* ---- shards ---------------------------------------------------------------------------------- */

enum broker_status broker_publish(struct broker *broker, int64_t scan, int64_t shard, bool first)
{
    char subject[SUBJECT_SIZE], id[SUBJECT_SIZE];
    jsPubOptions options;
    jsPubAck *ack = NULL;
    jsErrCode code = 0;
    natsStatus status;
    bool there;

    if (natsConnection_Status(broker->connection) != NATS_CONN_STATUS_CONNECTED)
        return fail(broker, NATS_NO_SERVER, 0);
    subject_write(subject, scan, shard);
    (void)snprintf(id, sizeof(id), "%" PRId64 ".%" PRId64, scan, shard);
    jsPubOptions_Init(&options);
    options.MsgId = first ? id : NULL;
    status = js_Publish(&ack, broker->js, subject, "", 0, &options, &code);
    there = status == NATS_OK && ack->Duplicate;
    jsPubAck_Destroy(ack);
    if (there)
        return BROKER_NOTHING;
    if (status != NATS_OK && strstr(nats_GetLastError(NULL), "messages per subject"))
        return BROKER_NOTHING;
    return fail(broker, status, code);
}

static int handout_drop(struct handout *handout)
{
    natsMsg_Destroy(handout->message);
    return 0;
}

static enum broker_status take(struct broker *broker, TALLOC_CTX *ctx, natsMsg *message,
                               struct handout **ret)
{
    struct handout *handout = talloc_zero(ctx, struct handout);

    if (!handout) {
        natsMsg_Destroy(message);
        return BROKER_OTHER;
    }
    handout->broker = broker;
    handout->message = message;
    talloc_set_destructor(handout, handout_drop);
    if (!subject_read(natsMsg_GetSubject(message), &handout->scan, &handout->shard)) {
        broker_say(handout, BROKER_DONE); /* none of ours */
        talloc_free(handout);
        return BROKER_NOTHING;
    }
    *ret = handout;
    return BROKER_OK;
}

enum broker_status broker_fetch(struct broker *broker, TALLOC_CTX *ctx, int64_t wait_ms,
                                struct handout **ret)
{
    natsMsgList list = {0};
    jsErrCode code = 0;
    natsStatus status;
    natsMsg *message;

    *ret = NULL;
    if (natsConnection_Status(broker->connection) != NATS_CONN_STATUS_CONNECTED)
        return fail(broker, NATS_NO_SERVER, 0);
    status = natsSubscription_Fetch(&list, broker->pull, 1, wait_ms, &code);
    if (status == NATS_TIMEOUT)
        return BROKER_NOTHING;
    if (status != NATS_OK)
        return fail(broker, status, code);
    message = list.Count ? list.Msgs[0] : NULL;
    if (message)
        list.Msgs[0] = NULL;
    natsMsgList_Destroy(&list);
    return message ? take(broker, ctx, message, ret) : BROKER_NOTHING;
}

void broker_say(struct handout *handout, enum broker_word word)
{
    natsMsg *message = handout->message;

    if (word == BROKER_WORKING)
        (void)natsMsg_InProgress(message, NULL);
    else if (word == BROKER_DONE)
        (void)natsMsg_Ack(message, NULL);
    else
        (void)natsMsg_Nak(message, NULL);
}
