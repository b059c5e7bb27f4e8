/* The postings of articles that stay, from one index to the next. Plain arrays in, plain arrays
   out: nothing here knows of Python. */

#ifndef JIANBAO_CARRYING_H
#define JIANBAO_CARRYING_H

#include <stdint.h>

#define GONE UINT32_MAX

/* The postings of terms next to each other as they are stored: see `postings.Stored`. */
typedef struct {
    const int64_t *counts; /* postings of each term */
    const int64_t *rows;   /* the number of its bitmap, -1 where its articles are listed */
    const uint8_t *has_high;
    const uint8_t *has_positions;
    int64_t terms;
    const uint16_t *low;
    int64_t low_count;
    const uint8_t *high;
    int64_t high_count;
    const uint8_t *bitmaps;
    int64_t bitmap_count, bitmap_bytes; /* how many there are, and how long each is */
    const uint8_t *packed;
    int64_t postings;
    const uint16_t *positions;
    int64_t position_count;
    const int64_t *totals;           /* occurrences that each packed byte stands for */
    const int64_t *exception_totals; /* of the postings that are exceptions */
    int64_t exceptions;
    const uint32_t *renumbered; /* the new number of each article, `GONE` where it does not stay */
    int64_t articles;
} Stored;

/* What stays of them. The arrays by posting, by position and by exception have as much room as
   there is stored. */
typedef struct {
    uint32_t *articles;
    uint8_t *packed;
    uint16_t *positions;
    int64_t *articles_of;
    int64_t *occurrences_of;
    int64_t *exceptions;      /* which of the postings that stay */
    uint8_t *exception_stays; /* for each that is stored */
    int64_t posting_count, position_count, exception_count;
} Kept;

/* Returns 0, or -1 where the arrays contradict each other: an index that is damaged. */
int carry(const Stored *stored, Kept *kept);

#endif
