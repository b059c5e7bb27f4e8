/* Articles that have any of the leaves, window by window.

   Once enough of the best are known, leaves that cannot lift an article among them together, the
   light ones, are scored only for articles that others have lifted far enough (MaxScore: Turtle and
   Flood, "Query Evaluation: Strategies and Optimizations", 1995). Leaves come from the heaviest, so
   the light ones are the last, and a sum is made in the same order whichever they are. */

#include "best.h"
#include "matching.h"
#include "scoring.h"

#include <stdlib.h>
#include <string.h>

#define WORDS (WINDOW / 64)

/* Looking up an article costs about as much as passing over so many postings. */
#define LOOKED_UP 2

/* The articles of a light leaf in a window as bits, and how many are in the words before each. */
typedef struct {
    int64_t from; /* the first posting */
    uint64_t bits[WORDS];
    uint16_t before[WORDS];
} Row;

typedef struct {
    const Segment *segment;
    const Query *query;
    int64_t base;
    int count;                   /* articles that have a sum, */
    uint16_t places[WINDOW + 1]; /* and which they are, in the order they were met */
    double sums[WINDOW];
    uint64_t any[WORDS]; /* articles that have any leaf */
    Row *rows;           /* by leaf, of the light ones */
} Window;

typedef struct {
    Cursor *cursors;
    int count;
    double *most;      /* no article earns more for the leaves from the nth on together */
    int64_t *postings; /* how many they have together */
} Leaves;

INLINE void add_posting(void *context, Leaf *leaf, int64_t at, int64_t number) {
    Window *window = context;
    double *sum = window->sums + (number - window->base);
    window->places[window->count] = (uint16_t)(number - window->base);
    window->count += *sum == 0 && window->count < WINDOW;
    *sum += earned(window->segment, leaf, at, number);
}

/* To ask the conditions first takes less time than to score what they do not admit. */
INLINE void add_admitted(void *context, Leaf *leaf, int64_t at, int64_t number) {
    Window *window = context;
    if (passes(window->query, number))
        add_posting(context, leaf, at, number);
}

INLINE void mark_posting(void *context, Leaf *leaf, int64_t at, int64_t number) {
    (void)leaf, (void)at;
    uint64_t *bits = context;
    bits[number % WINDOW / 64] |= UINT64_C(1) << (number % 64);
}

/* Pass over the postings of a light leaf. */
static void mark(const Segment *segment, Cursor *cursor, int64_t base, int64_t limit, Row *row) {
    const uint8_t *bitmap = cursor->leaf->bitmap;
    row->from = cursor->at;
    if (!bitmap) {
        memset(row->bits, 0, sizeof row->bits);
        visit_between(segment, cursor, base, limit, mark_posting, row->bits);
    }
    int count = 0;
    for (int word = 0; word < WORDS; word++) {
        if (bitmap)
            row->bits[word] =
                base + 64 * word < limit ? word_of(bitmap, segment->articles, base / 64 + word) : 0;
        row->before[word] = (uint16_t)count;
        count += __builtin_popcountll(row->bits[word]);
    }
    if (bitmap)
        cursor->at += count;
}

/* The posting of an article in the window, or NONE. */
INLINE int64_t posting_in(const Leaf *leaf, const Row *row, int64_t place) {
    uint64_t bits = row->bits[place / 64], bit = UINT64_C(1) << (place % 64);
    if (!(bits & bit))
        return NONE;
    int64_t at = row->from + row->before[place / 64] + __builtin_popcountll(bits & (bit - 1));
    return at < leaf->count ? at : NONE;
}

/* How many leaves are not light: those that are lift no article among the best by themselves, and
   have so many postings that passing over them takes longer than to look them up. */
static int count_heavy(const Leaves *leaves, const Found *found) {
    if (!found->best_limit)
        return 0;
    if (found->best_count < found->best_limit)
        return leaves->count;
    int heavy = leaves->count;
    double worst = found->best[0].score * (1 - ROUNDING);
    while (heavy && leaves->most[heavy - 1] < worst)
        heavy--;
    int64_t all = leaves->postings[0], light = leaves->postings[heavy];
    return light > LOOKED_UP * (all - light) ? heavy : leaves->count;
}

