/* Pieces of arrays to where they belong. */

#include "building.h"

#include <string.h>

int scatter(const uint8_t *source, int64_t source_items, int width, uint32_t added,
            const int64_t *lengths, int64_t *targets, int64_t pieces, uint8_t *target,
            int64_t target_items) {
    for (int64_t each = 0; each < pieces; each++) {
        int64_t length = lengths[each], at = targets[each];
        if (length < 0 || length > source_items || at < 0 || at > target_items - length)
            return -1;
        memcpy(target + at * width, source, (size_t)(length * width));
        if (width == 4 && added)
            for (int64_t item = at; item < at + length; item++)
                ((uint32_t *)(void *)target)[item] += added;
        source += length * width;
        source_items -= length;
        targets[each] = at + length;
    }
    return 0;
}
