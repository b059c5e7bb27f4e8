/* Where in a text a pattern may begin. */

#ifndef JIANBAO_BEGINNINGS_H
#define JIANBAO_BEGINNINGS_H

#include "texts.h"

#include <string.h>

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

static inline void mark_beginnings(const Segment *segment, const Pattern *patterns, int count,
                                   const uint8_t *present, Beginnings *marks) {
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
static inline Lanes beginning_in(const Beginnings *marks, const uint16_t *at) {
    Lanes units, found = {0};
    memcpy(&units, at, sizeof units);
    for (int each = 0; each < marks->few_count; each++)
        found |= (Lanes)(units == marks->few[each]);
    return found;
}

static inline int has_any(Lanes found) {
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static inline int may_begin(const Beginnings *marks, uint16_t unit) {
    if (marks->few_count < 0)
        return marks->bits[unit >> 3] >> (unit & 7) & 1;
    for (int each = 0; each < marks->few_count; each++)
        if (marks->few[each][0] == unit)
            return 1;
    return 0;
}

/* The first offset from `at` to before `end` where a pattern may begin. */
static inline int64_t next_beginning(const Segment *segment, const Beginnings *marks, int64_t at,
                                     int64_t end) {
    if (!segment->unfolded)
        return at;
    const uint16_t *units = segment->units.items;
    while (marks->few_count >= 0 && at + LANES <= end && !has_any(beginning_in(marks, units + at)))
        at += LANES;
    while (at < end && !may_begin(marks, units[at]))
        at++;
    return at;
}

#endif
