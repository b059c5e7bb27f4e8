/* Terms to their places. */

#include "kernel.h"

#include <string.h>

/* Below, at or above 0 as the term with a number is below, at or above the wanted one. */
static int compared(const Segment *segment, int64_t number, const char *wanted, int64_t length)
{
    int64_t start = number ? segment->term_ends[number - 1] : 0, end = segment->term_ends[number];
    if (start < 0 || end < start || end > segment->terms_length)
        return -1;
    int64_t own = end - start, shorter = own < length ? own : length;
    int difference = memcmp(segment->terms + start, wanted, (size_t)shorter);
    return difference ? difference : (own > length) - (own < length);
}

int64_t place_of(const Segment *segment, const char *term, int64_t length)
{
    int64_t from = 0, to = segment->term_count;
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        int difference = compared(segment, middle, term, length);
        if (!difference)
            return segment->term_places[middle];
        if (difference < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return -1;
}
