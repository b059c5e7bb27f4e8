/* Tokens to postings: a counting sort by term, then one pass over each term. */

#include "building.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 4096
#define LEFT_OUT UINT32_MAX

/* For each offset, twice the number of its article, and one more in a body. */
static uint32_t *texts_of(const Tokens *tokens) {
    int64_t end = tokens->starts[tokens->texts];
    uint32_t *text = malloc(((size_t)end + 1) * sizeof *text);
    for (int64_t each = 0; text && each < tokens->texts; each++)
        for (int64_t at = tokens->starts[each]; at < tokens->starts[each + 1]; at++)
            text[at] = (uint32_t)each;
    return text;
}

/* The byte of four counts, or `EXCEPTION`. */
static uint8_t pack(const uint8_t *codes, const uint32_t *counts) {
    if (counts[0] >= IN_TITLE || counts[1] >= IN_TITLE)
        return EXCEPTION;
    if (counts[2] >= IN_BODY || counts[3] >= IN_BODY)
        return EXCEPTION;
    uint32_t title = counts[0] * IN_TITLE + counts[1];
    return codes[(title * IN_BODY + counts[2]) * IN_BODY + counts[3]];
}

static void add_posting(const uint8_t *codes, Postings *found, uint32_t article,
                        const uint32_t *counts) {
    uint8_t packed = pack(codes, counts);
    if (packed == EXCEPTION) {
        memcpy(found->exception_counts + 4 * found->exception_count, counts, 4 * sizeof *counts);
        found->exceptions[found->exception_count++] = found->posting_count;
    }
    found->articles[found->posting_count] = article;
    found->packed[found->posting_count++] = packed;
}

/* The postings of one term, given where it stands, twice the offset and one more where aligned. */
static int add_term(const Tokens *tokens, const uint32_t *text, uint32_t term,
                    const uint64_t *places, int64_t count, Postings *found) {
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
        add_posting(tokens->codes, found, article, counts);
    }
    found->terms[found->term_count] = term;
    found->articles_of[found->term_count] = found->posting_count - before;
    found->occurrences_of[found->term_count++] = is_word ? count : 0;
    return 0;
}

/* Term numbers lie far apart. Those of a page that no term is in are left out. */
typedef struct {
    uint32_t *start; /* for each page, the place of its first number; `LEFT_OUT` */
    uint32_t count;
    uint32_t places; /* at most 2^32 - PAGE */
} Pages;

static int open_pages(Pages *pages, const Tokens *tokens) {
    uint32_t last = 0;
    for (int64_t at = 0; at < tokens->count; at++)
        last = tokens->terms[at] > last ? tokens->terms[at] : last;
    *pages = (Pages){.count = last / PAGE + 1};
    pages->start = malloc(pages->count * sizeof *pages->start);
    if (!pages->start)
        return -1;
    memset(pages->start, 0xFF, pages->count * sizeof *pages->start);
    for (int64_t at = 0; at < tokens->count; at++)
        pages->start[tokens->terms[at] / PAGE] = 0;
    for (uint32_t page = 0; page < pages->count; page++)
        if (pages->start[page] != LEFT_OUT) {
            if (pages->places > UINT32_MAX - 2 * PAGE)
                return -1;
            pages->start[page] = pages->places;
            pages->places += PAGE;
        }
    return 0;
}

static uint32_t place_of(const Pages *pages, uint32_t term) {
    return pages->start[term / PAGE] + term % PAGE;
}

static int sort(const Tokens *tokens, const Pages *pages, uint32_t *ends, uint64_t *places) {
    int64_t end = tokens->starts[tokens->texts];
    for (int64_t at = 0; at < tokens->count; at++) {
        if (tokens->positions[at] < 0 || tokens->positions[at] >= end)
            return -2;
        places[ends[place_of(pages, tokens->terms[at])]++] =
            (uint64_t)tokens->positions[at] << 1 | (tokens->aligned[at] != 0);
    }
    return 0;
}

/* For each place of a term first how often it stands anywhere, then where its places begin. */
static void count(const Tokens *tokens, const Pages *pages, uint32_t *ends) {
    for (int64_t at = 0; at < tokens->count; at++)
        ends[place_of(pages, tokens->terms[at]) + 1]++;
    for (uint32_t place = 0; place < pages->places; place++)
        ends[place + 1] += ends[place];
}

static int add_terms(const Tokens *tokens, const Pages *pages, const uint32_t *text,
                     const uint32_t *ends, const uint64_t *places, Postings *found) {
    uint32_t start = 0;
    int failed = 0;
    for (uint32_t page = 0; page < pages->count; page++)
        for (uint32_t each = 0; pages->start[page] != LEFT_OUT && each < PAGE; each++) {
            uint32_t end = ends[pages->start[page] + each];
            if (!failed && end > start)
                failed =
                    add_term(tokens, text, page * PAGE + each, places + start, end - start, found);
            start = end;
        }
    return failed;
}

int invert(const Tokens *tokens, Postings *found) {
    Pages pages;
    if (open_pages(&pages, tokens)) {
        free(pages.start);
        return -1;
    }
    uint32_t *ends = calloc((size_t)pages.places + 1, sizeof *ends);
    uint64_t *places = malloc(((size_t)tokens->count + 1) * sizeof *places);
    uint32_t *text = texts_of(tokens);
    int failed = ends && places && text ? 0 : -1;
    if (!failed) {
        count(tokens, &pages, ends);
        failed = sort(tokens, &pages, ends, places);
    }
    if (!failed)
        failed = add_terms(tokens, &pages, text, ends, places, found);
    free(pages.start);
    free(ends);
    free(places);
    free(text);
    return failed;
}
