/* Articles that have any of the leaves: window by window, or, where postings are few, article by
   article. */

#include "best.h"
#include "cursors.h"
#include "matching.h"
#include "scoring.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW 2048 /* articles whose sums are added up together: they stay in the first cache */

/* Looking up an article costs about as much as passing over so many postings. */
#define LOOKED_UP 2

/* A window costs as much as merging so many postings article by article. */
#define MERGED 100

/* Once enough of the best are known, leaves that cannot lift an article among them together, the
   light ones, are scored only for articles that others have lifted far enough (MaxScore: Turtle and
   Flood, "Query Evaluation: Strategies and Optimizations", 1995). */

typedef struct {
    const Segment *segment;
    int64_t base;
    int count;                   /* articles that have a sum, */
    uint16_t places[WINDOW + 1]; /* and which they are, in the order they were met */
    double sums[WINDOW];
    uint64_t any[WINDOW / 64];   /* articles that have any leaf */
} Window;

INLINE void add_posting(void *context, Leaf *leaf, int64_t at, int64_t number)
{
    Window *window = context;
    double *sum = window->sums + (number - window->base);
    window->places[window->count] = (uint16_t)(number - window->base);
    window->count += *sum == 0 && window->count < WINDOW;
    *sum += earned(window->segment, leaf, at, number);
}

INLINE void mark_posting(void *context, Leaf *leaf, int64_t at, int64_t number)
{
    (void)leaf, (void)at;
    Window *window = context;
    window->any[(number - window->base) / 64] |= UINT64_C(1) << (number % 64);
}

/* Mark the articles of a light leaf. */
static void mark(const Segment *segment, Cursor *cursor, int64_t limit, Window *window)
{
    Leaf *leaf = cursor->leaf;
    if (!leaf->bitmap) {
        visit_between(segment, cursor, window->base, limit, mark_posting, window);
        return;
    }
    for (int64_t word = window->base / 64; 64 * word < limit; word++) {
        uint64_t bits = word_of(leaf->bitmap, segment->articles, word);
        window->any[word - window->base / 64] |= bits;
        cursor->at += __builtin_popcountll(bits);
    }
}

/* The posting of an article in a window, of which `from` is the leaf's first posting; or NONE. */
static int64_t posting_in(const Segment *segment, const Cursor *cursor, int64_t from, int64_t base,
                          int64_t number)
{
    const Leaf *leaf = cursor->leaf;
    if (leaf->bitmap) {
        int64_t at = from, word = base / 64;
        for (; word < number / 64; word++)
            at += __builtin_popcountll(word_of(leaf->bitmap, segment->articles, word));
        uint64_t bits = word_of(leaf->bitmap, segment->articles, word);
        uint64_t bit = UINT64_C(1) << (number % 64);
        at += __builtin_popcountll(bits & (bit - 1));
        return bits & bit && at < leaf->count ? at : NONE;
    }
    int64_t at = leaf->low ? bisect_low(leaf->low, from, cursor->at, number & 0xFFFF)
                           : bisect_number(leaf->numbers, from, cursor->at, number);
    if (at == cursor->at)
        return NONE;
    int64_t found = leaf->low ? (number & ~(int64_t)0xFFFF) | leaf->low[at] : leaf->numbers[at];
    return found == number ? at : NONE;
}

typedef struct {
    Cursor *cursors;
    int count;
    int *order;    /* the leaves from the lightest */
    int *place;    /* by leaf: its place in that order */
    double *most;  /* no article earns more for the first n of them together */
    int64_t *postings; /* how many the first n of them have together */
    int64_t *from; /* by leaf: its first posting in the window */
} Leaves;

/* How many of the lightest leaves are looked up: they lift no article among the best by themselves,
   and have so many postings that passing over them takes longer. */
static int count_light(const Leaves *leaves, const Found *found)
{
    int64_t all = leaves->postings[leaves->count];
    if (!found->best_limit)
        return leaves->count;
    if (found->best_count < found->best_limit)
        return 0;
    int light = 0;
    double worst = found->best[0].score * (1 - ROUNDING);
    while (light < leaves->count && leaves->most[light + 1] < worst)
        light++;
    return leaves->postings[light] > LOOKED_UP * (all - leaves->postings[light]) ? light : 0;
}

/* Whether the light leaves can lift an article with this sum among the best. */
static int is_lifted(const Segment *segment, const Leaves *leaves, int light, int64_t base,
                     int64_t number, double sum, double worst)
{
    while (light && sum + leaves->most[light] >= worst) {
        int each = leaves->order[--light];
        Cursor *cursor = leaves->cursors + each;
        int64_t at = posting_in(segment, cursor, leaves->from[each], base, number);
        if (at != NONE)
            sum += earned(segment, cursor->leaf, at, number);
    }
    return sum + leaves->most[light] >= worst;
}

static double whole_score(const Segment *segment, const Leaves *leaves, int64_t base,
                          int64_t number)
{
    double sum = 0;
    for (int each = 0; each < leaves->count; each++) {
        Cursor *cursor = leaves->cursors + each;
        int64_t at = posting_in(segment, cursor, leaves->from[each], base, number);
        if (at != NONE) {
            sum += earned(segment, cursor->leaf, at, number);
        }
    }
    return sum;
}

