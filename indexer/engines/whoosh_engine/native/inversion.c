/* Tokens to postings: a counting sort by term, then one pass over each term. */

#include "building.h"

#include <stdlib.h>
#include <string.h>

/* For each offset, twice the number of its article, and one more in a body. */
static uint32_t *texts_of(const Tokens *tokens)
{
    int64_t end = tokens->starts[tokens->texts];
    uint32_t *text = malloc(((size_t)end + 1) * sizeof *text);
    for (int64_t each = 0; text && each < tokens->texts; each++)
        for (int64_t at = tokens->starts[each]; at < tokens->starts[each + 1]; at++)
            text[at] = (uint32_t)each;
    return text;
}

/* The byte of four counts (see `frequencies.py`), or `EXCEPTION`. */
static uint8_t pack(const uint32_t *counts)
{
    uint32_t title;
    if (counts[1] == 0 && counts[0] <= 2)
        title = counts[0];
    else if (counts[0] == 0 && counts[1] == 1)
        title = 3;
    else
        return EXCEPTION;
    if (counts[2] > 15 || counts[3] > 3)
        return EXCEPTION;
    return (uint8_t)(counts[2] | counts[3] << 4 | title << 6);
}

static void add_posting(Postings *found, uint32_t article, const uint32_t *counts)
{
    uint8_t packed = pack(counts);
    if (packed == EXCEPTION) {
        memcpy(found->exception_counts + 4 * found->exception_count, counts, 4 * sizeof *counts);
        found->exceptions[found->exception_count++] = found->posting_count;
    }
    found->articles[found->posting_count] = article;
    found->packed[found->posting_count++] = packed;
}

/* The postings of one term, given where it stands, twice the offset and one more where aligned. */
static int add_term(const Tokens *tokens, const uint32_t *text, uint32_t term,
                    const uint64_t *places, int64_t count, Postings *found)
{
    int is_word = term >= tokens->word;
    int64_t before = found->posting_count;
    for (int64_t at = 0; at < count;) {
        uint32_t counts[4] = {0}, article = text[places[at] >> 1] >> 1;
        int64_t start = tokens->starts[2 * (int64_t)article];
        for (; at < count && text[places[at] >> 1] >> 1 == article; at++) {
            if (at && places[at] < places[at - 1])
                return -2;
            uint64_t offset = places[at] >> 1;
            int is_usual = (int)(places[at] & 1) == is_word;
            counts[2 * (text[offset] & 1) + !is_usual]++;
            if (is_word)
                found->positions[found->position_count++] = (uint16_t)((int64_t)offset - start);
        }
        add_posting(found, article, counts);
    }
    found->terms[found->term_count] = term;
    found->articles_of[found->term_count] = found->posting_count - before;
    found->occurrences_of[found->term_count++] = is_word ? count : 0;
    return 0;
}

static int sort(const Tokens *tokens, uint32_t *ends, uint64_t *places)
{
    int64_t end = tokens->starts[tokens->texts];
    for (int64_t at = 0; at < tokens->count; at++) {
        if (tokens->positions[at] < 0 || tokens->positions[at] >= end)
            return -2;
        places[ends[tokens->terms[at]]++] =
            (uint64_t)tokens->positions[at] << 1 | (tokens->aligned[at] != 0);
    }
    return 0;
}

int invert(const Tokens *tokens, Postings *found)
{
    uint32_t last = 0;
    for (int64_t at = 0; at < tokens->count; at++)
        last = tokens->terms[at] > last ? tokens->terms[at] : last;
    /* For each term first how often it stands anywhere, then where its places end. */
    uint32_t *ends = calloc((size_t)last + 2, sizeof *ends);
    uint64_t *places = malloc(((size_t)tokens->count + 1) * sizeof *places);
    uint32_t *text = texts_of(tokens);
    int failed = ends && places && text ? 0 : -1;
    if (!failed) {
        for (int64_t at = 0; at < tokens->count; at++)
            ends[tokens->terms[at] + 1]++;
        for (uint32_t term = 0; term <= last; term++)
            ends[term + 1] += ends[term];
        failed = sort(tokens, ends, places);
    }
    uint32_t start = 0;
    for (uint32_t term = 0; !failed && term <= last; start = ends[term++])
        if (ends[term] > start)
            failed = add_term(tokens, text, term, places + start, ends[term] - start, found);
    free(ends);
    free(places);
    free(text);
    return failed;
}
