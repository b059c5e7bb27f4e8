/* A dictionary as a trie; a text to the words in it, and to the division of the highest weight. */

#include "words.h"

#include <stdlib.h>
#include <string.h>

#define NO_WORD (-1)
#define UNKNOWN 1.0

void free_trie(Trie *trie) {
    free(trie->numbers);
    free(trie->character);
    free(trie->state);
    memset(trie, 0, sizeof *trie);
}

/* Numbers from 1 for the code points there are; returns how many. */
static uint32_t number_characters(uint16_t *numbers, const uint32_t *codes, size_t count) {
    uint32_t last = 0;
    for (size_t at = 0; at < count; at++)
        numbers[codes[at] < CODE_POINTS ? codes[at] : 0] = 1;
    for (uint32_t code = 0; code < CODE_POINTS; code++)
        if (numbers[code])
            numbers[code] = (uint16_t)++last;
    return last;
}

/* States 1 to `singles` follow the start, one for each character. */
static void first_level(Trie *trie, uint32_t singles) {
    trie->state[0].first = 1;
    for (uint32_t number = 1; number <= singles; number++)
        trie->character[number] = (uint16_t)number;
    trie->states = singles + 1;
}

/* Add the states that are reached by one more character than those in `state`. */
static void next_level(Trie *trie, uint32_t *state, const uint32_t *const *text,
                       const uint32_t *lengths, size_t entries, uint32_t depth, uint32_t *opened) {
    uint32_t parent = 0, character = 0;
    for (size_t each = 0; each < entries; each++) {
        if (lengths[each] <= depth)
            continue;
        uint32_t number = trie->numbers[text[each][depth]];
        if (state[each] != parent || number != character) {
            parent = state[each];
            character = number;
            for (; *opened < parent; ++*opened)
                trie->state[*opened + 1].first = trie->states;
            trie->character[trie->states++] = (uint16_t)number;
        }
        state[each] = trie->states - 1;
    }
}

static void fill(Trie *trie, const uint32_t *const *text, const uint32_t *lengths,
                 const int32_t *words, const double *weights, size_t entries, uint32_t *state) {
    uint32_t longest = 0, opened = 0;
    for (size_t each = 0; each < entries; each++) {
        state[each] = trie->numbers[text[each][0]];
        longest = lengths[each] > longest ? lengths[each] : longest;
    }
    for (uint32_t depth = 1; depth < longest; depth++)
        next_level(trie, state, text, lengths, entries, depth, &opened);
    for (; opened < trie->states; opened++)
        trie->state[opened + 1].first = trie->states;
    for (uint32_t each = 0; each < trie->states; each++) {
        trie->state[each].word = NO_WORD;
        trie->state[each].weight = UNKNOWN;
    }
    for (size_t each = 0; each < entries; each++) {
        trie->state[state[each]].word = words[each];
        trie->state[state[each]].weight = weights[each];
    }
}

int make_trie(Trie *trie, const uint32_t *codes, const uint32_t *lengths, const int32_t *words,
              const double *weights, size_t entries) {
    size_t total = 0;
    for (size_t each = 0; each < entries; each++)
        total += lengths[each];
    trie->numbers = calloc(CODE_POINTS, sizeof(uint16_t));
    uint32_t singles = trie->numbers ? number_characters(trie->numbers, codes, total) : 0;
    size_t most = total + singles + 2;
    const uint32_t **text = malloc((entries + 1) * sizeof *text);
    uint32_t *state = malloc((entries + 1) * sizeof *state);
    trie->character = malloc(most * sizeof(uint16_t));
    trie->state = malloc((most + 1) * sizeof(State));
    int failed = !trie->numbers || !text || !state || !trie->character || !trie->state;
    if (!failed) {
        for (size_t each = 0; each < entries; codes += lengths[each++])
            text[each] = codes;
        first_level(trie, singles);
        fill(trie, text, lengths, words, weights, entries, state);
    }
    free(text);
    free(state);
    return failed ? -1 : 0;
}

/* The state that a character leads to, 0 for none. */
static uint32_t follow(const Trie *trie, uint32_t state, uint16_t number) {
    uint32_t low = trie->state[state].first, count = trie->state[state + 1].first - low;
    const uint16_t *character = trie->character;
    while (count > 1) {
        uint32_t half = count / 2;
        low = character[low + half] <= number ? low + half : low;
        count -= half;
    }
    return count && character[low] == number ? low : 0;
}

/* Words that the segmenter weighs, from each place of a text: where they end and with what. */
typedef struct {
    uint32_t *until; /* for each place, how many there are up to its words' end */
    uint32_t *end;
    double *weight;
    size_t count, room;
} Edges;

static int add_edge(Edges *edges, uint32_t end, double weight) {
    if (edges->count == edges->room) {
        size_t room = edges->room * 2 + 1024;
        uint32_t *ends = realloc(edges->end, room * sizeof *ends);
        if (ends)
            edges->end = ends;
        double *weights = ends ? realloc(edges->weight, room * sizeof *weights) : NULL;
        if (!weights)
            return -1;
        edges->weight = weights;
        edges->room = room;
    }
    edges->end[edges->count] = end;
    edges->weight[edges->count++] = weight;
    return 0;
}

