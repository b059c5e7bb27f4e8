/* Passing over the postings of leaves. */

#ifndef JIANBAO_CURSORS_H
#define JIANBAO_CURSORS_H

#include "kernel.h"

#include <stdlib.h>
#include <string.h>

#define NONE (-1)

/* Postings of a list before one is met, its article's length is fetched: they are far apart. */
#define AHEAD 16

INLINE uint64_t word_of(const uint8_t *bitmap, int64_t articles, int64_t word) {
    uint64_t bits = 0;
    int64_t bytes = (articles + 7) / 8 - 8 * word;
    if (bytes >= 8)
        memcpy(&bits, bitmap + 8 * word, 8);
    else
        memcpy(&bits, bitmap + 8 * word, (size_t)bytes);
    return bits;
}

/* Whether a number on disk can be one: in a damaged file it need not be. */
INLINE int is_article(const Segment *segment, int64_t number) {
    return (uint64_t)number < (uint64_t)segment->articles;
}

/* Where a search is in a leaf. `ends` has where each range of 65,536 articles ends in a list. */
typedef struct {
    Leaf *leaf;
    int64_t *ends;
    int64_t at;     /* the next posting */
    int64_t word;   /* the word of a bitmap, or the range of a list, that it is in */
    uint64_t bits;  /* what is left of that word */
    int64_t number; /* the article of the next posting, where that is kept */
} Cursor;

static inline int64_t laps_of(const Segment *segment) {
    return (segment->articles >> 16) + 1;
}

static inline void find_ends(Cursor *cursor, int64_t laps) {
    const Leaf *leaf = cursor->leaf;
    int64_t lap = 0;
    for (int64_t at = 1; laps > 1 && at <= leaf->count && at - 1 < leaf->count; at++) {
        int64_t before = at - 1;
        if (leaf->high) {
            while (lap < leaf->high[before] && lap < laps)
                cursor->ends[lap++] = before;
        } else if (at < leaf->count && leaf->low[at] <= leaf->low[before] && lap < laps) {
            cursor->ends[lap++] = at;
        }
    }
    while (lap < laps)
        cursor->ends[lap++] = leaf->count;
}

/* Cursors at the start of each leaf, with one block of memory behind them; NULL without memory. */
static inline Cursor *open_cursors(const Segment *segment, Leaf *leaves, int count) {
    int64_t laps = laps_of(segment);
    size_t heads = (size_t)count * sizeof(Cursor);
    Cursor *cursors = malloc(heads + (size_t)count * (size_t)laps * sizeof(int64_t));
    if (!cursors)
        return NULL;
    int64_t *ends = (int64_t *)((char *)cursors + heads);
    for (int each = 0; each < count; each++) {
        cursors[each] = (Cursor){.leaf = leaves + each, .ends = ends + each * laps};
        if (leaves[each].low)
            find_ends(cursors + each, laps);
    }
    return cursors;
}

static inline void rewind_to_start(const Segment *segment, Cursor *cursor) {
    cursor->at = cursor->word = 0;
    cursor->number = NONE;
    cursor->bits = cursor->leaf->bitmap ? word_of(cursor->leaf->bitmap, segment->articles, 0) : 0;
}

typedef void Visit(void *context, Leaf *leaf, int64_t at, int64_t number);

/* Visit the postings of the articles from `base` to before `limit`; both begin a word, and `limit`
   is no further than the next range of 65,536. */
INLINE void visit_between(const Segment *segment, Cursor *cursor, int64_t base, int64_t limit,
                          Visit *visit, void *context) {
    Leaf *leaf = cursor->leaf;
    int64_t at = cursor->at;
    if (leaf->bitmap) {
        for (int64_t word = base / 64; 64 * word < limit; word++) {
            uint64_t bits = word_of(leaf->bitmap, segment->articles, word);
            for (; bits && at < leaf->count; bits &= bits - 1) {
                int64_t number = 64 * word + __builtin_ctzll(bits);
                if (is_article(segment, number))
                    visit(context, leaf, at++, number);
            }
        }
    } else if (leaf->low) {
        int64_t end = cursor->ends[base >> 16], above = base & ~(int64_t)0xFFFF;
        for (; at < end && (above | leaf->low[at]) < limit; at++) {
            if (at + AHEAD < end)
                __builtin_prefetch(segment->shares + (above | leaf->low[at + AHEAD]));
            if ((above | leaf->low[at]) >= base)
                visit(context, leaf, at, above | leaf->low[at]);
        }
    } else {
        for (; at < leaf->count && leaf->numbers[at] < limit; at++)
            visit(context, leaf, at, leaf->numbers[at]);
    }
    cursor->at = at;
}

static inline int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

INLINE void visit_all(const Segment *segment, Cursor *cursor, Visit *visit, void *context) {
    for (int64_t base = 0; base < segment->articles; base += 1 << 16)
        visit_between(segment, cursor, base, smaller(base + (1 << 16), segment->articles), visit,
                      context);
}

/* The first place from `from` to before `to` that is not below the wanted one. */
static inline int64_t bisect_low(const uint16_t *items, int64_t from, int64_t to, int64_t wanted) {
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (items[middle] < wanted)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static inline int64_t bisect_number(const int64_t *items, int64_t from, int64_t to,
                                    int64_t wanted) {
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (items[middle] < wanted)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

#endif
