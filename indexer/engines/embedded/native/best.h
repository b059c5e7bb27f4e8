/* The best articles that were found so far: a heap with the worst of them on top. */

#ifndef JIANBAO_BEST_H
#define JIANBAO_BEST_H

#include "kernel.h"

static inline int better(Best a, Best b) {
    return a.score > b.score || (a.score == b.score && a.newest < b.newest);
}

static inline void sift_down(Best *heap, int64_t count, int64_t at) {
    for (;;) {
        int64_t worst = at, child = 2 * at + 1;
        if (child < count && better(heap[worst], heap[child]))
            worst = child;
        if (child + 1 < count && better(heap[worst], heap[child + 1]))
            worst = child + 1;
        if (worst == at)
            return;
        Best moved = heap[at];
        heap[at] = heap[worst];
        heap[worst] = moved;
        at = worst;
    }
}

static inline void keep(Found *found, Best each) {
    if (found->best_count == found->best_limit) {
        if (found->best_limit && better(each, found->best[0])) {
            found->best[0] = each;
            sift_down(found->best, found->best_count, 0);
        }
        return;
    }
    int64_t at = found->best_count++;
    found->best[at] = each;
    while (at && better(found->best[(at - 1) / 2], found->best[at])) {
        Best moved = found->best[at];
        found->best[at] = found->best[(at - 1) / 2];
        at = (at - 1) / 2;
        found->best[at] = moved;
    }
}

static inline int passes(const Query *query, int64_t number) {
    for (int each = 0; each < query->condition_count; each++) {
        const Condition *condition = query->conditions + each;
        uint64_t code = item(condition->codes, number);
        if (code >= (uint64_t)condition->names || !condition->wanted[code])
            return 0;
    }
    return 1;
}

static inline void match(const Segment *segment, Found *found, int64_t number, double score) {
    if (found->numbers)
        found->numbers[found->total] = number;
    found->total++;
    if (found->best_count < found->best_limit ||
        (found->best_limit && score >= found->best[0].score))
        keep(found, (Best){score, segment->newest[number], number});
}

static inline int in_order(const void *a, const void *b) {
    return better(*(const Best *)b, *(const Best *)a) - better(*(const Best *)a, *(const Best *)b);
}

#endif
