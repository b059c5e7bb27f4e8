/* What Python asks of a search, as the kernel takes it. */

#include "asked.h"

#include <math.h>
#include <stdlib.h>

/* Whether an array of `length` items has `count` from `start` on. */
static int lies_within(int64_t start, int64_t count, int64_t length) {
    return start >= 0 && count >= 0 && count <= length && start <= length - count;
}

/* The postings of the term at a place; empty where a damaged file says that they lie outside. */
static Leaf term_leaf(const SegmentObject *self, int64_t place) {
    const Py_buffer *arrays = self->arrays;
    Leaf leaf = {0};
    if (place < 0 || place >= items(arrays + ARTICLES_OF))
        return leaf;
    int64_t count = at_place(arrays + ARTICLES_OF, place);
    int64_t row = at_place(arrays + BITMAP_ROWS, place);
    leaf.posting = at_place(arrays + POSTING_STARTS, place);
    leaf.is_word = ((const uint8_t *)arrays[IS_WORD].buf)[place] != 0;
    leaf.title_worth = (const double *)arrays[TITLE_WORTHS].buf + 256 * leaf.is_word;
    leaf.body_worth = (const double *)arrays[BODY_WORTHS].buf + 256 * leaf.is_word;
    if (count > self->segment.articles || !lies_within(leaf.posting, count, items(arrays + PACKED)))
        return leaf;
    if (row >= 0) {
        int64_t width = (self->segment.articles + 7) / 8;
        if (!width || row >= arrays[BITMAPS].len / width)
            return leaf;
        leaf.bitmap = (const uint8_t *)arrays[BITMAPS].buf + row * width;
    } else {
        int64_t start = at_place(arrays + LIST_STARTS, place);
        if (!lies_within(start, count, items(arrays + LOW)))
            return leaf;
        leaf.low = (const uint16_t *)arrays[LOW].buf + start;
        if (((const uint8_t *)arrays[HAS_HIGH].buf)[place]) {
            start = at_place(arrays + HIGH_STARTS, place);
            if (!lies_within(start, count, items(arrays + HIGH)))
                return leaf;
            leaf.high = (const uint8_t *)arrays[HIGH].buf + start;
        }
    }
    leaf.count = count;
    return leaf;
}

/* Have the processor fetch where a leaf's postings begin while the next leaf is looked up. */
static void fetch_postings(const Segment *segment, const Leaf *leaf) {
    __builtin_prefetch(leaf->bitmap ? (const void *)leaf->bitmap : leaf->low);
    __builtin_prefetch(segment->packed + leaf->posting);
}

void let_go(Asked *asked) {
    close_buffers(asked->buffers, &asked->opened);
    while (asked->text_count)
        PyMem_Free(asked->texts[--asked->text_count]);
    free(asked->texts);
    free(asked->buffers);
    free(asked->leaves);
    free(asked->patterns);
    free(asked->conditions);
}

const Py_buffer *open_array(Asked *asked, PyObject *array, Py_ssize_t width, int flags) {
    Py_buffer *buffer = asked->buffers + asked->opened;
    if (open_buffer(array, buffer, width, flags))
        return NULL;
    asked->opened++;
    return buffer;
}

int spell(const SegmentObject *self, PyObject *text, Asked *asked, Pattern *pattern) {
    Py_ssize_t length = PyUnicode_GetLength(text);
    if (length < 0)
        return -1;
    if (length > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "a text is too long to be looked for");
        return -1;
    }
    uint32_t *units = (uint32_t *)PyUnicode_AsUCS4Copy(text);
    if (!units)
        return -1;
    asked->texts[asked->text_count++] = units;
    pattern->units = units;
    pattern->length = (int)length;
    if (!to_units(&self->segment, units, length))
        pattern->in_title = pattern->in_body = 0; /* no text can spell it */
    return 0;
}

/* Whether the numbers are those of articles, each once, in order. */
static int are_articles(const Segment *segment, const int64_t *numbers, int64_t count) {
    if (!count)
        return 1;
    int fail = numbers[0] < 0 || numbers[count - 1] >= segment->articles;
    for (int64_t at = 1; at < count; at++)
        fail |= numbers[at] <= numbers[at - 1];
    return !fail;
}

/* A leaf that is given with its articles and what each earns. */
static int read_articles(const SegmentObject *self, PyObject *numbers, PyObject *scores,
                         Asked *asked, Leaf *leaf) {
    const Py_buffer *numbers_in = open_array(asked, numbers, 8, 0);
    const Py_buffer *scores_in = numbers_in ? open_array(asked, scores, 8, 0) : NULL;
    if (!scores_in)
        return -1;
    int64_t count = items(numbers_in);
    if (items(scores_in) != count || !are_articles(&self->segment, numbers_in->buf, count)) {
        PyErr_SetString(PyExc_ValueError, "the articles of a leaf are not in order");
        return -1;
    }
    *leaf = (Leaf){.count = count, .numbers = numbers_in->buf, .scores = scores_in->buf};
    return 0;
}

