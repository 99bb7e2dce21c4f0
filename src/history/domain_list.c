/* SPDX-License-Identifier: MIT */
/* domain_list.c - a page of the domains that somebody sees. */
#include "history/domain_list.h"

#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/hname.h"
#include "base/scanner.h"

/* ---- places and orders ----------------------------------------------------------------------- */

#define KEY_DIGITS 18 /* no key is longer: they are times and counts */

bool domain_list_place_read(TALLOC_CTX *ctx, const char *text, struct store_list_place *ret)
{
    struct scanner scanner = scanner_begin(bytes_of(text));
    bool below = scanner_try(&scanner, '-');
    int64_t key = scanner_number(&scanner, 1, KEY_DIGITS);
    struct bytes name;

    scanner_expect(&scanner, '.');
    name = scanner.failed ? (struct bytes){"", 0} : bytes_from(bytes_of(text), scanner.at);
    if (!hname_valid(name))
        return false;
    *ret = (struct store_list_place){below ? -key : key, talloc_strdup(ctx, name.data)};
    return ret->name;
}

static const char *const order_names[STORE_SORTS] = {
    [STORE_BY_NAME] = "name",       [STORE_BY_HARM] = "verdict",
    [STORE_BY_POSTURE] = "posture", [STORE_BY_CERTIFICATE] = "certificate",
    [STORE_BY_CHANGE] = "changed",  [STORE_BY_FAILURES] = "failures",
};

bool domain_list_order_read(const char *text, struct store_list_order *ret)
{
    bool reversed = text && *text == '-';

    *ret = (struct store_list_order){STORE_BY_HARM, false};
    for (int i = 0; text && i < STORE_SORTS; i++)
        if (strcmp(order_names[i], text + reversed) == 0) {
            *ret = (struct store_list_order){(enum store_list_sort)i, reversed};
            return true;
        }
    return !text;
}

char *domain_list_order_text(TALLOC_CTX *ctx, struct store_list_order order)
{
    return talloc_asprintf(ctx, "%s%s", order.reversed ? "-" : "", order_names[order.sort]);
}

/* ---- requests -------------------------------------------------------------------------------- */

bool domain_list_filter_copy(TALLOC_CTX *ctx, const struct store_list_filter *filter,
                             struct store_list_filter *ret)
{
    const char **texts[] = {&ret->verdict, &ret->posture, &ret->tag, &ret->text,
                            &ret->name,    &ret->cause,   &ret->part};

    *ret = *filter;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *text = *texts[i];

        *texts[i] = text ? talloc_strdup(ctx, text) : NULL;
        if (text && !*texts[i])
            return false;
    }
    return true;
}

struct domain_list *domain_list_new(TALLOC_CTX *ctx, const struct store_list_request *request)
{
    struct domain_list *list = talloc_zero(ctx, struct domain_list);
    const char *place = request->place.name;

    if (!list)
        return NULL;
    list->request = *request;
    list->request.place.name = place ? talloc_strdup(list, place) : NULL;
    if (domain_list_filter_copy(list, &request->filter, &list->request.filter) &&
        !place == !list->request.place.name)
        return list;
    talloc_free(list);
    return NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char *own(struct domain_list *list, const char *text)
{
    const char *copy = text ? talloc_strdup(list, text) : NULL;

    list->no_memory |= text && !copy;
    return copy;
}

static struct outlook look_out(const struct store_listed_domain *domain)
{
    const struct outlook_facts facts = {
        .verdict = domain->verdict,
        .posture = domain->posture,
        .delivery = domain->delivery,
        .mode = domain->mode,
        .max_age = domain->max_age,
        .codes = domain->codes,
    };

    return outlook_of(&facts);
}

static void own_texts(struct domain_list *list, struct store_listed_domain *domain)
{
    const char **texts[] = {&domain->place.name, &domain->group_name, &domain->tags,
                            &domain->verdict,    &domain->posture,    &domain->delivery,
                            &domain->code,       &domain->subject,    &domain->codes,
                            &domain->mode};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = own(list, *texts[i]);
}

static bool take_row(void *arg, const struct store_listed_domain *domain)
{
    struct domain_list *list = arg;
    struct domain_list_row *row =
        array_grow(list, &list->rows, &list->row_count, sizeof(*list->rows));

    list->no_memory |= !row;
    if (!row)
        return false;
    row->state = *domain;
    own_texts(list, &row->state);
    row->next = look_out(domain);
    row->place = talloc_asprintf(list, "%" PRId64 ".%s", domain->place.key, domain->place.name);
    list->no_memory |= !row->place;
    return !list->no_memory;
}

static void reverse(struct domain_list *list)
{
    for (size_t i = 0; i < list->row_count / 2; i++) {
        struct domain_list_row row = list->rows[i];

        list->rows[i] = list->rows[list->row_count - 1 - i];
        list->rows[list->row_count - 1 - i] = row;
    }
}

/* One row more than a page was asked for. */
static void see_what_is_beyond(struct domain_list *list, size_t limit)
{
    bool more = list->row_count > limit;
    bool came_from = list->request.place.name != NULL && list->row_count > 0;

    if (more)
        list->row_count = limit;
    if (list->request.backwards)
        reverse(list);
    list->later = list->request.backwards ? came_from : more;
    list->earlier = list->request.backwards ? more : came_from;
}

static bool add_count(void *arg, int64_t group, int64_t domains)
{
    (void)group;
    ((struct domain_list *)arg)->total += domains;
    return true;
}

static bool take_tag(void *arg, const char *tag, int64_t domains)
{
    struct domain_list *list = arg;
    struct domain_list_tag *one =
        array_grow(list, &list->tags, &list->tag_count, sizeof(*list->tags));

    list->no_memory |= !one;
    if (one)
        *one = (struct domain_list_tag){own(list, tag), domains};
    return !list->no_memory;
}

/* Where the first page is the last one, its rows are all there are. */
static bool has_all(const struct domain_list *list)
{
    return !list->request.place.name && list->row_count <= list->request.limit;
}

static enum sts_status count(struct store *store, struct domain_list *list)
{
    const struct store_list_filter *filter = &list->request.filter;
    enum sts_status status = STS_OK;

    if (has_all(list))
        list->total = (int64_t)list->row_count;
    else if (list->row_count && list->rows[0].state.total)
        list->total = list->rows[0].state.total;
    else
        status = store_count_list(store, filter, add_count, list);
    return status ? status : store_tags(store, &filter->sight, DOMAIN_LIST_TAGS, take_tag, list);
}

enum sts_status domain_list_read(struct store *store, void *data)
{
    struct domain_list *list = data;
    struct store_list_request request = list->request;
    enum sts_status status;

    request.limit++;
    request.counted = list->counted;
    status = store_list_domains(store, &request, take_row, list);
    if (!status && list->counted)
        status = count(store, list);
    if (status || list->no_memory)
        return status ? status : STS_E_NOMEM;
    see_what_is_beyond(list, list->request.limit);
    return STS_OK;
}
