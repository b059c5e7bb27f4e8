/* The kernel as the Python module `_native`; its types are in `_native.pyi`. */

#include "asked.h"
#include "columns.h"
#include "cursors.h"
#include "together.h"
#include "texts.h"

#include <stdlib.h>

static const signed char WIDTHS[ARRAYS] = {
    [TERMS] = 1,
    [TERM_ENDS] = 8,
    [TERM_PLACES] = 4,
    [ARTICLES_OF] = 8,
    [POSTING_STARTS] = 8,
    [IS_WORD] = 1,
    [BITMAP_ROWS] = 8,
    [BITMAPS] = 1,
    [LIST_STARTS] = 8,
    [LOW] = 2,
    [HAS_HIGH] = 1,
    [HIGH_STARTS] = 8,
    [HIGH] = 1,
    [PACKED] = 1,
    [EXCEPTIONS] = ANY_WIDTH,
    [EXCEPTION_COUNTS] = ANY_WIDTH,
    [TITLE_WORTHS] = 8,
    [BODY_WORTHS] = 8,
    [SHARES] = 4,
    [NEWEST] = 4,
    [TEXT_UNITS] = ANY_WIDTH,
    [RARE] = 4,
    [FOLDING] = ANY_WIDTH,
    [IN_RUN] = 1,
    [STARTS] = 8,
    [BODIES] = 8,
};

/* Whether the arrays are as long as the kernel takes them to be: what has an item for each term,
   for each place, for each article, for each unit. Offsets in them are compared where they are
   used. */
static int fit_each_other(const Py_buffer *arrays) {
    int64_t terms = items(arrays + TERM_ENDS), articles = items(arrays + NEWEST);
    int64_t units = items(arrays + FOLDING);
    Py_ssize_t width = arrays[TEXT_UNITS].itemsize;
    const struct {
        int array;
        int64_t wanted;
    } lengths[] = {
        {TERM_PLACES, terms},
        {ARTICLES_OF, terms},
        {POSTING_STARTS, terms + 1},
        {IS_WORD, terms},
        {BITMAP_ROWS, terms},
        {LIST_STARTS, terms + 1},
        {HAS_HIGH, terms},
        {HIGH_STARTS, terms + 1},
        {TITLE_WORTHS, 2 * 256},
        {BODY_WORTHS, 2 * 256},
        {SHARES, 2 * articles},
        {STARTS, articles + 1},
        {BODIES, articles},
        {IN_RUN, units},
        {EXCEPTION_COUNTS, 4 * items(arrays + EXCEPTIONS)},
    };
    for (size_t each = 0; each < sizeof lengths / sizeof *lengths; each++)
        if (items(arrays + lengths[each].array) != lengths[each].wanted)
            return 0;
    return terms < UINT32_MAX && width == arrays[FOLDING].itemsize &&
           (width == 2 ? units == UNITS : width == 4);
}

static Segment segment_of(const Py_buffer *buffers) {
    return (Segment){
        .articles = items(buffers + NEWEST),
        .terms = buffers[TERMS].buf,
        .terms_length = buffers[TERMS].len,
        .term_ends = buffers[TERM_ENDS].buf,
        .term_count = items(buffers + TERM_ENDS),
        .term_places = buffers[TERM_PLACES].buf,
        .packed = buffers[PACKED].buf,
        .exceptions = unsigned_of(buffers + EXCEPTIONS),
        .exception_counts = unsigned_of(buffers + EXCEPTION_COUNTS),
        .newest = buffers[NEWEST].buf,
        .units = unsigned_of(buffers + TEXT_UNITS),
        .rare = buffers[RARE].buf,
        .rare_count = items(buffers + RARE),
        .folding = unsigned_of(buffers + FOLDING),
        .in_run = buffers[IN_RUN].buf,
        .starts = buffers[STARTS].buf,
        .bodies = buffers[BODIES].buf,
        .shares = buffers[SHARES].buf,
    };
}

