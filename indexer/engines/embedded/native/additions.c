/* What the best articles earn beside BM25F: for neighbouring words near each other, and for titles
   that contain the whole query. */

#include "additions.h"
#include "best.h"
#include "scoring.h"

#include <math.h>
#include <stdlib.h>

static int has(const Cursor *cursor, int64_t number) {
    const Leaf *leaf = cursor->leaf;
    if (leaf->bitmap)
        return leaf->bitmap[number >> 3] >> (number & 7) & 1;
    if (leaf->low) {
        int64_t lap = number >> 16, end = cursor->ends[lap];
        int64_t at = bisect_low(leaf->low, lap ? cursor->ends[lap - 1] : 0, end, number & 0xFFFF);
        return at < end && leaf->low[at] == (number & 0xFFFF);
    }
    int64_t at = bisect_number(leaf->numbers, 0, leaf->count, number);
    return at < leaf->count && leaf->numbers[at] == number;
}

/* Which of the patterns an article has; the leaves of a query have theirs in the same order. */
static void mark_present(const Query *query, const Cursor *cursors, int64_t number,
                         uint8_t *present) {
    for (int each = 0; each < query->leaf_count; each++) {
        int64_t place = cursors[each].leaf - query->leaves;
        if (place < query->pattern_count)
            present[place] = (uint8_t)(cursors[each].leaf->required || has(cursors + each, number));
    }
}

static double in_title_bonus(const Segment *segment, const Query *query, double idfs,
                             int64_t number) {
    int state = query->phrase ? in_title(segment, query->phrase, number) : 0;
    return !state ? 0 : (state > 1 ? segment->title_equals : segment->title_contains) * idfs;
}

/* The highest scores so far, as many as are wanted, from the highest. */
typedef struct {
    int64_t wanted;
    int64_t count;
    double *scores;
} Highest;

/* What a score must be to be wanted. */
static double least_wanted(const Highest *highest) {
    int full = highest->count == highest->wanted;
    return full ? highest->scores[highest->wanted - 1] * (1 - ROUNDING) : -INFINITY;
}

static void note_score(Highest *highest, double score) {
    int64_t at = highest->count;
    if (at == highest->wanted && score <= highest->scores[--at])
        return;
    highest->count = at + 1;
    for (; at && highest->scores[at - 1] < score; at--)
        highest->scores[at] = highest->scores[at - 1];
    highest->scores[at] = score;
}

/* What neighbouring patterns earn; left off, and too low, once that cannot be as much as needed. */
static double near_bonus(const Segment *segment, Looking *looking, const uint8_t *present,
                         int64_t number, double needed, Found *found) {
    double near[2] = {0, 0};
    found->looked_into +=
        near_each_other(segment, looking, present, number, needed / segment->near, near);
    return segment->near * near[0] + segment->near * near[1];
}

int add_up(const Segment *segment, const Query *query, const Cursor *cursors, Found *found) {
    int64_t count = smaller(found->best_count, segment->depth);
    if (!count || (query->pattern_count < 2 && !query->phrase))
        return 0;
    double idfs = 0;
    for (int each = 0; each < query->pattern_count; each++)
        idfs += query->patterns[each].idf;
    Looking *looking = open_looking(query->patterns, query->pattern_count, segment->near_half);
    uint8_t *present = malloc((size_t)query->pattern_count + 1);
    Highest highest = {smaller(found->wanted, count), 0, malloc((size_t)count * sizeof(double))};
    int failed = !looking || !present || !highest.scores;
    for (int64_t each = 0; each < count; each++)
        fetch_place(segment, found->best[each].number);
    for (int64_t each = 0; each < count; each++)
        fetch_text(segment, found->best[each].number);
    for (int64_t each = 0; !failed && each < count; each++) {
        Best *best = found->best + each;
        double bonus = 0, title = in_title_bonus(segment, query, idfs, best->number);
        if (query->pattern_count > 1) {
            double needed = least_wanted(&highest) - best->score - title;
            mark_present(query, cursors, best->number, present);
            bonus = near_bonus(segment, looking, present, best->number, needed, found);
        }
        best->score += bonus + title;
        note_score(&highest, best->score);
    }
    close_looking(looking);
    free(present);
    free(highest.scores);
    if (!failed)
        qsort(found->best, (size_t)count, sizeof(Best), in_order);
    return failed ? -1 : 0;
}