/* How much a leaf tells that so many articles have: `ranking.idf`. */
static double idf(int64_t articles, int64_t matching) {
    return log(1 + ((double)(articles - matching) + 0.5) / ((double)matching + 0.5));
}

/* Whether it is required; its text or None, with its edges as pairs of 32 bits, and whether it is
   looked for in titles, in bodies; its term, or None, numbers and scores. */
static int read_leaf(const SegmentObject *self, PyObject *given, Asked *asked, Query *query) {
    int required;
    const char *edges;
    Py_ssize_t edge_bytes, bytes;
    PyObject *text, *term, *numbers, *scores;
    Leaf *leaf = asked->leaves + query->leaf_count;
    Pattern *pattern = asked->patterns + query->pattern_count;
    if (!PyArg_ParseTuple(given, "pOy#ppOOO", &required, &text, &edges, &edge_bytes,
                          &pattern->in_title, &pattern->in_body, &term, &numbers, &scores))
        return -1;
    if (term != Py_None) {
        const char *spelled = PyUnicode_AsUTF8AndSize(term, &bytes);
        if (!spelled)
            return -1;
        *leaf = term_leaf(self, place_of(&self->segment, spelled, bytes));
        fetch_postings(&self->segment, leaf);
    } else {
        if (read_articles(self, numbers, scores, asked, leaf))
            return -1;
    }
    leaf->required = required;
    leaf->idf = idf(self->segment.articles, leaf->count);
    query->leaf_count++;
    if (text == Py_None)
        return 0;
    query->pattern_count++;
    pattern->idf = leaf->idf;
    pattern->edges = (const int32_t *)(const void *)edges;
    pattern->edge_count = (int)(edge_bytes / 8);
    return spell(self, text, asked, pattern);
}

/* The text of the whole query, looked for in titles, with its edges. */
static int read_phrase(const SegmentObject *self, PyObject *given, Asked *asked, Query *query) {
    Pattern *pattern = asked->patterns + query->pattern_count;
    PyObject *text;
    const char *edges;
    Py_ssize_t edge_bytes;
    if (!PyArg_ParseTuple(given, "Uy#", &text, &edges, &edge_bytes))
        return -1;
    pattern->edges = (const int32_t *)(const void *)edges;
    pattern->edge_count = (int)(edge_bytes / 8);
    pattern->in_title = 1;
    query->phrase = pattern;
    return spell(self, text, asked, pattern);
}

static int read_condition(const SegmentObject *self, PyObject *given, Asked *asked,
                          Condition *condition) {
    PyObject *first, *second;
    if (!PyArg_ParseTuple(given, "OO", &first, &second))
        return -1;
    const Py_buffer *codes = open_array(asked, first, ANY_WIDTH, 0);
    const Py_buffer *wanted = codes ? open_array(asked, second, 1, 0) : NULL;
    if (!wanted)
        return -1;
    if (items(codes) != self->segment.articles) {
        PyErr_SetString(PyExc_ValueError, "a condition does not have a code for each article");
        return -1;
    }
    *condition = (Condition){unsigned_of(codes), wanted->buf, items(wanted)};
    return 0;
}

int read_query(const SegmentObject *self, PyObject *leaves, PyObject *phrase, PyObject *conditions,
               Asked *asked, Query *query) {
    size_t leaf_count = (size_t)PyTuple_Size(leaves);
    size_t condition_count = (size_t)PyTuple_Size(conditions);
    asked->leaves = calloc(leaf_count + 1, sizeof(Leaf));
    asked->patterns = calloc(leaf_count + 1, sizeof(Pattern));
    asked->texts = calloc(leaf_count + 1, sizeof(uint32_t *));
    asked->conditions = calloc(condition_count + 1, sizeof(Condition));
    asked->buffers = calloc(2 * (leaf_count + condition_count) + 3, sizeof(Py_buffer));
    if (!asked->leaves || !asked->patterns || !asked->texts || !asked->conditions ||
        !asked->buffers) {
        PyErr_NoMemory();
        return -1;
    }
    *query = (Query){.leaves = asked->leaves,
                     .patterns = asked->patterns,
                     .conditions = asked->conditions,
                     .condition_count = (int)condition_count};
    for (size_t each = 0; each < leaf_count; each++)
        if (read_leaf(self, PyTuple_GetItem(leaves, (Py_ssize_t)each), asked, query))
            return -1;
    for (size_t each = 0; each < condition_count; each++)
        if (read_condition(self, PyTuple_GetItem(conditions, (Py_ssize_t)each), asked,
                           asked->conditions + each))
            return -1;
    return phrase == Py_None ? 0 : read_phrase(self, phrase, asked, query);
}
