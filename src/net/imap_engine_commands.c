/* SPDX-License-Identifier: MIT */
/* imap_engine_commands.c - the commands of the engine's owner, and those of several steps. */
#include "net/imap_engine_work.h"

#include <stdio.h>
#include <string.h>

/* ---- commands -------------------------------------------------------------------------------- */

void imap_say(struct imap_engine *engine, enum imap_step step, const char *verb)
{
    engine->step = step;
    engine->state = IMAP_BUSY;
    engine->refusal = NULL;
    imap_command_begin(engine, &engine->command, ++engine->tag, verb);
}

enum sts_status imap_say_end(struct imap_engine *engine)
{
    imap_command_put(&engine->command, "\r\n");
    return engine->command.data ? STS_OK : STS_E_NOMEM;
}

static enum sts_status say_folder(struct imap_engine *engine, enum imap_step step, const char *verb,
                                  const char *folder)
{
    char *name = imap_name_encode(engine, folder, &engine->space);

    if (!name)
        return STS_E_INVALID;
    imap_say(engine, step, verb);
    imap_command_put_string(&engine->command, name);
    talloc_free(name);
    return imap_say_end(engine);
}

enum sts_status imap_engine_select(struct imap_engine *engine, const char *folder, bool examine)
{
    if (engine->state != IMAP_READY)
        return STS_E_INVALID;
    engine->folder = (struct imap_folder){0};
    return say_folder(engine, IMAP_STEP_SELECT, examine ? "EXAMINE " : "SELECT ", folder);
}

enum sts_status imap_engine_sizes(struct imap_engine *engine, uint32_t first, uint32_t last)
{
    char text[80];

    if (engine->state != IMAP_READY)
        return STS_E_INVALID;
    snprintf(text, sizeof(text), "UID FETCH %u:%u (UID RFC822.SIZE)", (unsigned)first,
             (unsigned)last);
    imap_say(engine, IMAP_STEP_COMMAND, text);
    return imap_say_end(engine);
}

enum sts_status imap_engine_bodies(struct imap_engine *engine, const uint32_t *uids, size_t count)
{
    if (engine->state != IMAP_READY || !count)
        return STS_E_INVALID;
    imap_say(engine, IMAP_STEP_COMMAND, "UID FETCH ");
    imap_command_put_set(&engine->command, uids, count);
    imap_command_put(&engine->command, " (UID BODY.PEEK[])");
    return imap_say_end(engine);
}

enum sts_status imap_engine_idle(struct imap_engine *engine)
{
    if (engine->state != IMAP_READY)
        return STS_E_INVALID;
    imap_say(engine, IMAP_STEP_IDLE, "IDLE");
    return imap_say_end(engine);
}

enum sts_status imap_engine_end_idle(struct imap_engine *engine)
{
    if (engine->state != IMAP_IDLING)
        return STS_E_INVALID;
    engine->state = IMAP_BUSY;
    imap_command_line(engine, &engine->command, "DONE");
    return engine->command.data ? STS_OK : STS_E_NOMEM;
}

enum sts_status imap_engine_logout(struct imap_engine *engine)
{
    if (engine->state != IMAP_READY)
        return STS_E_INVALID;
    imap_say(engine, IMAP_STEP_LOGOUT, "LOGOUT");
    return imap_say_end(engine);
}

enum sts_status imap_ready(struct imap_engine *engine)
{
    engine->state = IMAP_READY;
    return STS_OK;
}

/* What it says of itself first is no news. */
enum sts_status imap_after_select(struct imap_engine *engine)
{
    engine->folder.changed = false;
    return imap_ready(engine);
}

/* ---- moving ---------------------------------------------------------------------------------- */

static enum sts_status say_move(struct imap_engine *engine)
{
    imap_say(engine, IMAP_STEP_MOVE, imap_can(engine, IMAP_CAP_MOVE) ? "UID MOVE " : "UID COPY ");
    imap_command_put_set(&engine->command, engine->uids, engine->uid_count);
    imap_command_put(&engine->command, " ");
    imap_command_put_string(&engine->command, engine->target);
    return imap_say_end(engine);
}

enum sts_status imap_engine_move(struct imap_engine *engine, const uint32_t *uids, size_t count,
                                 const char *folder)
{
    if (engine->state != IMAP_READY || !count)
        return STS_E_INVALID;
    talloc_free(engine->target);
    talloc_free(engine->uids);
    engine->created = false;
    engine->target = imap_name_encode(engine, folder, &engine->space);
    engine->uids = talloc_memdup(engine, uids, count * sizeof(*uids));
    engine->uid_count = count;
    if (!engine->target)
        return STS_E_INVALID;
    return engine->uids ? say_move(engine) : STS_E_NOMEM;
}

/* RFC 3501 section 6.4.7: [TRYCREATE] where the folder is missing; some say [NONEXISTENT]. */
static bool lacks_folder(const struct imap_answer *answer)
{
    return !answer->ok &&
           (strcmp(answer->code, "TRYCREATE") == 0 || strcmp(answer->code, "NONEXISTENT") == 0);
}

enum sts_status imap_after_move(struct imap_engine *engine)
{
    if (lacks_folder(&engine->answer) && !engine->created) {
        imap_say(engine, IMAP_STEP_CREATE, "CREATE ");
        imap_command_put_string(&engine->command, engine->target);
        return imap_say_end(engine);
    }
    if (!engine->answer.ok || imap_can(engine, IMAP_CAP_MOVE))
        return imap_ready(engine);
    imap_say(engine, IMAP_STEP_STORE, "UID STORE ");
    imap_command_put_set(&engine->command, engine->uids, engine->uid_count);
    imap_command_put(&engine->command, " +FLAGS.SILENT (\\Deleted)");
    return imap_say_end(engine);
}

/* Whoever else made it meanwhile ([ALREADYEXISTS]): what counts is whether the move works now. */
enum sts_status imap_after_create(struct imap_engine *engine)
{
    engine->created = true;
    return say_move(engine);
}

/* Plain EXPUNGE would take along what others have marked. */
enum sts_status imap_after_store(struct imap_engine *engine)
{
    if (!engine->answer.ok || !imap_can(engine, IMAP_CAP_UIDPLUS))
        return imap_ready(engine);
    imap_say(engine, IMAP_STEP_COMMAND, "UID EXPUNGE ");
    imap_command_put_set(&engine->command, engine->uids, engine->uid_count);
    return imap_say_end(engine);
}

enum sts_status imap_after_logout(struct imap_engine *engine)
{
    return imap_end(engine, IMAP_FAULT_NONE, (struct bytes){0});
}
