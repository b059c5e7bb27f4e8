/* Where a text stands in articles that are looked through from end to end. */

#include "beginnings.h"

int64_t scan(const Segment *segment, const Pattern *pattern, const int64_t *numbers,
             int64_t articles, int64_t *found, int64_t room) {
    const uint8_t present = 1;
    int64_t count = 0;
    Beginnings marks;
    mark_beginnings(segment, pattern, 1, &present, &marks);
    for (int64_t each = 0; each < articles; each++) {
        if ((uint64_t)numbers[each] >= (uint64_t)segment->articles)
            return -1;
        int64_t end = within(segment, segment->starts[numbers[each] + 1]);
        int64_t at = within(segment, segment->starts[numbers[each]]);
        while ((at = next_beginning(segment, &marks, at, end)) < end) {
            if (folded(segment, at) == pattern->units[0] && continues(segment, pattern, at)) {
                if (count < room)
                    found[count] = at;
                count++;
            }
            at++;
        }
    }
    return count;
}
