/* Characters of the texts, compared in their folded form. */

#ifndef JIANBAO_TEXTS_H
#define JIANBAO_TEXTS_H

#include "kernel.h"

#define UNITS 0x10000

static inline uint32_t folded(const Segment *segment, int64_t at) {
    if (segment->units.width == 2)
        return (
            (const uint16_t *)segment->folding.items)[((const uint16_t *)segment->units.items)[at]];
    uint32_t unit = ((const uint32_t *)segment->units.items)[at];
    return unit < segment->folding.count ? ((const uint32_t *)segment->folding.items)[unit] : unit;
}

static inline int is_in_run(const Segment *segment, int64_t at) {
    if (at < 0 || at >= segment->units.count)
        return 0;
    uint64_t unit = item(segment->units, at);
    return unit < (uint64_t)segment->folding.count && segment->in_run[unit];
}

/* An offset as it stands on disk, within the texts. */
static inline int64_t within(const Segment *segment, int64_t at) {
    return at < 0 ? 0 : at > segment->units.count ? segment->units.count : at;
}

/* Whether the pattern stands at an offset, of which its first unit is known to. */
static inline int continues(const Segment *segment, const Pattern *pattern, int64_t at) {
    if (at > segment->units.count - pattern->length)
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

#endif
