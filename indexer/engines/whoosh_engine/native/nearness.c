/* How near the words of a query stand to each other in a text. */

#include "texts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FAR INT64_MAX

/* How near two neighbouring patterns come in one text: the second after the first, and before. */
typedef struct {
    int64_t after;
    int64_t before;
} Gap;

static inline int64_t smaller_gap(int64_t known, int64_t start, int64_t before, int length)
{
    int64_t gap = start - before - length;
    gap = gap < 0 ? 0 : gap;
    return gap < known ? gap : known;
}

/* Note that pattern `which` stands at an offset; `last` is where each pattern stood last, or -1.
   Of patterns that start at one offset, the earlier must be noted first. */
static inline void note(const Pattern *patterns, int count, int which, int64_t at, int64_t *last,
                        Gap *gaps)
{
    if (which && last[which - 1] >= 0)
        gaps[which - 1].after = smaller_gap(gaps[which - 1].after, at, last[which - 1],
                                            patterns[which - 1].length);
    if (which + 1 < count && last[which + 1] >= 0)
        gaps[which].before = smaller_gap(gaps[which].before, at, last[which + 1],
                                         patterns[which + 1].length);
    last[which] = at;
}

/* The units, as they stand in a text, that some patterns begin with: a few in lanes that are
   compared at once, more as a bit for each unit. */
#define LANES 8
#define FEW 12
typedef uint16_t Lanes __attribute__((vector_size(2 * LANES)));

typedef struct {
    Lanes few[FEW];
    int few_count; /* -1 where there are more */
    uint8_t bits[UNITS / 8];
} Beginnings;

static void mark_beginnings(const Segment *segment, const Pattern *patterns, int count,
                            const uint8_t *present, Beginnings *marks)
{
    marks->few_count = segment->unfolded ? 0 : -1;
    int found = 0;
    for (int pass = 0; pass < 2 && segment->unfolded; pass++) {
        if (pass && found <= FEW)
            return;
        if (pass) {
            marks->few_count = -1;
            memset(marks->bits, 0, sizeof marks->bits);
        }
        for (int each = 0; each < count; each++) {
            uint32_t unit = patterns[each].units[0];
            if (!present[each] || unit >= UNITS)
                continue;
            for (uint32_t at = segment->unfolded_starts[unit];
                 at < segment->unfolded_starts[unit + 1]; at++) {
                uint16_t beginning = segment->unfolded[at];
                if (pass)
                    marks->bits[beginning >> 3] |= (uint8_t)(1 << (beginning & 7));
                else if (found++ < FEW)
                    marks->few[marks->few_count++] = beginning - (Lanes){0};
            }
        }
    }
    if (!segment->unfolded)
        memset(marks->bits, 0xFF, sizeof marks->bits);
}

/* Which of the units from `at` on one of a few patterns may begin with: a lane of all bits each. */
static inline Lanes beginning_in(const Beginnings *marks, const uint16_t *at)
{
    Lanes units, found = {0};
    memcpy(&units, at, sizeof units);
    for (int each = 0; each < marks->few_count; each++)
        found |= (Lanes)(units == marks->few[each]);
    return found;
}

static inline int has_any(Lanes found)
{
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static inline int may_begin(const Beginnings *marks, uint16_t unit)
{
    if (marks->few_count < 0)
        return marks->bits[unit >> 3] >> (unit & 7) & 1;
    for (int each = 0; each < marks->few_count; each++)
        if (marks->few[each][0] == unit)
            return 1;
    return 0;
}

/* The first offset from `at` to before `end` where a pattern may begin. */
static inline int64_t next_beginning(const Segment *segment, const Beginnings *marks, int64_t at,
                                     int64_t end)
{
    if (!segment->unfolded)
        return at;
    const uint16_t *units = segment->units.items;
    while (marks->few_count >= 0 && at + LANES <= end && !has_any(beginning_in(marks, units + at)))
        at += LANES;
    while (at < end && !may_begin(marks, units[at]))
        at++;
    return at;
}

static double nearness(const Pattern *patterns, int count, double half, const Gap *gaps)
{
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

Looking *open_looking(const Pattern *patterns, int count, double half)
{
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

void close_looking(Looking *looking)
{
    free(looking);
}

/* Neighbouring patterns that are both there, and so may stand next to each other. */
static int pairs_of(const Looking *looking)
{
    int pairs = 0;
    for (int each = 0; each + 1 < looking->count; each++)
        pairs += looking->present[each] && looking->present[each + 1];
    return pairs;
}

static int pairs_joined(const Looking *looking)
{
    int pairs = 0;
    for (int each = 0; each + 1 < looking->count; each++)
        pairs += looking->gaps[each].after == 0;
    return pairs;
}

static double near_in(const Segment *segment, Looking *looking, int64_t start, int64_t end,
                      int in_body, int pairs)
{
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
                    int64_t number, double *bonus)
{
    int changed = memcmp(looking->present, present, (size_t)looking->count) != 0;
    memcpy(looking->present, present, (size_t)looking->count);
    bonus[0] = bonus[1] = 0;
    int pairs = pairs_of(looking);
    if (changed)
        mark_beginnings(segment, looking->patterns, looking->count, present, &looking->marks);
    if (!pairs)
        return 0;
    int64_t start = within(segment, segment->starts[number]);
    int64_t body = within(segment, segment->bodies[number]);
    int64_t end = within(segment, segment->starts[number + 1]);
    bonus[0] = near_in(segment, looking, start, body, 0, pairs);
    bonus[1] = near_in(segment, looking, body, end, 1, pairs);
    return 1;
}
