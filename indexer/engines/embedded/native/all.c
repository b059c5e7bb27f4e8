/* Articles that have all required leaves: those of the rarest, looked up in the others. */

#include "best.h"
#include "cursors.h"
#include "matching.h"
#include "scoring.h"

#include <stdlib.h>
#include <string.h>

/* Bisection costs about as much as passing over so many postings. */
#define SKIPPED 40

/* The posting of an article in the leaf, or NONE. Articles must be asked for in order; `skips` says
   that they are few, so that bisection pays. */
INLINE int64_t look_up(const Segment *segment, Cursor *cursor, int64_t number, int skips) {
    const Leaf *leaf = cursor->leaf;
    if (leaf->bitmap) {
        for (; cursor->word < number / 64; cursor->word++) {
            cursor->at += __builtin_popcountll(cursor->bits);
            cursor->bits = word_of(leaf->bitmap, segment->articles, cursor->word + 1);
        }
        uint64_t bit = UINT64_C(1) << (number % 64);
        int64_t posting = cursor->at + __builtin_popcountll(cursor->bits & (bit - 1));
        return cursor->bits & bit && posting < leaf->count ? posting : NONE;
    }
    int64_t at = cursor->at, end = leaf->count;
    if (leaf->low) {
        int64_t lap = number >> 16, low = number & 0xFFFF;
        end = cursor->ends[lap];
        if (lap && at < cursor->ends[lap - 1])
            at = cursor->ends[lap - 1];
        if (skips)
            at = bisect_low(leaf->low, at, end, low);
        while (at < end && leaf->low[at] < low)
            at++;
        cursor->at = at;
        return at < end && leaf->low[at] == low ? at : NONE;
    }
    if (skips)
        at = bisect_number(leaf->numbers, at, end, number);
    while (at < end && leaf->numbers[at] < number)
        at++;
    cursor->at = at;
    return at < end && leaf->numbers[at] == number ? at : NONE;
}

typedef struct {
    const Query *query;
    const uint64_t *bits; /* articles in all required bitmaps, or NULL */
    int64_t most;
    int64_t count;
    int64_t *numbers;
} Candidates;

INLINE void add_candidate(void *context, Leaf *leaf, int64_t at, int64_t number) {
    (void)leaf, (void)at;
    Candidates *candidates = context;
    if (candidates->count == candidates->most)
        return;
    candidates->numbers[candidates->count] = number;
    if (!candidates->bits || candidates->bits[number / 64] >> (number % 64) & 1)
        candidates->count += passes(candidates->query, number);
}

static void enumerate_bits(const Segment *segment, Candidates *candidates) {
    for (int64_t word = 0; word < (segment->articles + 63) / 64; word++)
        for (uint64_t bits = candidates->bits[word]; bits; bits &= bits - 1) {
            if (candidates->count == candidates->most)
                return;
            int64_t number = 64 * word + __builtin_ctzll(bits);
            candidates->numbers[candidates->count] = number;
            candidates->count += is_article(segment, number) && passes(candidates->query, number);
        }
}

static void keep_having(const Segment *segment, Cursor *cursor, Candidates *candidates) {
    int64_t kept = 0;
    int skips = candidates->count * SKIPPED < cursor->leaf->count;
    for (int64_t at = 0; at < candidates->count; at++) {
        int64_t number = candidates->numbers[at];
        candidates->numbers[kept] = number;
        kept += look_up(segment, cursor, number, skips) != NONE;
    }
    candidates->count = kept;
}

static void add_scores(const Segment *segment, Cursor *cursor, const Candidates *candidates,
                       double *sums) {
    int skips = candidates->count * SKIPPED < cursor->leaf->count;
    rewind_to_start(segment, cursor);
    for (int64_t at = 0; at < candidates->count; at++) {
        int64_t number = candidates->numbers[at];
        int64_t posting = look_up(segment, cursor, number, skips);
        if (posting != NONE)
            sums[at] += earned(segment, cursor->leaf, posting, number);
    }
}

static void all_bits(const Segment *segment, const Query *query, uint64_t *bits) {
    int64_t words = (segment->articles + 63) / 64;
    memset(bits, 0xFF, (size_t)words * sizeof(uint64_t));
    for (int each = 0; each < query->leaf_count; each++) {
        const Leaf *leaf = query->leaves + each;
        if (leaf->required && leaf->bitmap)
            for (int64_t word = 0; word < words; word++)
                bits[word] &= word_of(leaf->bitmap, segment->articles, word);
    }
}

/* The required leaves that are no bitmaps, from the rarest, which is the heaviest; returns how
 * many. */
static int order_lists(const Cursor *cursors, const Query *query, int *order) {
    int count = 0;
    for (int each = 0; each < query->leaf_count; each++)
        if (cursors[each].leaf->required && !cursors[each].leaf->bitmap)
            order[count++] = each;
    return count;
}

static void find_candidates(const Segment *segment, Cursor *cursors, const int *order, int lists,
                            Candidates *candidates) {
    if (!lists) {
        enumerate_bits(segment, candidates);
        return;
    }
    visit_all(segment, cursors + order[0], add_candidate, candidates);
    for (int each = 1; each < lists; each++)
        keep_having(segment, cursors + order[each], candidates);
}

int match_all(const Segment *segment, Cursor *cursors, const Query *query, Found *found) {
    size_t words = (size_t)(segment->articles + 63) / 64, most = words * 64;
    int bitmaps = 0;
    for (int each = 0; each < query->leaf_count; each++) {
        const Leaf *leaf = query->leaves + each;
        bitmaps |= leaf->required && leaf->bitmap;
        if (leaf->required && (size_t)leaf->count < most)
            most = (size_t)leaf->count;
    }
    int *order = malloc((size_t)query->leaf_count * sizeof(int));
    uint64_t *bits = malloc(words * sizeof(uint64_t));
    int64_t *numbers = malloc((most + 1) * sizeof(int64_t));
    double *sums = NULL;
    if (order && bits && numbers) {
        Candidates candidates = {query, bitmaps ? bits : NULL, (int64_t)most, 0, numbers};
        if (bitmaps)
            all_bits(segment, query, bits);
        find_candidates(segment, cursors, order, order_lists(cursors, query, order), &candidates);
        sums = calloc((size_t)candidates.count + 1, sizeof(double));
        for (int each = 0; sums && found->best_limit && each < query->leaf_count; each++)
            add_scores(segment, cursors + each, &candidates, sums);
        for (int64_t at = 0; sums && at < candidates.count; at++)
            match(segment, found, numbers[at], sums[at]);
    }
    int failed = !sums;
    free(order);
    free(bits);
    free(numbers);
    free(sums);
    return failed ? -1 : 0;
}
