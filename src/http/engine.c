/* SPDX-License-Identifier: MIT */
/* engine.c - where a connection is: between requests, in a head, in a body. */
#include "http/engine.h"

#include "http/chunks.h"
#include "http/head.h"

enum state {
    BEFORE,    /* between requests */
    BEFORE_LF, /* CR came there: RFC 9112 section 2.2 has us ignore one empty line */
    IN_HEAD,
    BODY_BEGIN, /* the head was given out */
    IN_LENGTH,
    IN_CHUNKS,
    OVER,
    FAILED
};

struct http_engine {
    enum state state;
    bool had_empty_line;
    bool keep_alive;
    struct request_head *head; /* while it is read */
    int64_t left;              /* of the body; -1: it comes in chunks */
    int64_t allowed;           /* so many bytes of it may come */
    struct chunks chunks;
    struct http_fault fault;
};

struct http_engine *http_engine_new(TALLOC_CTX *ctx)
{
    return talloc_zero(ctx, struct http_engine);
}

static struct http_event fail(struct http_engine *engine, struct http_fault fault)
{
    TALLOC_FREE(engine->head);
    engine->state = FAILED;
    engine->fault = fault;
    return (struct http_event){.kind = HTTP_EVENT_ERROR, .fault = fault};
}

/* ---- one function a state: takes input, or gives an event ------------------------------------ */

static struct http_event before(struct http_engine *engine, struct bytes *input)
{
    if (input->length && input->data[0] == '\r' && !engine->had_empty_line) {
        engine->had_empty_line = true;
        engine->state = BEFORE_LF;
        *input = bytes_from(*input, 1);
    } else if (input->length) {
        engine->had_empty_line = false;
        engine->state = IN_HEAD;
        engine->head = request_head_new(engine);
        if (!engine->head)
            return fail(engine, (struct http_fault){503, "no memory"});
    }
    return (struct http_event){0};
}

static struct http_event before_lf(struct http_engine *engine, struct bytes *input)
{
    if (!input->length)
        return (struct http_event){0};
    if (input->data[0] != '\n')
        return fail(engine, (struct http_fault){400, "CR stands without LF"});
    engine->state = BEFORE;
    *input = bytes_from(*input, 1);
    return (struct http_event){0};
}

static struct http_event in_head(struct http_engine *engine, struct bytes *input)
{
    struct http_request *request = NULL;
    bool ended = false;
    struct http_fault fault = request_head_take(engine->head, input, &ended);

    if (!fault.status && ended)
        fault = request_head_finish(engine->head, engine, &request);
    if (fault.status)
        return fail(engine, fault);
    if (!request)
        return (struct http_event){0};
    TALLOC_FREE(engine->head);
    engine->state = BODY_BEGIN;
    engine->keep_alive = request->keep_alive;
    engine->left = request->length;
    engine->allowed = 0;
    return (struct http_event){.kind = HTTP_EVENT_HEAD, .request = request};
}

static struct http_event end(struct http_engine *engine)
{
    engine->state = engine->keep_alive ? BEFORE : OVER;
    return (struct http_event){.kind = HTTP_EVENT_END};
}

static struct http_event body_begin(struct http_engine *engine, struct bytes *input)
{
    (void)input;
    if (engine->left > engine->allowed)
        return fail(engine, (struct http_fault){413, "the body is too long"});
    if (!engine->left)
        return end(engine);
    engine->chunks = (struct chunks){.allowed = engine->allowed};
    engine->state = engine->left < 0 ? IN_CHUNKS : IN_LENGTH;
    return (struct http_event){0};
}

static struct http_event in_length(struct http_engine *engine, struct bytes *input)
{
    struct bytes piece = *input;

    if (!engine->left)
        return end(engine);
    if ((int64_t)piece.length > engine->left)
        piece.length = (size_t)engine->left;
    engine->left -= (int64_t)piece.length;
    *input = bytes_from(*input, piece.length);
    return (struct http_event){.kind = piece.length ? HTTP_EVENT_BODY : HTTP_EVENT_MORE,
                               .piece = piece};
}

static struct http_event in_chunks(struct http_engine *engine, struct bytes *input)
{
    struct http_event event = {0};
    struct http_fault fault = chunks_next(&engine->chunks, input, &event.piece);

    if (fault.status)
        return fail(engine, fault);
    if (engine->chunks.state == CHUNKS_ENDED)
        return end(engine);
    event.kind = event.piece.length ? HTTP_EVENT_BODY : HTTP_EVENT_MORE;
    return event;
}

/* What comes behind the last request is nobody's. */
static struct http_event over(struct http_engine *engine, struct bytes *input)
{
    (void)engine;
    *input = bytes_from(*input, input->length);
    return (struct http_event){0};
}

static struct http_event failed(struct http_engine *engine, struct bytes *input)
{
    (void)over(engine, input);
    return (struct http_event){.kind = HTTP_EVENT_ERROR, .fault = engine->fault};
}

struct http_event http_engine_next(struct http_engine *engine, struct bytes *input)
{
    static struct http_event (*const states[])(struct http_engine *, struct bytes *) = {
        [BEFORE] = before,       [BEFORE_LF] = before_lf,
        [IN_HEAD] = in_head,     [BODY_BEGIN] = body_begin,
        [IN_LENGTH] = in_length, [IN_CHUNKS] = in_chunks,
        [OVER] = over,           [FAILED] = failed,
    };
    struct http_event event;
    enum state state;

    do {
        state = engine->state;
        event = states[state](engine, input);
    } while (event.kind == HTTP_EVENT_MORE && state != engine->state);
    return event;
}

bool http_engine_allow(struct http_engine *engine, int64_t max)
{
    engine->allowed = max;
    return engine->left <= max;
}

enum http_phase http_engine_phase(const struct http_engine *engine)
{
    static const enum http_phase phases[] = {
        [BEFORE] = HTTP_PHASE_IDLE,    [BEFORE_LF] = HTTP_PHASE_IDLE,
        [IN_HEAD] = HTTP_PHASE_HEAD,   [BODY_BEGIN] = HTTP_PHASE_BODY,
        [IN_LENGTH] = HTTP_PHASE_BODY, [IN_CHUNKS] = HTTP_PHASE_BODY,
        [OVER] = HTTP_PHASE_OVER,      [FAILED] = HTTP_PHASE_OVER,
    };

    return phases[engine->state];
}