static void add_word(Occurrences *found, int64_t at, size_t start, int32_t word, size_t end) {
    if ((size_t)at < found->room) {
        found->starts[at] = (int64_t)start;
        found->words[at] = (uint32_t)word;
        /* Until the division is known, how long the word is. */
        found->aligned[at] = (uint8_t)(end - start);
    }
}

/* The end of the block that each place is in: what is weighed goes no further. */
static uint32_t *block_ends(const Text *text) {
    uint32_t *ends = malloc((text->length + 1) * sizeof *ends);
    if (!ends)
        return NULL;
    size_t next_break = text->break_count;
    uint32_t end = (uint32_t)text->length;
    for (size_t at = text->length; at-- > 0;) {
        uint32_t code = text->codes[at];
        if (code >= CODE_POINTS || !text->in_block[code])
            end = (uint32_t)at + 1;
        else if (at + 1 < text->length &&
                 (text->codes[at + 1] >= CODE_POINTS || !text->in_block[text->codes[at + 1]]))
            end = (uint32_t)at + 1;
        while (next_break && text->breaks[next_break - 1] > (int64_t)at + 1)
            next_break--;
        if (next_break && text->breaks[next_break - 1] == (int64_t)at + 1)
            end = (uint32_t)at + 1;
        ends[at] = end;
    }
    return ends;
}

/* List the words from one place on, and what may be a part of the division there. */
static int64_t look(const Trie *trie, const Text *text, size_t start, uint32_t block_end,
                    Edges *edges, Occurrences *found, int64_t count) {
    uint32_t state = 0;
    for (size_t end = start; end < text->length;) {
        uint32_t code = text->codes[end++];
        uint16_t number = code < CODE_POINTS ? trie->numbers[code] : 0;
        state = !number ? 0 : state ? follow(trie, state, number) : number;
        if (!state)
            break;
        const State *reached = trie->state + state;
        if (reached->word != NO_WORD)
            add_word(found, count++, start, reached->word, end);
        if (reached->weight <= 0 && end <= block_end &&
            add_edge(edges, (uint32_t)end, reached->weight))
            return -1;
    }
    return count;
}

/* From each place, the end of the first part of the division of the highest weight of what follows;
   of two with the same weight the longer. */
static void choose(const Text *text, const Edges *edges, const uint32_t *ends, double *best,
                   uint32_t *chosen) {
    best[text->length] = 0;
    for (size_t at = text->length; at-- > 0;) {
        size_t first = at ? edges->until[at - 1] : 0, last = edges->until[at];
        double after = ends[at] == at + 1 ? 0 : best[at + 1];
        double highest = text->unknown + after;
        chosen[at] = (uint32_t)at + 1;
        for (size_t each = first; each < last; each++) {
            uint32_t end = edges->end[each];
            double weight = edges->weight[each] + (end == ends[at] ? 0 : best[end]);
            if (each == first || weight >= highest) {
                highest = weight;
                chosen[at] = end;
            }
        }
        best[at] = highest;
    }
}

static int is_letter(uint32_t code) {
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
           (code >= 'A' && code <= 'Z');
}

/* Letters and digits that are parts by themselves are one part with those beside them. */
static void mark(const Text *text, const uint32_t *ends, const uint32_t *chosen,
                 uint8_t *boundaries) {
    memset(boundaries, 0, text->length + 1);
    boundaries[0] = boundaries[text->length] = 1;
    for (size_t at = 0; at < text->length;) {
        size_t end = chosen[at];
        int joins = end == at + 1 && is_letter(text->codes[at]) && end < ends[at] &&
                    is_letter(text->codes[end]) && chosen[end] == end + 1;
        boundaries[end] |= !joins;
        at = end;
    }
}

static void align(const uint8_t *boundaries, size_t length, uint32_t *before, Occurrences *found,
                  size_t count) {
    uint32_t sum = 0;
    for (size_t at = 0; at < length; at++)
        before[at] = sum += boundaries[at];
    count = count < found->room ? count : found->room;
    for (size_t each = 0; each < count; each++) {
        size_t start = (size_t)found->starts[each], end = start + found->aligned[each];
        found->aligned[each] =
            (boundaries[start] && boundaries[end]) || before[end - 1] == before[start];
    }
}

int64_t divide(const Trie *trie, const Text *text, uint8_t *boundaries, Occurrences *found) {
    Edges edges = {0};
    uint32_t *ends = block_ends(text);
    edges.until = malloc((text->length + 1) * sizeof(uint32_t));
    uint32_t *chosen = malloc((text->length + 1) * sizeof *chosen);
    double *best = malloc((text->length + 1) * sizeof *best);
    int64_t count = ends && edges.until && chosen && best ? 0 : -1;
    for (size_t at = 0; count >= 0 && at < text->length; at++) {
        count = look(trie, text, at, ends[at], &edges, found, count);
        edges.until[at] = (uint32_t)edges.count;
    }
    if (count >= 0) {
        choose(text, &edges, ends, best, chosen);
        mark(text, ends, chosen, boundaries);
        align(boundaries, text->length, chosen, found, (size_t)count);
    }
    free(ends);
    free(edges.until);
    free(edges.end);
    free(edges.weight);
    free(chosen);
    free(best);
    return count;
}