/* Fill an object that holds zeros. Returns 0, or -1 with an exception set. */
static int fill(SegmentObject *self, PyObject *args) {
    PyObject *arrays, *given[ARRAYS];
    double saturation, accidental, near, near_half, contains, equals;
    long long depth;
    if (!PyArg_ParseTuple(args, "O!(ddddddL)", &PyTuple_Type, &arrays, &saturation, &accidental,
                          &near, &near_half, &contains, &equals, &depth))
        return -1;
    if (PyTuple_Size(arrays) != ARRAYS || depth < 0) {
        PyErr_Format(PyExc_ValueError, "a segment has %d arrays, and a depth", ARRAYS);
        return -1;
    }
    for (int each = 0; each < ARRAYS; each++)
        given[each] = PyTuple_GetItem(arrays, each);
    if (open_buffers(given, self->arrays, &self->opened, WIDTHS, ARRAYS, ARRAYS))
        return -1;
    if (!fit_each_other(self->arrays)) {
        PyErr_SetString(PyExc_ValueError, "the arrays of a segment do not fit each other");
        return -1;
    }
    Segment *segment = &self->segment;
    *segment = segment_of(self->arrays);
    segment->saturation = saturation;
    segment->accidental = accidental;
    segment->near = near;
    segment->near_half = near_half;
    segment->title_contains = contains;
    segment->title_equals = equals;
    segment->depth = depth;
    int failed = unfold(segment) || index_terms(segment);
    if (failed && segment->slots)
        PyErr_SetString(PyExc_ValueError, "too many terms are the same");
    else if (failed)
        PyErr_NoMemory();
    return failed ? -1 : 0;
}

/* Segment(arrays, ranking). There is no initialiser: no object is ever seen that was not filled,
   and none is filled twice. */
static PyObject *segment_new(PyTypeObject *type, PyObject *args, PyObject *names) {
    if (names && PyDict_Size(names)) {
        PyErr_SetString(PyExc_TypeError, "Segment takes no named arguments");
        return NULL;
    }
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    PyObject *object = allocate(type, 0);
    if (object && fill((SegmentObject *)object, args))
        Py_CLEAR(object);
    return object;
}

static void segment_dealloc(PyObject *object) {
    SegmentObject *self = (SegmentObject *)object;
    PyTypeObject *type = Py_TYPE(object);
    close_buffers(self->arrays, &self->opened);
    free(self->segment.slots);
    free(self->segment.unfolded_starts);
    free(self->segment.unfolded);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(object);
    Py_DECREF(type);
}

static PyObject *segment_place(PyObject *object, PyObject *args) {
    const char *term;
    Py_ssize_t length;
    if (!PyArg_ParseTuple(args, "s#", &term, &length))
        return NULL;
    return PyLong_FromLongLong(place_of(&((SegmentObject *)object)->segment, term, length));
}

static PyObject *run(const SegmentObject *self, const Query *query, Found *found,
                     int64_t *best_numbers, double *best_scores) {
    int failed;
    int more = found->wanted && found->wanted < self->segment.depth;
    found->best_limit = more ? smaller(self->segment.depth, self->segment.articles) : found->wanted;
    found->best = malloc(((size_t)found->best_limit + 1) * sizeof(Best));
    Py_BEGIN_ALLOW_THREADS failed = !found->best || search(&self->segment, query, found);
    found->best_count = smaller(found->best_count, found->wanted);
    for (int64_t at = 0; !failed && at < found->best_count; at++) {
        best_numbers[at] = found->best[at].number;
        best_scores[at] = found->best[at].score;
    }
    Py_END_ALLOW_THREADS free(found->best);
    if (failed)
        return PyErr_NoMemory();
    long long scored = 0;
    for (int each = 0; each < query->leaf_count; each++)
        scored += query->leaves[each].scored;
    return Py_BuildValue("LLLL", (long long)found->total, (long long)found->best_count, scored,
                         (long long)found->looked_into);
}

