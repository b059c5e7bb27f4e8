/* Texts: code points to units, and where a pattern stands. */

#include "texts.h"

#include <stdlib.h>
#include <string.h>

#define ESCAPES 0xD800 /* the unit of the first of the rare characters: `units.py` */
#define AFTER_ESCAPES 0xE000

/* The place of a rare character, or -1. */
static int64_t place_of_rare(const Segment *segment, uint32_t code) {
    int64_t from = 0, to = segment->rare_count;
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (segment->rare[middle] < code)
            from = middle + 1;
        else
            to = middle;
    }
    return from < segment->rare_count && segment->rare[from] == code ? from : -1;
}

int to_units(const Segment *segment, uint32_t *codes, int64_t length) {
    for (int64_t at = 0; at < length; at++) {
        uint32_t code = codes[at];
        if (code == '\n')
            return 0;
        if (segment->units.width != 2 ||
            (code < UNITS && (code < ESCAPES || code >= AFTER_ESCAPES)))
            continue;
        int64_t place = place_of_rare(segment, code);
        if (place < 0)
            return 0;
        codes[at] = (uint32_t)(ESCAPES + place);
    }
    return length > 0;
}

int unfold(Segment *segment) {
    if (segment->units.width != 2 || segment->folding.count < UNITS)
        return 0;
    uint32_t *starts = calloc(UNITS + 2, sizeof *starts);
    uint16_t *units = malloc(UNITS * sizeof *units);
    uint16_t *folding = malloc(UNITS * sizeof *folding);
    if (!starts || !units || !folding) {
        free(starts);
        free(units);
        free(folding);
        return -1;
    }
    /* A map of a file may be another when it is read again. */
    memcpy(folding, segment->folding.items, UNITS * sizeof *folding);
    for (int unit = 0; unit < UNITS; unit++)
        starts[folding[unit] + 2]++;
    for (int unit = 0; unit < UNITS; unit++)
        starts[unit + 2] += starts[unit + 1];
    for (int unit = 0; unit < UNITS; unit++)
        units[starts[folding[unit] + 1]++] = (uint16_t)unit;
    free(folding);
    segment->unfolded_starts = starts;
    segment->unfolded = units;
    return 0;
}

int in_title(const Segment *segment, const Pattern *pattern, int64_t number) {
    int64_t start = within(segment, segment->starts[number]);
    int64_t end = within(segment, segment->bodies[number] - 1);
    for (int64_t at = start; pattern->in_title && at + pattern->length <= end; at++)
        if (folded(segment, at) == pattern->units[0] && continues(segment, pattern, at))
            return end - start == pattern->length ? 2 : 1;
    return 0;
}

int64_t standing_at(const Segment *segment, const Pattern *pattern, int64_t *at, int64_t count) {
    int64_t kept = 0;
    for (int64_t each = 0; each < count; each++)
        if (at[each] >= 0 && at[each] < segment->units.count - pattern->length &&
            folded(segment, at[each]) == pattern->units[0] && continues(segment, pattern, at[each]))
            at[kept++] = at[each];
    return kept;
}
