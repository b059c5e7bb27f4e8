/* What the engine computes per posting and per character, in C. Plain arrays in, plain arrays out:
   nothing here knows of Python.

   Whatever a damaged file holds, nothing is read or written outside the arrays. What is taken for
   granted is what `module.c` and `asked.c` compare before: widths and lengths of the arrays of a
   segment (`fit_each_other`), that a leaf's postings lie within them and are no more than there are
   articles (`term_leaf`), that the articles of any other leaf exist and rise (`are_articles`), and
   that a condition has a code for each article. Numbers that are read from the arrays of a segment
   are compared where they are used. */

#ifndef JIANBAO_KERNEL_H
#define JIANBAO_KERNEL_H

/* Counting bits takes one instruction on every such processor since 2013; `module.c` lets itself be
   imported on no other, and NumPy takes its place. */
#if defined(__x86_64__) && defined(__GNUC__)
#define NEEDS_BMI
#pragma GCC target("popcnt,bmi")
#endif

/* What is called for every posting. */
#define INLINE static inline __attribute__((always_inline))

#include <stddef.h>
#include <stdint.h>

/* An array of unsigned numbers of 1, 2, 4 or 8 bytes. */
typedef struct {
    const void *items;
    int width;
    int64_t count;
} Unsigned;

/* What an occurrence is worth in an article, for the length of its title and its body: next to each
   other, since articles are met far apart. */
typedef struct {
    float title;
    float body;
} Shares;

/* A term's number and its place in the order of the postings: to fetch both at once saves a place
   far from the others. */
typedef struct {
    uint32_t number;
    uint32_t place;
} Slot;

/* A segment's files, mapped into memory; see README.md for what each holds. */
typedef struct {
    int64_t articles;
    const char *terms; /* in UTF-8, sorted, one after the other */
    int64_t terms_length;
    const int64_t *term_ends;
    int64_t term_count;
    const uint32_t *term_places;
    Slot *slots; /* terms by hash */
    uint64_t slot_mask;
    const uint8_t *packed;
    Unsigned exceptions;
    Unsigned exception_counts;
    const uint32_t *newest;
    Unsigned units;
    const uint32_t *rare; /* characters that 16-bit units have no room for, sorted */
    int64_t rare_count;
    Unsigned folding;
    /* Of texts in 16-bit units: the units that are folded to a unit start at `unfolded_starts`. */
    uint32_t *unfolded_starts;
    uint16_t *unfolded;
    const uint8_t *in_run;
    const int64_t *starts;
    const int64_t *bodies;
    const Shares *shares;
    /* The numbers of `Ranking`. */
    double saturation;
    double accidental;
    double near;
    double near_half;
    double title_contains;
    double title_equals;
    int64_t depth;
} Segment;

/* A leaf of a query: the postings of one term, or articles with what each earns. */
typedef struct {
    int required;
    int64_t count;
    double idf;
    /* a term */
    int64_t posting;       /* where its postings start */
    const uint8_t *bitmap; /* its articles as bits, or */
    const uint16_t *low;   /* the lowest 16 bits of each, and, where they were written, */
    const uint8_t *high;   /* the next 8 */
    int is_word;
    int64_t scored;            /* postings whose score was computed */
    int64_t exception;         /* the last one that was met, or where to look for the first */
    const double *title_worth; /* by packed byte */
    const double *body_worth;
    /* articles */
    const int64_t *numbers;
    const double *scores;
} Leaf;

typedef struct {
    double score;
    uint32_t newest;
    int64_t number;
} Best;

/* What is found: how many articles, the best of them in order, and, if `numbers` is given, all. */
typedef struct {
    int64_t total;
    int64_t best_count;
    int64_t best_limit;
    int64_t wanted;      /* of the best: the others need only be lower */
    int64_t looked_into; /* texts */
    Best *best;
    int64_t *numbers;
} Found;

