/* How near the words of a query stand to each other in a text. */

#include "beginnings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FAR INT64_MAX

/* How near two neighbouring patterns come in one text: the second after the first, and before. */
typedef struct {
    int64_t after;
    int64_t before;
} Gap;

static inline int64_t smaller_gap(int64_t known, int64_t start, int64_t before, int length) {
    int64_t gap = start - before - length;
    gap = gap < 0 ? 0 : gap;
    return gap < known ? gap : known;
}

/* Note that pattern `which` stands at an offset; `last` is where each pattern stood last, or -1.
   Of patterns that start at one offset, the earlier must be noted first. */
static inline void note(const Pattern *patterns, int count, int which, int64_t at, int64_t *last,
                        Gap *gaps) {
    if (which && last[which - 1] >= 0)
        gaps[which - 1].after =
            smaller_gap(gaps[which - 1].after, at, last[which - 1], patterns[which - 1].length);
    if (which + 1 < count && last[which + 1] >= 0)
        gaps[which].before =
            smaller_gap(gaps[which].before, at, last[which + 1], patterns[which + 1].length);
    last[which] = at;
}

static double nearness(const Pattern *patterns, int count, double half, const Gap *gaps) {
    double bonus = 0;
    for (int pair = 0; pair + 1 < count; pair++) {
        double after = gaps[pair].after == FAR ? 0 : pow(0.5, (double)gaps[pair].after / half);
        double before = gaps[pair].before == FAR ? 0 : pow(0.5, (double)gaps[pair].before / half);
        double first = patterns[pair].idf, second = patterns[pair + 1].idf;
        double closest = after > 0.5 * before ? after : 0.5 * before;
        bonus += (first < second ? first : second) * closest;
    }
    return bonus;
}

/* Room for looking into one text after the other. */
struct Looking {
    const Pattern *patterns;
    int count;
    double half;
    int64_t *last;
    Gap *gaps;
    uint8_t *present;
    Beginnings marks;
};

Looking *open_looking(const Pattern *patterns, int count, double half) {
    size_t lasts = (size_t)count * sizeof(int64_t), gaps = (size_t)count * sizeof(Gap);
    Looking *looking = malloc(sizeof *looking + lasts + gaps + (size_t)count);
    if (!looking)
        return NULL;
    looking->patterns = patterns;
    looking->count = count;
    looking->half = half;
    looking->last = (int64_t *)(looking + 1);
    looking->gaps = (Gap *)(looking->last + count);
    looking->present = (uint8_t *)(looking->gaps + count);
    memset(looking->present, 0, (size_t)count);
    return looking;
}

void close_looking(Looking *looking) {
    free(looking);
}

/* Neighbouring patterns that are both there, and so may stand next to each other. */
static int pairs_of(const Looking *looking) {
    int pairs = 0;
    for (int each = 0; each + 1 < looking->count; each++)
        pairs += looking->present[each] && looking->present[each + 1];
    return pairs;
}

/* What they earn in a text where they all stand next to each other. */
static double most_near(const Looking *looking) {
    double most = 0;
    for (int each = 0; each + 1 < looking->count; each++) {
        double first = looking->patterns[each].idf, second = looking->patterns[each + 1].idf;
        if (looking->present[each] && looking->present[each + 1])
            most += first < second ? first : second;
    }
    return most;
}

static int pairs_joined(const Looking *looking) {
    int pairs = 0;
    for (int each = 0; each + 1 < looking->count; each++)
        pairs += looking->gaps[each].after == 0;
    return pairs;
}

static double near_in(const Segment *segment, Looking *looking, int64_t start, int64_t end,
                      int in_body, int pairs) {
    for (int each = 0; each < looking->count; each++) {
        looking->last[each] = -1;
        looking->gaps[each] = (Gap){FAR, FAR};
    }
    for (int64_t at = next_beginning(segment, &looking->marks, start, end); at < end;
         at = next_beginning(segment, &looking->marks, at + 1, end)) {
        uint32_t unit = folded(segment, at);
        int noted = 0;
        for (int each = 0; each < looking->count; each++) {
            const Pattern *pattern = looking->patterns + each;
            if (unit == pattern->units[0] && looking->present[each] &&
                (in_body ? pattern->in_body : pattern->in_title) &&
                continues(segment, pattern, at)) {
                note(looking->patterns, looking->count, each, at, looking->last, looking->gaps);
                noted = 1;
            }
        }
        if (noted && pairs_joined(looking) == pairs)
            break; /* nothing stands nearer than that */
    }
    return nearness(looking->patterns, looking->count, looking->half, looking->gaps);
}

int near_each_other(const Segment *segment, Looking *looking, const uint8_t *present,
                    int64_t number, double needed, double *bonus) {
    int changed = memcmp(looking->present, present, (size_t)looking->count) != 0;
    memcpy(looking->present, present, (size_t)looking->count);
    bonus[0] = bonus[1] = 0;
    int pairs = pairs_of(looking);
    if (changed)
        mark_beginnings(segment, looking->patterns, looking->count, present, &looking->marks);
    double most = most_near(looking);
    if (!pairs || 2 * most < needed)
        return 0;
    int64_t start = within(segment, segment->starts[number]);
    int64_t body = within(segment, segment->bodies[number]);
    int64_t end = within(segment, segment->starts[number + 1]);
    bonus[0] = near_in(segment, looking, start, body, 0, pairs);
    if (bonus[0] + most >= needed)
        bonus[1] = near_in(segment, looking, body, end, 1, pairs);
    return 1;
}
