/* Many texts looked for in one pass over all articles. */

#include "texts.h"
#include "together.h"

#include <stdlib.h>
#include <string.h>

/* Two units that begin patterns, and the first of these; the others are linked. */
typedef struct {
    uint64_t pair;
    int first; /* NONE for a free slot */
} PairSlot;

#define NONE (-1)

typedef struct {
    PairSlot *slots;
    uint64_t mask;
    int *next;
    uint8_t
        begins[UNITS]; /* by the lowest 16 bits of a unit: whether a pattern may begin with it */
} Pairs;

static inline uint64_t pair_of(uint32_t first, uint32_t second) {
    return (uint64_t)first << 32 | second;
}

static inline PairSlot *slot_of(const Pairs *pairs, uint64_t pair) {
    uint64_t at = (pair * UINT64_C(0x9E3779B97F4A7C15)) >> 40 & pairs->mask;
    while (pairs->slots[at].first != NONE && pairs->slots[at].pair != pair)
        at = (at + 1) & pairs->mask;
    return pairs->slots + at;
}

static void close_pairs(Pairs *pairs) {
    if (pairs) {
        free(pairs->slots);
        free(pairs->next);
        free(pairs);
    }
}

static Pairs *open_pairs(const Pattern *patterns, int count) {
    Pairs *pairs = calloc(1, sizeof *pairs);
    if (!pairs)
        return NULL;
    pairs->mask = 7;
    while (pairs->mask < 2 * (uint64_t)count)
        pairs->mask = 2 * pairs->mask + 1;
    pairs->slots = malloc((pairs->mask + 1) * sizeof *pairs->slots);
    pairs->next = malloc(((size_t)count + 1) * sizeof *pairs->next);
    if (!pairs->slots || !pairs->next) {
        close_pairs(pairs);
        return NULL;
    }
    for (uint64_t at = 0; at <= pairs->mask; at++)
        pairs->slots[at].first = NONE;
    for (int each = 0; each < count; each++) {
        const Pattern *pattern = patterns + each;
        if (!pattern->in_body || pattern->length < 2)
            continue; /* no text can spell it, or it is no pair */
        uint64_t pair = pair_of(pattern->units[0], pattern->units[1]);
        PairSlot *slot = slot_of(pairs, pair);
        pairs->next[each] = slot->first;
        *slot = (PairSlot){pair, each};
        pairs->begins[pattern->units[0] & (UNITS - 1)] = 1;
    }
    return pairs;
}

/* One more occurrence; returns -1 for want of memory. */
static int add(Counted *counted, int64_t number, int in_body) {
    if (!counted->count || counted->rows[counted->count - 1].number != number) {
        if (counted->count == counted->room) {
            int64_t room = 2 * counted->room + 16;
            CountedRow *rows = realloc(counted->rows, (size_t)room * sizeof *rows);
            if (!rows)
                return -1;
            counted->rows = rows;
            counted->room = room;
        }
        counted->rows[counted->count++] = (CountedRow){.number = number};
    }
    CountedRow *row = counted->rows + counted->count - 1;
    row->title += !in_body;
    row->body += in_body;
    return 0;
}

static int scan_article(const Segment *segment, const Pairs *pairs, const Pattern *patterns,
                        int64_t number, Counted *counted) {
    int64_t at = within(segment, segment->starts[number]);
    int64_t end = within(segment, segment->starts[number + 1]);
    if (at >= end)
        return 0;
    uint32_t second = folded(segment, at);
    for (; at + 1 < end; at++) {
        uint32_t first = second;
        second = folded(segment, at + 1);
        if (!pairs->begins[first & (UNITS - 1)])
            continue;
        int each = slot_of(pairs, pair_of(first, second))->first;
        for (; each != NONE; each = pairs->next[each])
            if (continues(segment, patterns + each, at) &&
                add(counted + each, number, at >= segment->bodies[number]))
                return -1;
    }
    return 0;
}

int scan_together(const Segment *segment, const Pattern *patterns, int count, Counted *counted) {
    Pairs *pairs = open_pairs(patterns, count);
    int failed = !pairs;
    for (int64_t number = 0; !failed && number < segment->articles; number++)
        failed = scan_article(segment, pairs, patterns, number, counted);
    close_pairs(pairs);
    return failed ? -1 : 0;
}