/* Fill `slots`. Returns 0, or -1 for want of memory, or, with `slots` there, where so many terms
   have one hash that they must be the same. */
int index_terms(Segment *segment);

/* The place of a term, -1 if there is no such term. */
int64_t place_of(const Segment *segment, const char *term, int64_t length);

/* The articles whose code is wanted. */
typedef struct {
    Unsigned codes;
    const uint8_t *wanted;
    int64_t names;
} Condition;

/* A text to look for. `edges` are pairs: where, after its start, a run of letters and digits must
   begin, and where it must end; -1 where it need not. */
typedef struct {
    const uint32_t *units;
    int length;
    const int32_t *edges;
    int edge_count;
    int in_title;
    int in_body;
    double idf;
} Pattern;

/* The first of the leaves have their texts as `patterns`; `phrase` is the whole query, or NULL. */
typedef struct {
    Leaf *leaves;
    int leaf_count;
    const Pattern *patterns;
    int pattern_count;
    const Pattern *phrase;
    const Condition *conditions;
    int condition_count;
} Query;

/* Articles that have all required leaves, or, where none is, any leaf, and meet all conditions.
   Returns 0, or -1 for want of memory. */
int search(const Segment *segment, const Query *query, Found *found);

/* Articles to how often each code below `names` occurs. Returns 0, or -1 where there is no such
   article. */
int count_codes(Unsigned codes, const int64_t *numbers, int64_t count, int64_t *totals,
                int64_t names);

/* Code points to units, in place; returns 0 if no text can spell them. */
int to_units(const Segment *segment, uint32_t *codes, int64_t length);

/* Fill `unfolded_starts` and `unfolded`, NULL where units have 32 bits. Returns 0, or -1 for want
   of memory. */
int unfold(Segment *segment);

/* Texts looked into, one after the other, for how near neighbouring patterns come to each other. */
typedef struct Looking Looking;

/* NULL for want of memory. `half` is the distance that halves what they earn. */
Looking *open_looking(const Pattern *patterns, int count, double half);
void close_looking(Looking *looking);

/* What neighbouring patterns earn in the title and in the body of an article; no other patterns
   than the `present` are there. Left off once they cannot earn as much as `needed`, both together.
   Returns whether it was looked into. */
int near_each_other(const Segment *segment, Looking *looking, const uint8_t *present,
                    int64_t number, double needed, double *bonus);

/* 0, or 1 where the title of an article contains the pattern, or 2 where it is the pattern. */
int in_title(const Segment *segment, const Pattern *pattern, int64_t number);

/* Have the processor fetch where an article's text is, and its beginning, before it is looked into:
   texts are far from each other, and fetched together they take a fraction of the time. */
static inline void fetch_place(const Segment *segment, int64_t number) {
    __builtin_prefetch(segment->starts + number);
    __builtin_prefetch(segment->bodies + number);
}

static inline void fetch_text(const Segment *segment, int64_t number) {
    int64_t start = segment->starts[number];
    if (start >= 0 && start < segment->units.count)
        for (int line = 0; line < 4; line++)
            __builtin_prefetch((const char *)segment->units.items + start * segment->units.width +
                               64 * line);
}

/* Where the pattern stands in some articles, in order: as many as there is room for. Returns how
   many there are, or -1 where there is no such article. */
int64_t scan(const Segment *segment, const Pattern *pattern, const int64_t *numbers,
             int64_t articles, int64_t *found, int64_t room);

/* Those of the offsets `at` where the pattern stands, in place; returns how many. */
int64_t standing_at(const Segment *segment, const Pattern *pattern, int64_t *at, int64_t count);

static inline uint64_t item(Unsigned array, int64_t at) {
    switch (array.width) {
    case 1:
        return ((const uint8_t *)array.items)[at];
    case 2:
        return ((const uint16_t *)array.items)[at];
    case 4:
        return ((const uint32_t *)array.items)[at];
    default:
        return ((const uint64_t *)array.items)[at];
    }
}

#endif
