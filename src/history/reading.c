/* SPDX-License-Identifier: MIT */
/* reading.c - out of the store into a model. */
#include "history/reading.h"

#include "base/array.h"

void *reading_grow(struct history_reading *reading, void *list, size_t *count, size_t size)
{
    void *place = array_grow(reading->model, list, count, size);

    if (!place)
        reading->no_memory = true;
    return place;
}

const char *reading_copy(struct history_reading *reading, const char *text)
{
    const char *made = text ? talloc_strdup(reading->model, text) : NULL;

    if (text && !made)
        reading->no_memory = true;
    return made;
}

enum sts_status reading_status(const struct history_reading *reading, enum sts_status status)
{
    return status == STS_OK && reading->no_memory ? STS_E_NOMEM : status;
}
