/* The kernel as the Python module `_native`; its types are in `_native.pyi`. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "cursors.h"
#include "kernel.h"

#include <math.h>
#include <stdlib.h>

/* The arrays of a segment, in the order in which its constructor is given them. */
enum {
    TERMS, TERM_ENDS, TERM_PLACES, ARTICLES_OF, POSTING_STARTS, IS_WORD, BITMAP_ROWS, BITMAPS, LIST_STARTS, LOW, HAS_HIGH,
    HIGH_STARTS, HIGH, PACKED, EXCEPTIONS, EXCEPTION_COUNTS, TITLE_WORTHS, BODY_WORTHS,
    TITLE_SHARE, BODY_SHARE, NEWEST, UNITS, RARE, FOLDING, IN_RUN, STARTS, BODIES, ARRAYS
};

typedef struct {
    PyObject_HEAD
    Segment segment;
    Py_buffer arrays[ARRAYS];
    int opened;
} SegmentObject;

static Unsigned unsigned_of(const Py_buffer *buffer)
{
    int width = (int)buffer->itemsize;
    return (Unsigned){buffer->buf, width, buffer->len / (width ? width : 1)};
}

static int64_t at_place(const Py_buffer *buffer, int64_t place)
{
    return ((const int64_t *)buffer->buf)[place];
}

static int64_t length(const Py_buffer *buffer)
{
    return buffer->itemsize ? buffer->len / buffer->itemsize : 0;
}

