/* The kernel as the Python module `_native`; its types are in `_native.pyi`. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "kernel.h"

#include <stdlib.h>

/* The arrays of a segment, in the order in which its constructor is given them. */
enum {
    TERMS, TERM_ENDS, TERM_PLACES, ARTICLES_OF, POSTING_STARTS, IS_WORD, BITMAP_ROWS, BITMAPS, LIST_STARTS, LOW, HAS_HIGH,
    HIGH_STARTS, HIGH, PACKED, EXCEPTIONS, EXCEPTION_COUNTS, TITLE_WORTHS, BODY_WORTHS,
    TITLE_SHARE, BODY_SHARE, NEWEST, UNITS, FOLDING, IN_RUN, STARTS, BODIES, ARRAYS
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
    double saturation, accidental;
    if (names || !PyArg_ParseTuple(args, "O!dd", &PyTuple_Type, &arrays, &saturation, &accidental))
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
        .folding = unsigned_of(buffers + FOLDING),
        .in_run = buffers[IN_RUN].buf,
        .starts = buffers[STARTS].buf,
        .bodies = buffers[BODIES].buf,
        .title_share = buffers[TITLE_SHARE].buf,
        .body_share = buffers[BODY_SHARE].buf,
        .saturation = saturation,
        .accidental = accidental,
    };
    if (unfold(&self->segment)) {
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
    if (!PyArg_ParseTuple(args, "y#", &term, &length))
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
    Condition *conditions;
    Py_buffer *buffers;
    int opened;
} Asked;