/* No more articles match: a leaf has no article twice, and none that there is not. */
static int64_t most_matching(const Segment *segment, const Query *query) {
    int64_t most = segment->articles;
    for (int each = 0; each < query->leaf_count; each++) {
        const Leaf *leaf = query->leaves + each;
        if (leaf->required || query->leaf_count == 1)
            most = smaller(most, leaf->count);
    }
    return most;
}

static PyObject *segment_search(PyObject *object, PyObject *args) {
    SegmentObject *self = (SegmentObject *)object;
    PyObject *leaves, *phrase, *conditions, *best, *scores, *matching, *answer = NULL;
    if (!PyArg_ParseTuple(args, "O!OO!OOO", &PyTuple_Type, &leaves, &phrase, &PyTuple_Type,
                          &conditions, &best, &scores, &matching))
        return NULL;
    Asked asked = {0};
    Query query;
    if (!read_query(self, leaves, phrase, conditions, &asked, &query)) {
        const Py_buffer *numbers_out = open_array(&asked, best, 8, PyBUF_WRITABLE);
        const Py_buffer *scores_out =
            numbers_out ? open_array(&asked, scores, 8, PyBUF_WRITABLE) : NULL;
        const Py_buffer *all_out = NULL;
        if (scores_out && matching != Py_None)
            all_out = open_array(&asked, matching, 8, PyBUF_WRITABLE);
        if (scores_out && (all_out || matching == Py_None)) {
            Found found = {.wanted = items(scores_out), .numbers = all_out ? all_out->buf : NULL};
            if (items(numbers_out) < found.wanted ||
                (all_out && items(all_out) < most_matching(&self->segment, &query)))
                PyErr_SetString(PyExc_ValueError, "an array is too short");
            else
                answer = run(self, &query, &found, numbers_out->buf, scores_out->buf);
        }
    }
    let_go(&asked);
    return answer;
}

/* A text that is looked for, given with its edges, which stay Python's. */
static int read_pattern(const SegmentObject *self, PyObject *text, const char *edges,
                        Py_ssize_t edge_bytes, Asked *asked, Pattern *pattern) {
    *pattern = (Pattern){.in_title = 1,
                         .in_body = 1,
                         .edges = (const int32_t *)(const void *)edges,
                         .edge_count = (int)(edge_bytes / 8)};
    return spell(self, text, asked, pattern);
}

/* standing_at(text, edges, offsets) -> how many of the offsets, moved to the front */
static PyObject *segment_standing_at(PyObject *object, PyObject *args) {
    SegmentObject *self = (SegmentObject *)object;
    PyObject *text, *offsets;
    Pattern pattern;
    const char *edges;
    Py_ssize_t edge_bytes;
    Py_buffer at = {0};
    if (!PyArg_ParseTuple(args, "Uy#O", &text, &edges, &edge_bytes, &offsets) ||
        open_buffer(offsets, &at, 8, PyBUF_WRITABLE))
        return NULL;
    uint32_t *units = NULL;
    Asked asked = {.texts = &units};
    int64_t kept = 0;
    int failed = read_pattern(self, text, edges, edge_bytes, &asked, &pattern);
    if (!failed && pattern.in_body) {
        Py_BEGIN_ALLOW_THREADS kept = standing_at(&self->segment, &pattern, at.buf, items(&at));
        Py_END_ALLOW_THREADS
    }
    PyMem_Free(units);
    PyBuffer_Release(&at);
    return failed ? NULL : PyLong_FromLongLong(kept);
}