/* The score of an article that earns `sum` for the heavy leaves; or less than `worst`, where all of
   them cannot lift it there. */
static double lifted(const Window *window, const Leaves *leaves, int heavy, int64_t place,
                     double sum, double worst) {
    for (int each = heavy; each < leaves->count && sum + leaves->most[each] >= worst; each++) {
        Leaf *leaf = leaves->cursors[each].leaf;
        int64_t at = posting_in(leaf, window->rows + each, place);
        if (at != NONE)
            sum += earned(window->segment, leaf, at, window->base + place);
    }
    return sum;
}

static void keep_window(Window *window, const Leaves *leaves, int heavy, Found *found) {
    double rest = leaves->most[heavy];
    for (int each = 0; each < window->count; each++) {
        int64_t place = window->places[each], number = window->base + place;
        double sum = window->sums[place];
        window->sums[place] = 0;
        window->any[place / 64] |= UINT64_C(1) << (place % 64);
        int full = found->best_count == found->best_limit;
        double worst = full ? found->best[0].score * (1 - ROUNDING) : 0;
        if (sum + rest < worst)
            continue;
        sum = lifted(window, leaves, heavy, place, sum, worst);
        if (sum >= worst)
            keep(found, (Best){sum, window->segment->newest[number], number});
    }
}

static void count_window(const Window *window, int64_t limit, const Query *query, Found *found) {
    for (int64_t word = 0; window->base + 64 * word < limit; word++) {
        if (!query->condition_count && !found->numbers) {
            found->total += __builtin_popcountll(window->any[word]);
            continue;
        }
        for (uint64_t bits = window->any[word]; bits; bits &= bits - 1) {
            int64_t number = window->base + 64 * word + __builtin_ctzll(bits);
            if (number >= limit || !passes(query, number))
                continue;
            if (found->numbers)
                found->numbers[found->total] = number;
            found->total++;
        }
    }
}

static void do_window(Window *window, const Leaves *leaves, Found *found) {
    const Query *query = window->query;
    const Segment *segment = window->segment;
    int64_t limit = smaller(window->base + WINDOW, segment->articles);
    int heavy = count_heavy(leaves, found);
    window->count = 0;
    memset(window->any, 0, sizeof window->any);
    for (int each = 0; each < heavy; each++) {
        Cursor *cursor = leaves->cursors + each;
        if (query->condition_count)
            visit_between(segment, cursor, window->base, limit, add_admitted, window);
        else
            visit_between(segment, cursor, window->base, limit, add_posting, window);
    }
    for (int each = heavy; each < leaves->count; each++) {
        Row *row = window->rows + each;
        mark(segment, leaves->cursors + each, window->base, limit, row);
        for (int word = 0; word < WORDS; word++)
            window->any[word] |= row->bits[word];
    }
    keep_window(window, leaves, heavy, found);
    count_window(window, limit, query, found);
}

static void weigh(const Segment *segment, Leaves *leaves) {
    leaves->most[leaves->count] = 0;
    leaves->postings[leaves->count] = 0;
    for (int each = leaves->count - 1; each >= 0; each--) {
        const Leaf *leaf = leaves->cursors[each].leaf;
        leaves->most[each] = leaves->most[each + 1] + most_earned(segment, leaf);
        leaves->postings[each] = leaves->postings[each + 1] + leaf->count;
    }
}

int match_by_window(const Segment *segment, Cursor *cursors, const Query *query, Found *found) {
    size_t count = (size_t)query->leaf_count;
    Window *window = calloc(1, sizeof *window);
    Row *rows = malloc(count * sizeof(Row));
    double *most = malloc((count + 1) * sizeof(double));
    int64_t *postings = malloc((count + 1) * sizeof(int64_t));
    int failed = !window || !rows || !most || !postings;
    if (!failed) {
        Leaves leaves = {cursors, query->leaf_count, most, postings};
        weigh(segment, &leaves);
        window->segment = segment;
        window->query = query;
        window->rows = rows;
        for (; window->base < segment->articles; window->base += WINDOW)
            do_window(window, &leaves, found);
    }
    free(window);
    free(rows);
    free(most);
    free(postings);
    return failed ? -1 : 0;
}
