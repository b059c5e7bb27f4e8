/* Texts to where a query's words stand in them, and what they earn for standing near each other. */

#include "kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FAR INT64_MAX

static inline uint32_t folded(const Segment *segment, int64_t at)
{
    if (segment->units.width == 2)
        return ((const uint16_t *)segment->folding.items)[
            ((const uint16_t *)segment->units.items)[at]];
    uint32_t unit = ((const uint32_t *)segment->units.items)[at];
    return unit < segment->folding.count ? ((const uint32_t *)segment->folding.items)[unit] : unit;
}

static inline int is_in_run(const Segment *segment, int64_t at)
{
    return at >= 0 && at < segment->units.count && segment->in_run[item(segment->units, at)];
}

/* An offset as it stands on disk, within the texts. */
static inline int64_t within(const Segment *segment, int64_t at)
{
    return at < 0 ? 0 : at > segment->units.count ? segment->units.count : at;
}

/* Whether the pattern stands at an offset, of which its first unit is known to. */
static inline int continues(const Segment *segment, const Pattern *pattern, int64_t at)
{
    if (at + pattern->length > segment->units.count)
        return 0;
    for (int place = 1; place < pattern->length; place++)
        if (folded(segment, at + place) != pattern->units[place])
            return 0;
    for (int edge = 0; edge < pattern->edge_count; edge++) {
        int32_t start = pattern->edges[2 * edge], end = pattern->edges[2 * edge + 1];
        if (start >= 0 && is_in_run(segment, at + start - 1))
            return 0;
        if (end >= 0 && is_in_run(segment, at + end))
            return 0;
    }
    return 1;
}

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

#define UNITS 0x10000

int unfold(Segment *segment)
{
    const uint16_t *folding = segment->folding.items;
    if (segment->units.width != 2 || segment->folding.count < UNITS)
        return 0;
    uint32_t *starts = calloc(UNITS + 2, sizeof *starts);
    uint16_t *units = malloc(UNITS * sizeof *units);
    if (!starts || !units) {
        free(starts);
        free(units);
        return -1;
    }
    for (int unit = 0; unit < UNITS; unit++)
        starts[folding[unit] + 2]++;
    for (int unit = 0; unit < UNITS; unit++)
        starts[unit + 2] += starts[unit + 1];
    for (int unit = 0; unit < UNITS; unit++)
        units[starts[folding[unit] + 1]++] = (uint16_t)unit;
    segment->unfolded_starts = starts;
    segment->unfolded = units;
    return 0;
}

/* A bit for each unit, as it stands in a text, that a pattern may begin with. */
typedef struct {
    uint8_t bits[UNITS / 8];
} Beginnings;

static void mark_beginnings(const Segment *segment, const Pattern *patterns, int count,
                            Beginnings *marks)
{
    memset(marks, segment->unfolded ? 0 : 0xFF, sizeof *marks);
    for (int each = 0; segment->unfolded && each < count; each++) {
        uint32_t unit = patterns[each].units[0];
        for (uint32_t at = segment->unfolded_starts[unit & 0xFFFF];
             unit < UNITS && at < segment->unfolded_starts[unit + 1]; at++)
            marks->bits[segment->unfolded[at] >> 3] |= (uint8_t)(1 << (segment->unfolded[at] & 7));
    }
}

/* The first offset from `at` to before `end` where a pattern may begin. */
static inline int64_t next_beginning(const Segment *segment, const Beginnings *marks, int64_t at,
                                     int64_t end)
{
    if (segment->unfolded) {
        const uint16_t *units = segment->units.items;
        while (at < end && !(marks->bits[units[at] >> 3] >> (units[at] & 7) & 1))
            at++;
    }
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

static double near_in(const Segment *segment, const Pattern *patterns, int count, double half,
                      int64_t start, int64_t end, int in_body, const Beginnings *marks,
                      int64_t *last, Gap *gaps)
{
    for (int each = 0; each < count; each++) {
        last[each] = -1;
        gaps[each] = (Gap){FAR, FAR};
    }
    for (int64_t at = next_beginning(segment, marks, start, end); at < end;
         at = next_beginning(segment, marks, at + 1, end)) {
        uint32_t unit = folded(segment, at);
        for (int each = 0; each < count; each++) {
            const Pattern *pattern = patterns + each;
            if (unit == pattern->units[0] && (in_body ? pattern->in_body : pattern->in_title) &&
                continues(segment, pattern, at))
                note(patterns, count, each, at, last, gaps);
        }
    }
    return nearness(patterns, count, half, gaps);
}

int near_each_other(const Segment *segment, const Pattern *patterns, int count, double half,
                    const int64_t *numbers, int64_t articles, double *bonus)
{
    Beginnings marks;
    mark_beginnings(segment, patterns, count, &marks);
    int64_t *last = malloc((size_t)count * sizeof *last);
    Gap *gaps = malloc((size_t)count * sizeof *gaps);
    for (int64_t each = 0; last && gaps && each < articles; each++) {
        int64_t start = within(segment, segment->starts[numbers[each]]);
        int64_t body = within(segment, segment->bodies[numbers[each]]);
        int64_t end = within(segment, segment->starts[numbers[each] + 1]);
        bonus[2 * each] =
            near_in(segment, patterns, count, half, start, body, 0, &marks, last, gaps);
        bonus[2 * each + 1] =
            near_in(segment, patterns, count, half, body, end, 1, &marks, last, gaps);
    }
    int failed = !last || !gaps;
    free(last);
    free(gaps);
    return failed ? -1 : 0;
}

void in_titles(const Segment *segment, const Pattern *pattern, const int64_t *numbers,
               int64_t articles, uint8_t *found)
{
    for (int64_t each = 0; each < articles; each++) {
        int64_t start = within(segment, segment->starts[numbers[each]]);
        int64_t end = within(segment, segment->bodies[numbers[each]] - 1);
        found[each] = 0;
        if (!pattern->in_title)
            continue;
        for (int64_t at = start; at + pattern->length <= end && !found[each]; at++)
            if (folded(segment, at) == pattern->units[0] && continues(segment, pattern, at))
                found[each] = end - start == pattern->length ? 2 : 1;
    }
}

int64_t standing_at(const Segment *segment, const Pattern *pattern, int64_t *at, int64_t count)
{
    int64_t kept = 0;
    for (int64_t each = 0; each < count; each++)
        if (at[each] >= 0 && at[each] + pattern->length < segment->units.count &&
            folded(segment, at[each]) == pattern->units[0] &&
            continues(segment, pattern, at[each]))
            at[kept++] = at[each];
    return kept;
}