/* scan(text, edges, numbers, found) -> how many offsets there are; `found` has the first of them */
static PyObject *segment_scan(PyObject *object, PyObject *args) {
    SegmentObject *self = (SegmentObject *)object;
    PyObject *text, *numbers, *found;
    Pattern pattern;
    const char *edges;
    Py_ssize_t edge_bytes;
    Py_buffer in = {0}, out = {0};
    uint32_t *units = NULL;
    Asked asked = {.texts = &units};
    int64_t count = 0;
    if (!PyArg_ParseTuple(args, "Uy#OO", &text, &edges, &edge_bytes, &numbers, &found) ||
        open_buffer(numbers, &in, 8, 0))
        return NULL;
    if (open_buffer(found, &out, 8, PyBUF_WRITABLE)) {
        PyBuffer_Release(&in);
        return NULL;
    }
    int failed = read_pattern(self, text, edges, edge_bytes, &asked, &pattern);
    if (!failed && pattern.in_body) {
        Py_BEGIN_ALLOW_THREADS count =
            scan(&self->segment, &pattern, in.buf, items(&in), out.buf, items(&out));
        Py_END_ALLOW_THREADS
    }
    if (count < 0) {
        PyErr_SetString(PyExc_ValueError, "there is no article with such a number");
        failed = 1;
    }
    PyMem_Free(units);
    PyBuffer_Release(&in);
    PyBuffer_Release(&out);
    return failed ? NULL : PyLong_FromLongLong(count);
}

/* The rows that were counted for each pattern, as bytes. */
static PyObject *rows_of(const Counted *counted, Py_ssize_t count) {
    PyObject *answer = PyList_New(count);
    for (Py_ssize_t each = 0; answer && each < count; each++) {
        Py_ssize_t bytes = (Py_ssize_t)(counted[each].count * (int64_t)sizeof(CountedRow));
        PyObject *rows = PyBytes_FromStringAndSize((const char *)counted[each].rows, bytes);
        if (!rows || PyList_SetItem(answer, each, rows)) {
            Py_CLEAR(answer);
        }
    }
    return answer;
}

static int read_patterns(const SegmentObject *self, PyObject *given, Asked *asked) {
    Py_ssize_t count = PyTuple_Size(given);
    for (Py_ssize_t each = 0; each < count; each++) {
        PyObject *text;
        const char *edges;
        Py_ssize_t edge_bytes;
        if (!PyArg_ParseTuple(PyTuple_GetItem(given, each), "Uy#", &text, &edges, &edge_bytes) ||
            read_pattern(self, text, edges, edge_bytes, asked, asked->patterns + each))
            return -1;
    }
    return 0;
}

/* scan_together(patterns) -> for each: numbers, and occurrences in titles and bodies */
static PyObject *segment_scan_together(PyObject *object, PyObject *args) {
    SegmentObject *self = (SegmentObject *)object;
    PyObject *given, *answer = NULL;
    if (!PyArg_ParseTuple(args, "O!", &PyTuple_Type, &given))
        return NULL;
    Py_ssize_t count = PyTuple_Size(given);
    Asked asked = {0};
    asked.patterns = calloc((size_t)count + 1, sizeof(Pattern));
    asked.texts = calloc((size_t)count + 1, sizeof(uint32_t *));
    Counted *counted = calloc((size_t)count + 1, sizeof(Counted));
    if (!asked.patterns || !asked.texts || !counted) {
        PyErr_NoMemory();
    } else if (!read_patterns(self, given, &asked)) {
        int failed;
        Py_BEGIN_ALLOW_THREADS failed =
            scan_together(&self->segment, asked.patterns, (int)count, counted);
        Py_END_ALLOW_THREADS answer = failed ? PyErr_NoMemory() : rows_of(counted, count);
    }
    for (Py_ssize_t each = 0; counted && each < count; each++)
        free(counted[each].rows);
    free(counted);
    let_go(&asked);
    return answer;
}

static PyMethodDef segment_methods[] = {
    {"place", segment_place, METH_VARARGS, NULL},
    {"search", segment_search, METH_VARARGS, NULL},
    {"standing_at", segment_standing_at, METH_VARARGS, NULL},
    {"scan", segment_scan, METH_VARARGS, NULL},
    {"scan_together", segment_scan_together, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot segment_slots[] = {
    {Py_tp_new, segment_new},
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
    PyModuleDef_HEAD_INIT,
    .m_name = "_native",
    .m_size = -1,
    .m_methods = module_methods,
};

PyMODINIT_FUNC PyInit__native(void) {
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