static void let_go(Asked *asked)
{
    while (asked->opened)
        PyBuffer_Release(asked->buffers + --asked->opened);
    free(asked->buffers);
    free(asked->leaves);
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

static int read_leaf(const SegmentObject *self, PyObject *given, Asked *asked, Leaf *leaf)
{
    int required;
    double idf;
    PyObject *first, *second = NULL;
    if (!PyArg_ParseTuple(given, "pdO|O", &required, &idf, &first, &second))
        return -1;
    if (!second) {
        int64_t place = PyLong_AsLongLong(first);
        if (PyErr_Occurred())
            return -1;
        *leaf = term_leaf(self, place);
    } else {
        const Py_buffer *numbers = open_array(asked, first, 0);
        const Py_buffer *scores = numbers ? open_array(asked, second, 0) : NULL;
        if (!scores)
            return -1;
        *leaf = (Leaf){.count = numbers->len / 8, .numbers = numbers->buf, .scores = scores->buf};
    }
    leaf->required = required;
    leaf->idf = idf;
    return 0;
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

static int read_query(const SegmentObject *self, PyObject *leaves, PyObject *conditions,
                      Asked *asked, Query *query)
{
    query->leaf_count = (int)PyTuple_Size(leaves);
    query->condition_count = (int)PyTuple_Size(conditions);
    size_t leaf_count = (size_t)query->leaf_count, condition_count = (size_t)query->condition_count;
    query->leaves = asked->leaves = calloc(leaf_count + 1, sizeof(Leaf));
    query->conditions = asked->conditions = calloc(condition_count + 1, sizeof(Condition));
    asked->buffers = calloc(2 * (leaf_count + condition_count) + 3, sizeof(Py_buffer));
    if (!asked->leaves || !asked->conditions || !asked->buffers) {
        PyErr_NoMemory();
        return -1;
    }
    for (int each = 0; each < query->leaf_count; each++)
        if (read_leaf(self, PyTuple_GetItem(leaves, each), asked, asked->leaves + each))
            return -1;
    for (int each = 0; each < query->condition_count; each++)
        if (read_condition(PyTuple_GetItem(conditions, each), asked, asked->conditions + each))
            return -1;
    return 0;
}

static PyObject *run(const SegmentObject *self, const Query *query, Found *found,
                     int64_t *best_numbers, double *best_scores)
{
    int failed;
    found->best = malloc(((size_t)found->best_limit + 1) * sizeof(Best));
    Py_BEGIN_ALLOW_THREADS
    failed = !found->best || search(&self->segment, query, found);
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
    return Py_BuildValue("LLL", (long long)found->total, (long long)found->best_count, scored);
}

static PyObject *segment_search(PyObject *object, PyObject *args)
{
    SegmentObject *self = (SegmentObject *)object;
    PyObject *leaves, *conditions, *best, *scores, *matching, *answer = NULL;
    if (!PyArg_ParseTuple(args, "O!O!OOO", &PyTuple_Type, &leaves, &PyTuple_Type, &conditions,
                          &best, &scores, &matching))
        return NULL;
    Asked asked = {0};
    Query query;
    if (!read_query(self, leaves, conditions, &asked, &query)) {
        const Py_buffer *numbers_out = open_array(&asked, best, PyBUF_WRITABLE);
        const Py_buffer *scores_out = numbers_out ? open_array(&asked, scores, PyBUF_WRITABLE) : NULL;
        const Py_buffer *all_out = NULL;
        if (scores_out && matching != Py_None)
            all_out = open_array(&asked, matching, PyBUF_WRITABLE);
        if (scores_out && (all_out || matching == Py_None)) {
            Found found = {.best_limit = scores_out->len / 8,
                           .numbers = all_out ? all_out->buf : NULL};
            answer = run(self, &query, &found, numbers_out->buf, scores_out->buf);
        }
    }
    let_go(&asked);
    return answer;
}

/* (units, edges, in_title, in_body, idf): units as 32 bits each, edges as pairs of 32 bits. */
static int read_pattern(PyObject *given, Pattern *pattern)
{
    Py_ssize_t units, edges;
    const char *unit_bytes, *edge_bytes;
    if (!PyArg_ParseTuple(given, "y#y#ppd", &unit_bytes, &units, &edge_bytes, &edges,
                          &pattern->in_title, &pattern->in_body, &pattern->idf))
        return -1;
    if (units < 4) {
        PyErr_SetString(PyExc_ValueError, "a pattern has at least one unit");
        return -1;
    }
    pattern->units = (const uint32_t *)(const void *)unit_bytes;
    pattern->length = (int)(units / 4);
    pattern->edges = (const int32_t *)(const void *)edge_bytes;
    pattern->edge_count = (int)(edges / 8);
    return 0;
}

/* near(patterns, half, numbers, bonus) */
static PyObject *segment_near(PyObject *object, PyObject *args)
{
    SegmentObject *self = (SegmentObject *)object;
    PyObject *given, *numbers, *bonus;
    double half;
    if (!PyArg_ParseTuple(args, "O!dOO", &PyTuple_Type, &given, &half, &numbers, &bonus))
        return NULL;
    int count = (int)PyTuple_Size(given), failed = 0;
    Pattern *patterns = calloc((size_t)count + 1, sizeof(Pattern));
    Py_buffer in = {0}, out = {0};
    if (!patterns) {
        PyErr_NoMemory();
        failed = 1;
    }
    for (int each = 0; !failed && each < count; each++)
        failed = read_pattern(PyTuple_GetItem(given, each), patterns + each);
    failed = failed || PyObject_GetBuffer(numbers, &in, PyBUF_C_CONTIGUOUS) ||
             PyObject_GetBuffer(bonus, &out, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE);
    if (!failed && count) {
        Py_BEGIN_ALLOW_THREADS
        failed = near_each_other(&self->segment, patterns, count, half, in.buf, in.len / 8, out.buf);
        Py_END_ALLOW_THREADS
        if (failed)
            PyErr_NoMemory();
    }
    PyBuffer_Release(&in);
    PyBuffer_Release(&out);
    free(patterns);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

/* in_titles(pattern, numbers, found) */
static PyObject *segment_in_titles(PyObject *object, PyObject *args)
{
    SegmentObject *self = (SegmentObject *)object;
    PyObject *given, *numbers, *found;
    Pattern pattern;
    Py_buffer in = {0}, out = {0};
    if (!PyArg_ParseTuple(args, "OOO", &given, &numbers, &found) || read_pattern(given, &pattern) ||
        PyObject_GetBuffer(numbers, &in, PyBUF_C_CONTIGUOUS))
        return NULL;
    int failed = PyObject_GetBuffer(found, &out, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE);
    if (!failed)
        in_titles(&self->segment, &pattern, in.buf, in.len / 8, out.buf);
    PyBuffer_Release(&in);
    PyBuffer_Release(&out);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

/* standing_at(pattern, offsets) -> how many of the offsets, moved to the front */
static PyObject *segment_standing_at(PyObject *object, PyObject *args)
{
    SegmentObject *self = (SegmentObject *)object;
    PyObject *given, *offsets;
    Pattern pattern;
    Py_buffer at = {0};
    if (!PyArg_ParseTuple(args, "OO", &given, &offsets) || read_pattern(given, &pattern) ||
        PyObject_GetBuffer(offsets, &at, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE))
        return NULL;
    int64_t kept;
    Py_BEGIN_ALLOW_THREADS
    kept = standing_at(&self->segment, &pattern, at.buf, at.len / 8);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&at);
    return PyLong_FromLongLong(kept);
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
    {"near", segment_near, METH_VARARGS, NULL},
    {"in_titles", segment_in_titles, METH_VARARGS, NULL},
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
