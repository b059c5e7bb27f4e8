/* The words of a dictionary in a text, and where a segmenter divides it. Plain arrays in, plain
   arrays out: nothing here knows of Python. */

#ifndef JIANBAO_WORDS_H
#define JIANBAO_WORDS_H

#include <stddef.h>
#include <stdint.h>

#define CODE_POINTS 0x110000

/* A state of a trie. What follows it are the states from `first` to before that of the next. */
typedef struct {
    uint32_t first;
    int32_t word;  /* the number of the word that ends here, -1 for none */
    double weight; /* what the segmenter weighs it with, above 0 where it does not know it */
} State;

/* The states after each number of characters follow one another, and so do those that follow one
   state, in the order of their characters. */
typedef struct {
    uint16_t *numbers;   /* of each code point, 0 for one that no word has */
    uint16_t *character; /* the number of the character that leads to each state */
    State *state;        /* one more for the end */
    uint32_t states;
} Trie;

/* Entries are sorted and distinct; their characters stand in `codes` in a row. Returns 0, or -1 for
   want of memory. */
int make_trie(Trie *trie, const uint32_t *codes, const uint32_t *lengths, const int32_t *words,
              const double *weights, size_t entries);

void free_trie(Trie *trie);

/* A text to be divided. Only characters that `in_block` marks are weighed as parts of words, and
   nothing goes across a break. */
typedef struct {
    const uint32_t *codes;
    size_t length;
    const uint8_t *in_block; /* by code point */
    const int64_t *breaks;   /* sorted */
    size_t break_count;
    double unknown; /* the weight of a character that is no word */
} Text;

/* The occurrences of words, by their starts, then by their lengths. */
typedef struct {
    int64_t *starts;
    uint32_t *words;
    uint8_t *aligned; /* whether a word is made of whole parts of the division, or lies in one */
    size_t room;
} Occurrences;

/* Mark in `boundaries`, one longer than the text, where a part begins, and the end; list the words.
   Returns how many words there are, of which `room` were listed, or -1 for want of memory. */
int64_t divide(const Trie *trie, const Text *text, uint8_t *boundaries, Occurrences *found);

#endif
