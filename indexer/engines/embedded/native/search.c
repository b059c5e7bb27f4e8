/* A query to the articles that match, the best of them kept. */

#include "additions.h"
#include "best.h"
#include "cursors.h"
#include "matching.h"

#include <stdlib.h>

/* By what they tell, in the order of the query where that is equal: sums of the same numbers in the
   same order are equal, whichever way they are passed over. */
static void order_heaviest_first(Cursor *cursors, int count) {
    for (int each = 1; each < count; each++) {
        Cursor moved = cursors[each];
        int at = each;
        for (; at && cursors[at - 1].leaf->idf < moved.leaf->idf; at--)
            cursors[at] = cursors[at - 1];
        cursors[at] = moved;
    }
}

int search(const Segment *segment, const Query *query, Found *found) {
    found->total = found->best_count = found->looked_into = 0;
    if (!query->leaf_count)
        return 0;
    Cursor *cursors = open_cursors(segment, query->leaves, query->leaf_count);
    if (!cursors)
        return -1;
    order_heaviest_first(cursors, query->leaf_count);
    int required = 0, failed = 0;
    for (int each = 0; each < query->leaf_count; each++)
        required |= query->leaves[each].required;
    if (query->leaf_count == 1)
        match_one(segment, cursors, query, found);
    else if (required)
        failed = match_all(segment, cursors, query, found);
    else
        failed = match_any(segment, cursors, query, found);
    qsort(found->best, (size_t)found->best_count, sizeof(Best), in_order);
    failed = failed || add_up(segment, query, cursors, found);
    free(cursors);
    return failed ? -1 : 0;
}

int count_codes(Unsigned codes, const int64_t *numbers, int64_t count, int64_t *totals,
                int64_t names) {
    for (int64_t at = 0; at < count; at++) {
        if ((uint64_t)numbers[at] >= (uint64_t)codes.count)
            return -1;
        uint64_t code = item(codes, numbers[at]);
        if (code < (uint64_t)names)
            totals[code]++;
    }
    return 0;
}