static int segment_init(PyObject *object, PyObject *args, PyObject *names)
{
    SegmentObject *self = (SegmentObject *)object;
    PyObject *arrays;
    double saturation, accidental, near, near_half, contains, equals;
    long long depth;
    if (names || !PyArg_ParseTuple(args, "O!(ddddddL)", &PyTuple_Type, &arrays, &saturation,
                                   &accidental, &near, &near_half, &contains, &equals, &depth))
        return -1;
    if (PyTuple_Size(arrays) != ARRAYS) {
        PyErr_Format(PyExc_ValueError, "a segment has %d arrays", ARRAYS);
        return -1;
    }
    for (; self->opened < ARRAYS; self->opened++)
        if (PyObject_GetBuffer(PyTuple_GetItem(arrays, self->opened),
                               self->arrays + self->opened, PyBUF_C_CONTIGUOUS))
            return -1;
    Py_buffer *buffers = self->arrays;
    self->segment = (Segment){
        .articles = length(buffers + NEWEST),
        .terms = buffers[TERMS].buf,
        .terms_length = buffers[TERMS].len,
        .term_ends = buffers[TERM_ENDS].buf,
        .term_count = length(buffers + TERM_ENDS),
        .term_places = buffers[TERM_PLACES].buf,
        .packed = buffers[PACKED].buf,
        .exceptions = unsigned_of(buffers + EXCEPTIONS),
        .exception_counts = unsigned_of(buffers + EXCEPTION_COUNTS),
        .newest = buffers[NEWEST].buf,
        .units = unsigned_of(buffers + UNITS),
        .rare = buffers[RARE].buf,
        .rare_count = length(buffers + RARE),
        .folding = unsigned_of(buffers + FOLDING),
        .in_run = buffers[IN_RUN].buf,
        .starts = buffers[STARTS].buf,
        .bodies = buffers[BODIES].buf,
        .title_share = buffers[TITLE_SHARE].buf,
        .body_share = buffers[BODY_SHARE].buf,
        .saturation = saturation,
        .accidental = accidental,
        .near = near,
        .near_half = near_half,
        .title_contains = contains,
        .title_equals = equals,
        .depth = depth,
    };
    if (unfold(&self->segment) || index_terms(&self->segment)) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static void segment_dealloc(PyObject *object)
{
    SegmentObject *self = (SegmentObject *)object;
    PyTypeObject *type = Py_TYPE(object);
    while (self->opened)
        PyBuffer_Release(self->arrays + --self->opened);
    free(self->segment.slots);
    free(self->segment.unfolded_starts);
    free(self->segment.unfolded);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(object);
    Py_DECREF(type);
}

static PyObject *segment_place(PyObject *object, PyObject *args)
{
    const char *term;
    Py_ssize_t length;
    if (!PyArg_ParseTuple(args, "s#", &term, &length))
        return NULL;
    return PyLong_FromLongLong(place_of(&((SegmentObject *)object)->segment, term, length));
}

/* The postings of the term at a place; empty where a damaged file says that they lie outside. */
static Leaf term_leaf(const SegmentObject *self, int64_t place)
{
    const Py_buffer *arrays = self->arrays;
    Leaf leaf = {0};
    if (place < 0 || place >= length(arrays + ARTICLES_OF))
        return leaf;
    int64_t count = at_place(arrays + ARTICLES_OF, place);
    int64_t row = at_place(arrays + BITMAP_ROWS, place);
    leaf.posting = at_place(arrays + POSTING_STARTS, place);
    leaf.is_word = ((const uint8_t *)arrays[IS_WORD].buf)[place] != 0;
    leaf.title_worth = (const double *)arrays[TITLE_WORTHS].buf + 256 * leaf.is_word;
    leaf.body_worth = (const double *)arrays[BODY_WORTHS].buf + 256 * leaf.is_word;
    if (leaf.posting + count > length(arrays + PACKED))
        return leaf;
    if (row >= 0) {
        int64_t width = (self->segment.articles + 7) / 8;
        if ((row + 1) * width > arrays[BITMAPS].len)
            return leaf;
        leaf.bitmap = (const uint8_t *)arrays[BITMAPS].buf + row * width;
    } else {
        int64_t start = at_place(arrays + LIST_STARTS, place);
        if (start + count > length(arrays + LOW))
            return leaf;
        leaf.low = (const uint16_t *)arrays[LOW].buf + start;
        if (((const uint8_t *)arrays[HAS_HIGH].buf)[place]) {
            start = at_place(arrays + HIGH_STARTS, place);
            if (start + count > arrays[HIGH].len)
                return leaf;
            leaf.high = (const uint8_t *)arrays[HIGH].buf + start;
        }
    }
    leaf.count = count;
    return leaf;
}

/* What a search is given, and the arrays that must be let go of afterwards. */
typedef struct {
    Leaf *leaves;
    Pattern *patterns;
    uint32_t **texts;
    int text_count;
    Condition *conditions;
    Py_buffer *buffers;
    int opened;
} Asked;

static void let_go(Asked *asked)
{
    while (asked->opened)
        PyBuffer_Release(asked->buffers + --asked->opened);
    while (asked->text_count)
        PyMem_Free(asked->texts[--asked->text_count]);
    free(asked->texts);
    free(asked->buffers);
    free(asked->leaves);
    free(asked->patterns);
    free(asked->conditions);
}

/* The buffer of an array, NULL with an exception set. */
static const Py_buffer *open_array(Asked *asked, PyObject *array, int flags)
{
    Py_buffer *buffer = asked->buffers + asked->opened;
    if (PyObject_GetBuffer(array, buffer, PyBUF_C_CONTIGUOUS | flags))
        return NULL;
    asked->opened++;
    return buffer;
}

/* What is looked for in texts, and the memory its units take. */
static int spell(const SegmentObject *self, PyObject *text, Asked *asked, Pattern *pattern)
{
    Py_ssize_t length = PyUnicode_GetLength(text);
    if (length < 0)
        return -1;
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

/* How much a leaf tells that so many articles have: `ranking.idf`. */
static double idf(int64_t articles, int64_t matching)
{
    return log(1 + ((double)(articles - matching) + 0.5) / ((double)matching + 0.5));
}

/* Whether it is required; its text or None, with its edges as pairs of 32 bits, and whether it is
   looked for in titles, in bodies; its term, or None, numbers and scores. */
static int read_leaf(const SegmentObject *self, PyObject *given, Asked *asked, Query *query)
{
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
    } else {
        const Py_buffer *numbers_in = open_array(asked, numbers, 0);
        const Py_buffer *scores_in = numbers_in ? open_array(asked, scores, 0) : NULL;
        if (!scores_in)
            return -1;
        *leaf = (Leaf){.count = numbers_in->len / 8,
                       .numbers = numbers_in->buf,
                       .scores = scores_in->buf};
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
static int read_phrase(const SegmentObject *self, PyObject *given, Asked *asked, Query *query)
{
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

static int read_condition(PyObject *given, Asked *asked, Condition *condition)
{
    PyObject *first, *second;
    if (!PyArg_ParseTuple(given, "OO", &first, &second))
        return -1;
    const Py_buffer *codes = open_array(asked, first, 0);
    const Py_buffer *wanted = codes ? open_array(asked, second, 0) : NULL;
    if (!wanted)
        return -1;
    *condition = (Condition){unsigned_of(codes), wanted->buf, wanted->len};
    return 0;
}

static int read_query(const SegmentObject *self, PyObject *leaves, PyObject *phrase,
                      PyObject *conditions, Asked *asked, Query *query)
{
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
        if (read_condition(PyTuple_GetItem(conditions, (Py_ssize_t)each), asked,
                           asked->conditions + each))
            return -1;
    return phrase == Py_None ? 0 : read_phrase(self, phrase, asked, query);
}

static PyObject *run(const SegmentObject *self, const Query *query, Found *found, int64_t wanted,
                     int64_t *best_numbers, double *best_scores)
{
    int failed;
    if (wanted && wanted < self->segment.depth)
        found->best_limit = smaller(self->segment.depth, self->segment.articles);
    found->best = malloc(((size_t)found->best_limit + 1) * sizeof(Best));
    Py_BEGIN_ALLOW_THREADS
    failed = !found->best || search(&self->segment, query, found);
    found->best_count = smaller(found->best_count, wanted);
    for (int64_t at = 0; !failed && at < found->best_count; at++) {
        best_numbers[at] = found->best[at].number;
        best_scores[at] = found->best[at].score;
    }
    Py_END_ALLOW_THREADS
    free(found->best);
    if (failed)
        return PyErr_NoMemory();
    long long scored = 0;
    for (int each = 0; each < query->leaf_count; each++)
        scored += query->leaves[each].scored;
    return Py_BuildValue("LLLL", (long long)found->total, (long long)found->best_count, scored,
                         (long long)found->looked_into);
}

static PyObject *segment_search(PyObject *object, PyObject *args)
{
    SegmentObject *self = (SegmentObject *)object;
    PyObject *leaves, *phrase, *conditions, *best, *scores, *matching, *answer = NULL;
    if (!PyArg_ParseTuple(args, "O!OO!OOO", &PyTuple_Type, &leaves, &phrase, &PyTuple_Type,
                          &conditions, &best, &scores, &matching))
        return NULL;
    Asked asked = {0};
    Query query;
    if (!read_query(self, leaves, phrase, conditions, &asked, &query)) {
        const Py_buffer *numbers_out = open_array(&asked, best, PyBUF_WRITABLE);
        const Py_buffer *scores_out = numbers_out ? open_array(&asked, scores, PyBUF_WRITABLE) : NULL;
        const Py_buffer *all_out = NULL;
        if (scores_out && matching != Py_None)
            all_out = open_array(&asked, matching, PyBUF_WRITABLE);
        if (scores_out && (all_out || matching == Py_None)) {
            int64_t wanted = scores_out->len / 8;
            Found found = {.best_limit = wanted, .numbers = all_out ? all_out->buf : NULL};
            answer = run(self, &query, &found, wanted, numbers_out->buf, scores_out->buf);
        }
    }
    let_go(&asked);
    return answer;
}

/* standing_at(text, edges, offsets) -> how many of the offsets, moved to the front */
static PyObject *segment_standing_at(PyObject *object, PyObject *args)
{
    SegmentObject *self = (SegmentObject *)object;
    PyObject *text, *offsets;
    Pattern pattern = {.in_title = 1, .in_body = 1};
    const char *edges;
    Py_ssize_t edge_bytes;
    Py_buffer at = {0};
    if (!PyArg_ParseTuple(args, "Uy#O", &text, &edges, &edge_bytes, &offsets) ||
        PyObject_GetBuffer(offsets, &at, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE))
        return NULL;
    pattern.edges = (const int32_t *)(const void *)edges;
    pattern.edge_count = (int)(edge_bytes / 8);
    uint32_t *units = NULL;
    Asked asked = {.texts = &units};
    int64_t kept = 0;
    int failed = spell(self, text, &asked, &pattern);
    if (!failed && pattern.in_body) {
        Py_BEGIN_ALLOW_THREADS
        kept = standing_at(&self->segment, &pattern, at.buf, at.len / 8);
        Py_END_ALLOW_THREADS
    }
    PyMem_Free(units);
    PyBuffer_Release(&at);
    return failed ? NULL : PyLong_FromLongLong(kept);
}

/* strings(text, ends, numbers) -> list */
static PyObject *module_strings(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *given[3], *list = NULL;
    Py_buffer buffers[3] = {{0}};
    if (!PyArg_ParseTuple(args, "OOO", given, given + 1, given + 2))
        return NULL;
    int opened = 0;
    while (opened < 3 && !PyObject_GetBuffer(given[opened], buffers + opened, PyBUF_C_CONTIGUOUS))
        opened++;
    if (opened == 3) {
        const char *text = buffers[0].buf;
        Unsigned ends = unsigned_of(buffers + 1);
        const int64_t *numbers = buffers[2].buf;
        Py_ssize_t count = buffers[2].len / 8;
        list = PyList_New(count);
        for (Py_ssize_t each = 0; list && each < count; each++) {
            int64_t number = numbers[each];
            uint64_t start = 0, end = 0;
            if (number >= 0 && number < ends.count) {
                start = number ? item(ends, number - 1) : 0;
                end = item(ends, number);
            }
            if (start > end || end > (uint64_t)buffers[0].len)
                start = end = 0; /* a damaged file */
            PyObject *string =
                PyUnicode_DecodeUTF8(text + start, (Py_ssize_t)(end - start), "surrogatepass");
            if (!string || PyList_SetItem(list, each, string))
                Py_CLEAR(list);
        }
    }
    while (opened)
        PyBuffer_Release(buffers + --opened);
    return list;
}

/* count_codes(codes, numbers, totals) */
static PyObject *module_count_codes(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *given[3];
    Py_buffer buffers[3] = {{0}};
    if (!PyArg_ParseTuple(args, "OOO", given, given + 1, given + 2))
        return NULL;
    int opened = 0;
    while (opened < 3 && !PyObject_GetBuffer(given[opened], buffers + opened,
                                             PyBUF_C_CONTIGUOUS | (opened == 2 ? PyBUF_WRITABLE : 0)))
        opened++;
    if (opened == 3) {
        Py_BEGIN_ALLOW_THREADS
        count_codes(unsigned_of(buffers), buffers[1].buf, buffers[1].len / 8, buffers[2].buf,
                    buffers[2].len / 8);
        Py_END_ALLOW_THREADS
    }
    int failed = opened < 3;
    while (opened)
        PyBuffer_Release(buffers + --opened);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef segment_methods[] = {
    {"place", segment_place, METH_VARARGS, NULL},
    {"search", segment_search, METH_VARARGS, NULL},
    {"standing_at", segment_standing_at, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot segment_slots[] = {
    {Py_tp_init, segment_init},
    {Py_tp_dealloc, segment_dealloc},
    {Py_tp_methods, segment_methods},
    {0, NULL},
};

static PyType_Spec segment_spec = {
    .name = "indexer.engines.whoosh_engine._native.Segment",
    .basicsize = sizeof(SegmentObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = segment_slots,
};

static PyMethodDef module_methods[] = {
    {"count_codes", module_count_codes, METH_VARARGS, NULL},
    {"strings", module_strings, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_size = -1, .m_methods = module_methods,
};

PyMODINIT_FUNC PyInit__native(void)
{
#ifdef NEEDS_BMI
    if (!__builtin_cpu_supports("popcnt") || !__builtin_cpu_supports("bmi")) {
        PyErr_SetString(PyExc_ImportError, "this processor lacks POPCNT or BMI");
        return NULL;
    }
#endif
    PyObject *module = PyModule_Create(&module_definition);
    PyObject *type = module ? PyType_FromSpec(&segment_spec) : NULL;
    if (!type || PyModule_AddObjectRef(module, "Segment", type)) {
        Py_XDECREF(type);
        Py_XDECREF(module);
        return NULL;
    }
    Py_DECREF(type);
    return module;
}
