/* Articles that have any of the leaves: article by article, where postings are few. */

#include "best.h"
#include "matching.h"
#include "scoring.h"

/* A window costs as much as merging so many postings article by article. */
#define MERGED 100

#define NO_MORE INT64_MAX

/* Note the article of the next posting; none that comes before the last one, as a damaged list may
   have it: what is passed over once is no more than there are articles. */
static void note_next(const Segment *segment, Cursor *cursor) {
    const Leaf *leaf = cursor->leaf;
    int64_t words = (segment->articles + 63) / 64, laps = laps_of(segment), number;
    int64_t before = cursor->number;
    cursor->number = NO_MORE;
    if (cursor->at >= leaf->count)
        return;
    if (leaf->numbers) {
        number = leaf->numbers[cursor->at];
    } else if (leaf->low) {
        while (cursor->word < laps && cursor->at >= cursor->ends[cursor->word])
            cursor->word++;
        number = cursor->word << 16 | leaf->low[cursor->at];
        if (cursor->at + AHEAD < leaf->count)
            __builtin_prefetch(segment->shares +
                               (cursor->word << 16 | leaf->low[cursor->at + AHEAD]));
    } else {
        while (!cursor->bits && cursor->word + 1 < words)
            cursor->bits = word_of(leaf->bitmap, segment->articles, ++cursor->word);
        number = cursor->bits ? 64 * cursor->word + __builtin_ctzll(cursor->bits) : -1;
    }
    if (is_article(segment, number) && number > before)
        cursor->number = number;
}

static void by_article(const Segment *segment, Cursor *cursors, const Query *query, Found *found) {
    int64_t next = NO_MORE;
    int count = query->leaf_count;
    for (int each = 0; each < count; each++) {
        rewind_to_start(segment, cursors + each);
        note_next(segment, cursors + each);
        next = smaller(next, cursors[each].number);
    }
    while (next != NO_MORE) {
        int64_t number = next;
        double sum = 0;
        next = NO_MORE;
        for (int each = 0; each < count; each++) {
            Cursor *cursor = cursors + each;
            if (cursor->number <= number) {
                sum += earned(segment, cursor->leaf, cursor->at, number);
                cursor->at++;
                cursor->bits &= cursor->bits - 1;
                note_next(segment, cursor);
            }
            next = smaller(next, cursor->number);
        }
        if (passes(query, number))
            match(segment, found, number, sum);
    }
}

int match_any(const Segment *segment, Cursor *cursors, const Query *query, Found *found) {
    int64_t postings = 0;
    for (int each = 0; each < query->leaf_count; each++)
        postings += query->leaves[each].count;
    if (postings * query->leaf_count >= segment->articles / WINDOW * MERGED)
        return match_by_window(segment, cursors, query, found);
    by_article(segment, cursors, query, found);
    return 0;
}
