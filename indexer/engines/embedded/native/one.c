/* Articles that have the only leaf. */

#include "best.h"
#include "cursors.h"
#include "matching.h"
#include "scoring.h"

#include <math.h>

typedef struct {
    const Segment *segment;
    const Query *query;
    Found *found;
    double floor; /* a frequency below earns less than the worst that is kept */
} Matching;

static double floor_of(const Segment *segment, const Leaf *leaf, const Found *found) {
    if (!found->best_limit)
        return INFINITY;
    if (leaf->scores || found->best_count < found->best_limit)
        return 0;
    double share = found->best[0].score / leaf->idf;
    return share * segment->saturation / (segment->saturation + 1 - share) * (1 - ROUNDING);
}

INLINE void match_posting(void *context, Leaf *leaf, int64_t at, int64_t number) {
    Matching *matching = context;
    const Segment *segment = matching->segment;
    Found *found = matching->found;
    if (!passes(matching->query, number))
        return;
    if (found->numbers)
        found->numbers[found->total] = number;
    found->total++;
    leaf->scored++;
    double frequency = leaf->scores ? 1 : frequency_of(segment, leaf, at, number);
    if (frequency < matching->floor)
        return;
    double score = leaf->scores ? leaf->scores[at] : score_of(segment, leaf, frequency);
    keep(found, (Best){score, segment->newest[number], number});
    matching->floor = floor_of(segment, leaf, found);
}

void match_one(const Segment *segment, Cursor *cursor, const Query *query, Found *found) {
    Matching matching = {segment, query, found, floor_of(segment, cursor->leaf, found)};
    visit_all(segment, cursor, match_posting, &matching);
}
