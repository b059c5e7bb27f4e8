/* Terms to their places, by a table of their hashes: of half a million sorted terms, bisection
   would fetch some forty places that are far from each other, the table fetches three. */

#include "kernel.h"

#include <stdlib.h>
#include <string.h>

#define EMPTY UINT32_MAX

/* Slots passed over to find an empty one: half of all are empty, and of half a million terms none
   passes over a hundred. */
#define MOST_PASSED 10000

/* FNV-1a: Fowler, Noll and Vo. */
static uint64_t hash(const char *term, int64_t length) {
    uint64_t hashed = UINT64_C(14695981039346656037);
    for (int64_t at = 0; at < length; at++)
        hashed = (hashed ^ (uint8_t)term[at]) * UINT64_C(1099511628211);
    return hashed ^ hashed >> 32;
}

/* Where the term with a number is stored; length -1 where a damaged file says that it lies outside.
 */
static int64_t stored(const Segment *segment, int64_t number, const char **term) {
    int64_t start = number ? segment->term_ends[number - 1] : 0, end = segment->term_ends[number];
    if (start < 0 || end < start || end > segment->terms_length)
        return -1;
    *term = segment->terms + start;
    return end - start;
}

int index_terms(Segment *segment) {
    uint64_t slots = 64;
    while (slots < 2 * (uint64_t)segment->term_count)
        slots *= 2;
    segment->slots = malloc(slots * sizeof *segment->slots);
    if (!segment->slots)
        return -1;
    memset(segment->slots, 0xFF, slots * sizeof *segment->slots);
    segment->slot_mask = slots - 1;
    for (int64_t number = 0; number < segment->term_count; number++) {
        const char *term;
        int64_t length = stored(segment, number, &term);
        if (length < 0)
            continue;
        uint64_t slot = hash(term, length) & segment->slot_mask;
        for (int passed = 0; segment->slots[slot].number != EMPTY; passed++) {
            slot = (slot + 1) & segment->slot_mask;
            if (passed == MOST_PASSED)
                return -1;
        }
        segment->slots[slot] = (Slot){(uint32_t)number, segment->term_places[number]};
    }
    return 0;
}

int64_t place_of(const Segment *segment, const char *term, int64_t length) {
    uint64_t slot = hash(term, length) & segment->slot_mask;
    for (; segment->slots[slot].number != EMPTY; slot = (slot + 1) & segment->slot_mask) {
        const char *other = NULL;
        int64_t number = segment->slots[slot].number;
        if (stored(segment, number, &other) == length && !memcmp(other, term, (size_t)length))
            return segment->slots[slot].place;
    }
    return -1;
}
