/* What writing an index computes for each token and each posting, in C. Plain arrays in, plain
   arrays out: nothing here knows of Python. */

#ifndef JIANBAO_BUILDING_H
#define JIANBAO_BUILDING_H

#include <stddef.h>
#include <stdint.h>

#define EXCEPTION 255

/* Counts from these on have no byte: see `frequencies.py`. */
#define IN_TITLE 4
#define IN_BODY 36
#define CODES (IN_TITLE * IN_TITLE * IN_BODY * IN_BODY)

/* The tokens of a batch. Those of one term are in the order of their positions. */
typedef struct {
    const uint32_t *terms;
    const int64_t *positions; /* offsets in the batch */
    const uint8_t *aligned;
    int64_t count;
    const int64_t *starts; /* of the title and the body of each article, and the end */
    int64_t texts;
    uint32_t word; /* the first term that is a word: aligned is the usual sort of its occurrences */
    const uint8_t *codes; /* the byte of each row of counts */
} Tokens;

/* The postings by term: see `inversion.Run`. Every array has room for all tokens. */
typedef struct {
    uint32_t *terms;
    int64_t *articles_of;
    int64_t *occurrences_of;
    uint32_t *articles;
    uint8_t *packed;
    uint16_t *positions;
    int64_t *exceptions;
    uint32_t *exception_counts; /* four for each */
    int64_t term_count, posting_count, position_count, exception_count;
} Postings;

/* Returns 0, -1 for want of memory, or -2 where a term's positions are not in order or lie outside
   the texts. */
int invert(const Tokens *tokens, Postings *found);

/* Copy pieces that lie in a row, of `lengths` items of `width` bytes, each to where `targets` says;
   these then point behind what was copied. Adds `added` to items of 4 bytes. Returns 0, or -1 where
   a piece has no room. */
int scatter(const uint8_t *source, int64_t source_items, int width, uint32_t added,
            const int64_t *lengths, int64_t *targets, int64_t pieces, uint8_t *target,
            int64_t target_items);

#endif
