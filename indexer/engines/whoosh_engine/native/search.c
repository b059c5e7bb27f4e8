/* Postings to the articles that match, scored: each once, the best kept. */

#include "kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW 2048 /* articles whose sums are added up together: they stay in the first cache */
#define EXCEPTION 255
#define NONE (-1)

/* Bisection costs about as much as passing over so many postings. */
#define SKIPPED 40

/* Looking up an article costs about as much as passing over so many postings. */
#define LOOKED_UP 2

/* A window costs as much as merging so many postings article by article. */
#define MERGED 100

#define INLINE static inline __attribute__((always_inline))

/* ---- the best ---- */

static int better(Best a, Best b)
{
    return a.score > b.score || (a.score == b.score && a.newest < b.newest);
}

static void sift_down(Best *heap, int64_t count, int64_t at)
{
    for (;;) {
        int64_t worst = at, child = 2 * at + 1;
        if (child < count && better(heap[worst], heap[child]))
            worst = child;
        if (child + 1 < count && better(heap[worst], heap[child + 1]))
            worst = child + 1;
        if (worst == at)
            return;
        Best moved = heap[at];
        heap[at] = heap[worst];
        heap[worst] = moved;
        at = worst;
    }
}

static void keep(Found *found, Best each)
{
    if (found->best_count == found->best_limit) {
        if (found->best_limit && better(each, found->best[0])) {
            found->best[0] = each;
            sift_down(found->best, found->best_count, 0);
        }
        return;
    }
    int64_t at = found->best_count++;
    found->best[at] = each;
    while (at && better(found->best[(at - 1) / 2], found->best[at])) {
        Best moved = found->best[at];
        found->best[at] = found->best[(at - 1) / 2];
        at = (at - 1) / 2;
        found->best[at] = moved;
    }
}

static inline int passes(const Query *query, int64_t number)
{
    for (int each = 0; each < query->condition_count; each++) {
        const Condition *condition = query->conditions + each;
        uint64_t code = item(condition->codes, number);
        if (code >= (uint64_t)condition->names || !condition->wanted[code])
            return 0;
    }
    return 1;
}

static void match(const Segment *segment, Found *found, int64_t number, double score)
{
    if (found->numbers)
        found->numbers[found->total] = number;
    found->total++;
    if (found->best_count < found->best_limit ||
        (found->best_limit && score >= found->best[0].score))
        keep(found, (Best){score, segment->newest[number], number});
}

static int in_order(const void *a, const void *b)
{
    return better(*(const Best *)b, *(const Best *)a) - better(*(const Best *)a, *(const Best *)b);
}

/* ---- what a posting earns ---- */