static void count_window(const Window *window, int64_t limit, const Query *query, Found *found)
{
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

static void keep_window(const Segment *segment, Window *window, const Leaves *leaves, int light,
                        const Query *query, Found *found)
{
    double rest = leaves->most[light];
    for (int each = 0; each < window->count; each++) {
        int64_t place = window->places[each], number = window->base + place;
        double sum = window->sums[place];
        window->sums[place] = 0;
        window->any[place / 64] |= UINT64_C(1) << (place % 64);
        int full = found->best_count == found->best_limit;
        double worst = full ? found->best[0].score * (1 - ROUNDING) : 0;
        if (sum + rest < worst || !passes(query, number))
            continue;
        if (light) {
            if (!is_lifted(segment, leaves, light, window->base, number, sum, worst))
                continue;
            sum = whole_score(segment, leaves, window->base, number);
        }
        keep(found, (Best){sum, segment->newest[number], number});
    }
}

static void do_window(const Segment *segment, Window *window, const Leaves *leaves,
                      const Query *query, Found *found)
{
    int64_t limit = smaller(window->base + WINDOW, segment->articles);
    int light = count_light(leaves, found);
    window->count = 0;
    memset(window->any, 0, sizeof window->any);
    for (int each = 0; each < leaves->count; each++)
        leaves->from[each] = leaves->cursors[each].at;
    for (int each = 0; each < light; each++)
        mark(segment, leaves->cursors + leaves->order[each], limit, window);
    /* In the order of the query, so that equal articles have equal sums. */
    for (int each = 0; each < leaves->count; each++)
        if (leaves->place[each] >= light)
            visit_between(segment, leaves->cursors + each, window->base, limit, add_posting,
                          window);
    keep_window(segment, window, leaves, light, query, found);
    count_window(window, limit, query, found);
}

/* Order the leaves by the most that each can earn. */
static void weigh(const Segment *segment, Leaves *leaves)
{
    leaves->most[0] = 0;
    for (int each = 0; each < leaves->count; each++) {
        double most = most_earned(segment, leaves->cursors[each].leaf);
        int at = each;
        for (; at && leaves->most[at] > most; at--) {
            leaves->order[at] = leaves->order[at - 1];
            leaves->most[at + 1] = leaves->most[at];
        }
        leaves->order[at] = each;
        leaves->most[at + 1] = most;
    }
    leaves->postings[0] = 0;
    for (int at = 0; at < leaves->count; at++) {
        leaves->most[at + 1] += leaves->most[at];
        leaves->postings[at + 1] =
            leaves->postings[at] + leaves->cursors[leaves->order[at]].leaf->count;
        leaves->place[leaves->order[at]] = at;
    }
}

static int by_window(const Segment *segment, Cursor *cursors, const Query *query, Found *found)
{
    size_t count = (size_t)query->leaf_count;
    Window *window = calloc(1, sizeof *window);
    int *places = malloc(2 * count * sizeof(int));
    double *most = malloc((count + 1) * sizeof(double));
    int64_t *from = malloc((2 * count + 1) * sizeof(int64_t));
    int failed = !window || !places || !most || !from;
    if (!failed) {
        Leaves leaves = {cursors, query->leaf_count, places, places + count, most,
                         from + count, from};
        weigh(segment, &leaves);
        window->segment = segment;
        for (; window->base < segment->articles; window->base += WINDOW)
            do_window(segment, window, &leaves, query, found);
    }
    free(window);
    free(places);
    free(most);
    free(from);
    return failed ? -1 : 0;
}

/* The article of the next posting, INT64_MAX after the last. */
static int64_t number_at(const Segment *segment, Cursor *cursor)
{
    const Leaf *leaf = cursor->leaf;
    int64_t words = (segment->articles + 63) / 64, laps = laps_of(segment), number;
    if (cursor->at >= leaf->count)
        return INT64_MAX;
    if (leaf->numbers)
        return leaf->numbers[cursor->at];
    if (leaf->low) {
        while (cursor->word < laps && cursor->at >= cursor->ends[cursor->word])
            cursor->word++;
        number = cursor->word << 16 | leaf->low[cursor->at];
    } else {
        while (!cursor->bits && cursor->word + 1 < words)
            cursor->bits = word_of(leaf->bitmap, segment->articles, ++cursor->word);
        number = cursor->bits ? 64 * cursor->word + __builtin_ctzll(cursor->bits) : -1;
    }
    return is_article(segment, number) ? number : INT64_MAX;
}

static void by_article(const Segment *segment, Cursor *cursors, const Query *query, Found *found)
{
    int64_t next = INT64_MAX;
    int count = query->leaf_count;
    for (int each = 0; each < count; each++) {
        rewind_to_start(segment, cursors + each);
        next = smaller(next, number_at(segment, cursors + each));
    }
    while (next != INT64_MAX) {
        int64_t number = next;
        double sum = 0;
        next = INT64_MAX;
        for (int each = 0; each < count; each++) {
            Cursor *cursor = cursors + each;
            int64_t here = number_at(segment, cursor);
            if (here <= number) {
                sum += earned(segment, cursor->leaf, cursor->at, number);
                cursor->at++;
                cursor->bits &= cursor->bits - 1;
                here = number_at(segment, cursor);
            }
            next = smaller(next, here);
        }
        if (passes(query, number))
            match(segment, found, number, sum);
    }
}

int match_any(const Segment *segment, Cursor *cursors, const Query *query, Found *found)
{
    int64_t postings = 0;
    for (int each = 0; each < query->leaf_count; each++)
        postings += query->leaves[each].count;
    if (postings * query->leaf_count >= segment->articles / WINDOW * MERGED)
        return by_window(segment, cursors, query, found);
    by_article(segment, cursors, query, found);
    return 0;
}
