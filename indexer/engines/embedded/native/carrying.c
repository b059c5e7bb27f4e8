/* Each stored posting is looked at once, in order. Nothing is read or written beyond an array,
   whatever a damaged file says. */

#include "carrying.h"

#include "building.h"

#include <string.h>

/* How much of the stored arrays was used. */
typedef struct {
    int64_t low, high, posting, position, exception;
} Place;

/* The articles that a term lists, to `articles`, which has room for `count`. */
static int read_list(const Stored *stored, Place *place, int has_high, int64_t count,
                     uint32_t *articles) {
    if (count > stored->low_count - place->low ||
        (has_high && count > stored->high_count - place->high))
        return -1;
    const uint16_t *low = stored->low + place->low;
    const uint8_t *high = stored->high + place->high;
    uint32_t lap = 0;
    for (int64_t each = 0; each < count; each++) {
        lap += each && low[each] <= low[each - 1];
        articles[each] = (has_high ? high[each] : lap) << 16 | low[each];
    }
    place->low += count;
    place->high += has_high ? count : 0;
    return 0;
}

static int read_bitmap(const Stored *stored, int64_t row, int64_t count, uint32_t *articles) {
    int64_t found = 0;
    if (row >= stored->bitmap_count)
        return -1;
    const uint8_t *bits = stored->bitmaps + row * stored->bitmap_bytes;
    for (int64_t at = 0; at < stored->bitmap_bytes; at++)
        for (unsigned left = bits[at], bit = 0; left; left >>= 1, bit++)
            if (left & 1) {
                if (found == count)
                    return -1;
                articles[found++] = (uint32_t)(at * 8 + bit);
            }
    return found == count ? 0 : -1;
}

/* How many occurrences a posting has; an exception is told to stay or not. -1 where there is none.
 */
static int64_t total_of(const Stored *stored, Place *place, Kept *kept, uint8_t packed, int stays) {
    if (packed != EXCEPTION)
        return stored->totals[packed];
    if (place->exception >= stored->exceptions)
        return -1;
    kept->exception_stays[place->exception] = (uint8_t)stays;
    if (stays)
        kept->exceptions[kept->exception_count++] = kept->posting_count;
    return stored->exception_totals[place->exception++];
}

/* Copy the positions from `start` on that were passed and not copied yet. */
static void copy_positions(const Stored *stored, const Place *place, Kept *kept, int64_t start) {
    int64_t count = place->position - start;
    memcpy(kept->positions + kept->position_count, stored->positions + start,
           (size_t)count * sizeof *stored->positions);
    kept->position_count += count;
}

/* The postings of a term whose articles were read to where those that stay are written: these are
   no more. Mostly nearly all stay, so that positions are copied in long pieces. */
static int carry_term(const Stored *stored, Place *place, Kept *kept, int64_t count,
                      int has_positions) {
    const uint32_t *articles = kept->articles + kept->posting_count;
    const uint8_t *packed = stored->packed + place->posting;
    int64_t start = place->position, before = -1;
    for (int64_t each = 0; each < count; each++) {
        if (articles[each] >= stored->articles || articles[each] <= before)
            return -1;
        before = articles[each];
        uint32_t number = stored->renumbered[articles[each]];
        int64_t total = total_of(stored, place, kept, packed[each], number != GONE);
        total = has_positions ? total : total < 0 ? -1 : 0;
        if (total < 0 || total > stored->position_count - place->position)
            return -1;
        if (number == GONE) {
            copy_positions(stored, place, kept, start);
            start = place->position + total;
        } else {
            kept->articles[kept->posting_count] = number;
            kept->packed[kept->posting_count++] = packed[each];
        }
        place->position += total;
    }
    copy_positions(stored, place, kept, start);
    place->posting += count;
    return 0;
}

int carry(const Stored *stored, Kept *kept) {
    Place place = {0};
    for (int64_t term = 0; term < stored->terms; term++) {
        int64_t postings = kept->posting_count, positions = kept->position_count;
        int64_t count = stored->counts[term], row = stored->rows[term];
        uint32_t *articles = kept->articles + postings;
        if (count < 0 || count > stored->postings - place.posting)
            return -1;
        if (row < 0 ? read_list(stored, &place, stored->has_high[term], count, articles)
                    : read_bitmap(stored, row, count, articles))
            return -1;
        if (carry_term(stored, &place, kept, count, stored->has_positions[term]))
            return -1;
        kept->articles_of[term] = kept->posting_count - postings;
        kept->occurrences_of[term] = kept->position_count - positions;
    }
    return place.posting == stored->postings && place.position == stored->position_count ? 0 : -1;
}