/* The first exception from `from` on that is not before a posting. */
static int64_t bisect_exceptions(const Segment *segment, int64_t from, uint64_t posting)
{
    int64_t to = segment->exceptions.count;
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (item(segment->exceptions, middle) < posting)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static double exceptional(const Segment *segment, Leaf *leaf, uint64_t posting, int64_t number)
{
    int64_t at = leaf->exception;
    if (at && item(segment->exceptions, at - 1) >= posting)
        at = leaf->exception = 0; /* a look back */
    for (int step = 0; at < segment->exceptions.count && step < 4; step++)
        at += item(segment->exceptions, at) < posting;
    if (at >= segment->exceptions.count || item(segment->exceptions, at) != posting)
        at = bisect_exceptions(segment, leaf->exception, posting);
    leaf->exception = at;
    if (4 * at + 4 > segment->exception_counts.count)
        return 0;
    double counts[4];
    for (int place = 0; place < 4; place++)
        counts[place] = (double)item(segment->exception_counts, 4 * at + place);
    double accidental = segment->accidental;
    double title = leaf->is_word ? counts[0] + accidental * counts[1]
                                 : counts[1] + accidental * counts[0];
    double body = leaf->is_word ? counts[2] + accidental * counts[3]
                                : counts[3] + accidental * counts[2];
    return body * segment->body_share[number] + title * segment->title_share[number];
}

/* BM25F's pseudo-frequency; soonest where a leaf's postings are asked for in order. */
INLINE double frequency_of(const Segment *segment, Leaf *leaf, int64_t at, int64_t number)
{
    uint8_t code = segment->packed[leaf->posting + at];
    if (code == EXCEPTION)
        return exceptional(segment, leaf, (uint64_t)(leaf->posting + at), number);
    return leaf->body_worth[code] * segment->body_share[number] +
           leaf->title_worth[code] * segment->title_share[number];
}

INLINE double score_of(const Segment *segment, const Leaf *leaf, double frequency)
{
    double saturation = segment->saturation;
    return leaf->idf * (frequency * (saturation + 1) / (frequency + saturation));
}

/* What an article earns for a leaf. */
INLINE double earned(const Segment *segment, Leaf *leaf, int64_t at, int64_t number)
{
    leaf->scored++;
    if (leaf->scores)
        return leaf->scores[at];
    return score_of(segment, leaf, frequency_of(segment, leaf, at, number));
}

/* No article earns more for a leaf. */
static double most_earned(const Segment *segment, const Leaf *leaf)
{
    if (!leaf->scores)
        return leaf->idf * (segment->saturation + 1);
    double most = 0;
    for (int64_t at = 0; at < leaf->count; at++)
        most = leaf->scores[at] > most ? leaf->scores[at] : most;
    return most;
}

/* ---- passing over postings ---- */

INLINE uint64_t word_of(const uint8_t *bitmap, int64_t articles, int64_t word)
{
    uint64_t bits = 0;
    int64_t bytes = (articles + 7) / 8 - 8 * word;
    if (bytes >= 8)
        memcpy(&bits, bitmap + 8 * word, 8);
    else
        memcpy(&bits, bitmap + 8 * word, (size_t)bytes);
    return bits;
}

/* Whether a number on disk can be one: in a damaged file it need not be. */
INLINE int is_article(const Segment *segment, int64_t number)
{
    return (uint64_t)number < (uint64_t)segment->articles;
}

/* Where a search is in a leaf. `ends` has where each range of 65,536 articles ends in a list. */
typedef struct {
    Leaf *leaf;
    int64_t *ends;
    int64_t at;    /* the next posting */
    int64_t word;  /* the word of a bitmap, or the range of a list, that it is in */
    uint64_t bits; /* what is left of that word */
} Cursor;

static int64_t laps_of(const Segment *segment)
{
    return (segment->articles >> 16) + 1;
}

static void find_ends(Cursor *cursor, int64_t laps)
{
    const Leaf *leaf = cursor->leaf;
    int64_t lap = 0;
    for (int64_t at = 1; laps > 1 && at <= leaf->count && at - 1 < leaf->count; at++) {
        int64_t before = at - 1;
        if (leaf->high) {
            while (lap < leaf->high[before] && lap < laps)
                cursor->ends[lap++] = before;
        } else if (at < leaf->count && leaf->low[at] <= leaf->low[before] && lap < laps) {
            cursor->ends[lap++] = at;
        }
    }
    while (lap < laps)
        cursor->ends[lap++] = leaf->count;
}

/* Cursors at the start of each leaf, with one block of memory behind them; NULL without memory. */
static Cursor *open_cursors(const Segment *segment, Leaf *leaves, int count)
{
    int64_t laps = laps_of(segment);
    size_t heads = (size_t)count * sizeof(Cursor);
    Cursor *cursors = malloc(heads + (size_t)count * (size_t)laps * sizeof(int64_t));
    if (!cursors)
        return NULL;
    int64_t *ends = (int64_t *)((char *)cursors + heads);
    for (int each = 0; each < count; each++) {
        cursors[each] = (Cursor){leaves + each, ends + each * laps, 0, 0, 0};
        if (leaves[each].low)
            find_ends(cursors + each, laps);
    }
    return cursors;
}

static void rewind_to_start(const Segment *segment, Cursor *cursor)
{
    cursor->at = cursor->word = 0;
    cursor->bits = cursor->leaf->bitmap ? word_of(cursor->leaf->bitmap, segment->articles, 0) : 0;
}

typedef void Visit(void *context, Leaf *leaf, int64_t at, int64_t number);

/* Visit the postings of the articles from `base` to before `limit`; both begin a word, and `limit`
   is no further than the next range of 65,536. */
INLINE void visit_between(const Segment *segment, Cursor *cursor, int64_t base, int64_t limit,
                          Visit *visit, void *context)
{
    Leaf *leaf = cursor->leaf;
    int64_t at = cursor->at;
    if (leaf->bitmap) {
        for (int64_t word = base / 64; 64 * word < limit; word++) {
            uint64_t bits = word_of(leaf->bitmap, segment->articles, word);
            for (; bits && at < leaf->count; bits &= bits - 1) {
                int64_t number = 64 * word + __builtin_ctzll(bits);
                if (is_article(segment, number))
                    visit(context, leaf, at++, number);
            }
        }
    } else if (leaf->low) {
        int64_t end = cursor->ends[base >> 16], above = base & ~(int64_t)0xFFFF;
        for (; at < end && (above | leaf->low[at]) < limit; at++)
            if ((above | leaf->low[at]) >= base)
                visit(context, leaf, at, above | leaf->low[at]);
    } else {
        for (; at < leaf->count && leaf->numbers[at] < limit; at++)
            visit(context, leaf, at, leaf->numbers[at]);
    }
    cursor->at = at;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

INLINE void visit_all(const Segment *segment, Cursor *cursor, Visit *visit, void *context)
{
    for (int64_t base = 0; base < segment->articles; base += 1 << 16)
        visit_between(segment, cursor, base, smaller(base + (1 << 16), segment->articles), visit,
                      context);
}

/* The first place from `from` to before `to` that is not below the wanted one. */
static int64_t bisect_low(const uint16_t *items, int64_t from, int64_t to, int64_t wanted)
{
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (items[middle] < wanted)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static int64_t bisect_number(const int64_t *items, int64_t from, int64_t to, int64_t wanted)
{
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (items[middle] < wanted)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* ---- one leaf ---- */

typedef struct {
    const Segment *segment;
    const Query *query;
    Found *found;
    double floor; /* a frequency below earns less than the worst that is kept */
} Matching;

/* A sum of a few products is off by less than this share of itself. */
#define ROUNDING 1e-9

static double floor_of(const Segment *segment, const Leaf *leaf, const Found *found)
{
    if (!found->best_limit)
        return INFINITY;
    if (leaf->scores || found->best_count < found->best_limit)
        return 0;
    double share = found->best[0].score / leaf->idf;
    return share * segment->saturation / (segment->saturation + 1 - share) * (1 - ROUNDING);
}

INLINE void match_posting(void *context, Leaf *leaf, int64_t at, int64_t number)
{
    Matching *matching = context;
    const Segment *segment = matching->segment;
    Found *found = matching->found;
    if (!passes(matching->query, number))
        return;
    if (found->numbers)
        found->numbers[found->total] = number;
    found->total++;
    leaf->scored++;
    double frequency = leaf->scores ? 1 : frequency_of(segment, leaf, at, number);
    if (frequency < matching->floor)
        return;
    double score = leaf->scores ? leaf->scores[at] : score_of(segment, leaf, frequency);
    keep(found, (Best){score, segment->newest[number], number});
    matching->floor = floor_of(segment, leaf, found);
}

static void one(const Segment *segment, Cursor *cursor, const Query *query, Found *found)
{
    Matching matching = {segment, query, found, floor_of(segment, cursor->leaf, found)};
    visit_all(segment, cursor, match_posting, &matching);
}

/* ---- any of the leaves, window by window ----

   Once enough of the best are known, leaves that cannot lift an article among them together, the
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

static int any_by_window(const Segment *segment, Cursor *cursors, const Query *query, Found *found)
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

/* ---- any of the leaves, article by article, where postings are few ---- */

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

static void any_by_article(const Segment *segment, Cursor *cursors, const Query *query,
                           Found *found)
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

/* ---- all required leaves: the articles of the rarest, looked up in the others ---- */

/* The posting of an article in the leaf, or NONE. Articles must be asked for in order; `skips` says
   that they are few, so that bisection pays. */
INLINE int64_t look_up(const Segment *segment, Cursor *cursor, int64_t number, int skips)
{
    const Leaf *leaf = cursor->leaf;
    if (leaf->bitmap) {
        for (; cursor->word < number / 64; cursor->word++) {
            cursor->at += __builtin_popcountll(cursor->bits);
            cursor->bits = word_of(leaf->bitmap, segment->articles, cursor->word + 1);
        }
        uint64_t bit = UINT64_C(1) << (number % 64);
        int64_t posting = cursor->at + __builtin_popcountll(cursor->bits & (bit - 1));
        return cursor->bits & bit && posting < leaf->count ? posting : NONE;
    }
    int64_t at = cursor->at, end = leaf->count;
    if (leaf->low) {
        int64_t lap = number >> 16, low = number & 0xFFFF;
        end = cursor->ends[lap];
        if (lap && at < cursor->ends[lap - 1])
            at = cursor->ends[lap - 1];
        if (skips)
            at = bisect_low(leaf->low, at, end, low);
        while (at < end && leaf->low[at] < low)
            at++;
        cursor->at = at;
        return at < end && leaf->low[at] == low ? at : NONE;
    }
    if (skips)
        at = bisect_number(leaf->numbers, at, end, number);
    while (at < end && leaf->numbers[at] < number)
        at++;
    cursor->at = at;
    return at < end && leaf->numbers[at] == number ? at : NONE;
}

typedef struct {
    const Query *query;
    const uint64_t *bits; /* articles in all required bitmaps, or NULL */
    int64_t most;
    int64_t count;
    int64_t *numbers;
} Candidates;

INLINE void add_candidate(void *context, Leaf *leaf, int64_t at, int64_t number)
{
    (void)leaf, (void)at;
    Candidates *candidates = context;
    if (candidates->count == candidates->most)
        return;
    candidates->numbers[candidates->count] = number;
    if (!candidates->bits || candidates->bits[number / 64] >> (number % 64) & 1)
        candidates->count += passes(candidates->query, number);
}

static void enumerate_bits(const Segment *segment, Candidates *candidates)
{
    for (int64_t word = 0; word < (segment->articles + 63) / 64; word++)
        for (uint64_t bits = candidates->bits[word]; bits; bits &= bits - 1) {
            if (candidates->count == candidates->most)
                return;
            int64_t number = 64 * word + __builtin_ctzll(bits);
            candidates->numbers[candidates->count] = number;
            candidates->count += is_article(segment, number) && passes(candidates->query, number);
        }
}

static void keep_having(const Segment *segment, Cursor *cursor, Candidates *candidates)
{
    int64_t kept = 0;
    int skips = candidates->count * SKIPPED < cursor->leaf->count;
    for (int64_t at = 0; at < candidates->count; at++) {
        int64_t number = candidates->numbers[at];
        candidates->numbers[kept] = number;
        kept += look_up(segment, cursor, number, skips) != NONE;
    }
    candidates->count = kept;
}

static void add_scores(const Segment *segment, Cursor *cursor, const Candidates *candidates,
                       double *sums)
{
    int skips = candidates->count * SKIPPED < cursor->leaf->count;
    rewind_to_start(segment, cursor);
    for (int64_t at = 0; at < candidates->count; at++) {
        int64_t number = candidates->numbers[at];
        int64_t posting = look_up(segment, cursor, number, skips);
        if (posting != NONE)
            sums[at] += earned(segment, cursor->leaf, posting, number);
    }
}

static void all_bits(const Segment *segment, const Query *query, uint64_t *bits)
{
    int64_t words = (segment->articles + 63) / 64;
    memset(bits, 0xFF, (size_t)words * sizeof(uint64_t));
    for (int each = 0; each < query->leaf_count; each++) {
        const Leaf *leaf = query->leaves + each;
        if (leaf->required && leaf->bitmap)
            for (int64_t word = 0; word < words; word++)
                bits[word] &= word_of(leaf->bitmap, segment->articles, word);
    }
}

/* The required leaves that are no bitmaps, from the rarest; returns how many. */
static int order_lists(const Query *query, int *order)
{
    int count = 0;
    for (int each = 0; each < query->leaf_count; each++) {
        const Leaf *leaf = query->leaves + each;
        if (!leaf->required || leaf->bitmap)
            continue;
        int at = count++;
        for (; at && query->leaves[order[at - 1]].count > leaf->count; at--)
            order[at] = order[at - 1];
        order[at] = each;
    }
    return count;
}

static void find_candidates(const Segment *segment, Cursor *cursors, const int *order, int lists,
                            Candidates *candidates)
{
    if (!lists) {
        enumerate_bits(segment, candidates);
        return;
    }
    visit_all(segment, cursors + order[0], add_candidate, candidates);
    for (int each = 1; each < lists; each++)
        keep_having(segment, cursors + order[each], candidates);
}

static int all(const Segment *segment, Cursor *cursors, const Query *query, Found *found)
{
    size_t words = (size_t)(segment->articles + 63) / 64, most = words * 64;
    int bitmaps = 0;
    for (int each = 0; each < query->leaf_count; each++) {
        const Leaf *leaf = query->leaves + each;
        bitmaps |= leaf->required && leaf->bitmap;
        if (leaf->required && (size_t)leaf->count < most)
            most = (size_t)leaf->count;
    }
    int *order = malloc((size_t)query->leaf_count * sizeof(int));
    uint64_t *bits = malloc(words * sizeof(uint64_t));
    int64_t *numbers = malloc((most + 1) * sizeof(int64_t));
    double *sums = NULL;
    if (order && bits && numbers) {
        Candidates candidates = {query, bitmaps ? bits : NULL, (int64_t)most, 0, numbers};
        if (bitmaps)
            all_bits(segment, query, bits);
        find_candidates(segment, cursors, order, order_lists(query, order), &candidates);
        sums = calloc((size_t)candidates.count + 1, sizeof(double));
        for (int each = 0; sums && found->best_limit && each < query->leaf_count; each++)
            add_scores(segment, cursors + each, &candidates, sums);
        for (int64_t at = 0; sums && at < candidates.count; at++)
            match(segment, found, numbers[at], sums[at]);
    }
    int failed = !sums;
    free(order);
    free(bits);
    free(numbers);
    free(sums);
    return failed ? -1 : 0;
}

int search(const Segment *segment, const Query *query, Found *found)
{
    int count = query->leaf_count;
    found->total = found->best_count = 0;
    if (!count)
        return 0;
    Cursor *cursors = open_cursors(segment, query->leaves, count);
    if (!cursors)
        return -1;
    int64_t postings = 0;
    int required = 0, failed = 0;
    for (int each = 0; each < count; each++) {
        postings += query->leaves[each].count;
        required |= query->leaves[each].required;
    }
    if (count == 1)
        one(segment, cursors, query, found);
    else if (required)
        failed = all(segment, cursors, query, found);
    else if (postings * count < segment->articles / WINDOW * MERGED)
        any_by_article(segment, cursors, query, found);
    else
        failed = any_by_window(segment, cursors, query, found);
    free(cursors);
    qsort(found->best, (size_t)found->best_count, sizeof(Best), in_order);
    return failed;
}

void count_codes(Unsigned codes, const int64_t *numbers, int64_t count, int64_t *totals,
                 int64_t names)
{
    for (int64_t at = 0; at < count; at++) {
        uint64_t code = item(codes, numbers[at]);
        if (code < (uint64_t)names)
            totals[code]++;
    }
}
