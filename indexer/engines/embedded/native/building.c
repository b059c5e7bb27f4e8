/* The functions of `building.h` as the Python module `_building`; types are in `_building.pyi`. */

#include "../../../text/native/buffers.h"

#include "building.h"
#include "carrying.h"

#define MOST 19

/* The arrays of a call, let go together. */
typedef struct {
    Py_buffer buffers[MOST];
    int opened;
} Arrays;

static int refused(const char *why) {
    PyErr_SetString(PyExc_ValueError, why);
    return -1;
}

static int starts_are_in_order(const Py_buffer *starts) {
    const int64_t *each = starts->buf;
    int64_t count = items(starts);
    if (count % 2 == 0 || each[0])
        return 0;
    for (int64_t at = 1; at < count; at++)
        if (each[at] < each[at - 1])
            return 0;
    return count <= UINT32_MAX;
}

/* invert(word, codes, terms, positions, aligned, starts, and the arrays of a run) -> what each
   holds */
static PyObject *module_invert(PyObject *module, PyObject *args) {
    static const signed char widths[] = {1, 4, 8, 1, 8, 4, 8, 8, 4, 1, 2, 8, 4};
    PyObject *given[13];
    Arrays arrays = {0};
    unsigned int word;
    (void)module;
    if (!PyArg_ParseTuple(args, "IOOOOOOOOOOOOO", &word, given, given + 1, given + 2, given + 3,
                          given + 4, given + 5, given + 6, given + 7, given + 8, given + 9,
                          given + 10, given + 11, given + 12))
        return NULL;
    Py_buffer *codes = arrays.buffers, *found = codes + 1;
    int failed = open_buffers(given, arrays.buffers, &arrays.opened, widths, 13, 5);
    if (!failed && codes->len != CODES)
        failed = refused("there is not a byte for each row of counts");
    int64_t count = failed ? 0 : items(found);
    for (int each = 1; !failed && each < 12; each++)
        if (each != 3 && items(found + each) < (each == 11 ? 4 : 1) * count)
            failed = refused("an array is too short");
    if (!failed && (count >= UINT32_MAX || !starts_are_in_order(found + 3)))
        failed = refused("the starts of texts are not in order");
    Postings postings = {0};
    if (!failed) {
        Tokens tokens = {found[0].buf, found[1].buf,         found[2].buf, count,
                         found[3].buf, items(found + 3) - 1, word,         codes->buf};
        postings = (Postings){
            .terms = found[4].buf,
            .articles_of = found[5].buf,
            .occurrences_of = found[6].buf,
            .articles = found[7].buf,
            .packed = found[8].buf,
            .positions = found[9].buf,
            .exceptions = found[10].buf,
            .exception_counts = found[11].buf,
        };
        Py_BEGIN_ALLOW_THREADS failed = invert(&tokens, &postings);
        Py_END_ALLOW_THREADS if (failed == -1) PyErr_NoMemory();
        else if (failed) refused("the positions of a term are not in order");
    }
    close_buffers(arrays.buffers, &arrays.opened);
    if (failed)
        return NULL;
    return Py_BuildValue("LLLL", (long long)postings.term_count, (long long)postings.posting_count,
                         (long long)postings.position_count, (long long)postings.exception_count);
}

/* scatter(source, lengths, targets, target, added) */
static PyObject *module_scatter(PyObject *module, PyObject *args) {
    static const signed char widths[] = {ANY_WIDTH, 8, 8, ANY_WIDTH};
    PyObject *given[4];
    Arrays arrays = {0};
    unsigned int added;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOI", given, given + 1, given + 2, given + 3, &added))
        return NULL;
    Py_buffer *found = arrays.buffers;
    int failed = open_buffers(given, arrays.buffers, &arrays.opened, widths, 4, 2);
    if (!failed && (found[0].itemsize != found[3].itemsize || found[1].len != found[2].len))
        failed = refused("the arrays do not fit each other");
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS failed =
            scatter(found[0].buf, items(found), (int)found[0].itemsize, added, found[1].buf,
                    found[2].buf, items(found + 1), found[3].buf, items(found + 3));
        Py_END_ALLOW_THREADS if (failed) refused("a piece has no room");
    }
    close_buffers(arrays.buffers, &arrays.opened);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

/* carry(the arrays of what is stored, and of what stays) -> what each holds */
static PyObject *module_carry(PyObject *module, PyObject *args) {
    static const signed char widths[] = {8, 8, 1, 1, 2, 1, 1, 1, 2, 8, 8, 4, 4, 1, 2, 8, 8, 8, 1};
    PyObject *given[19];
    Arrays arrays = {0};
    (void)module;
    if (PyTuple_Size(args) != 19) {
        PyErr_SetString(PyExc_TypeError, "19 arrays are wanted");
        return NULL;
    }
    for (int each = 0; each < 19; each++)
        given[each] = PyTuple_GetItem(args, each);
    Py_buffer *found = arrays.buffers;
    int failed = open_buffers(given, arrays.buffers, &arrays.opened, widths, 19, 12);
    Stored stored = {0};
    Kept kept = {0};
    if (!failed) {
        stored = (Stored){
            found[0].buf,
            found[1].buf,
            found[2].buf,
            found[3].buf,
            items(found),
            found[4].buf,
            items(found + 4),
            found[5].buf,
            items(found + 5),
            found[6].buf,
            0,
            (items(found + 11) + 7) / 8,
            found[7].buf,
            items(found + 7),
            found[8].buf,
            items(found + 8),
            found[9].buf,
            found[10].buf,
            items(found + 10),
            found[11].buf,
            items(found + 11),
        };
        if (stored.bitmap_bytes)
            stored.bitmap_count = items(found + 6) / stored.bitmap_bytes;
        kept = (Kept){found[12].buf,
                      found[13].buf,
                      found[14].buf,
                      found[15].buf,
                      found[16].buf,
                      found[17].buf,
                      found[18].buf,
                      0,
                      0,
                      0};
    }
    static const int as_long_as[] = {7, 7, 8, 0, 0, 10, 10};
    for (int each = 0; !failed && each < 7; each++)
        if (items(found + 12 + each) < items(found + as_long_as[each]))
            failed = refused("an array is too short");
    for (int each = 1; !failed && each < 4; each++)
        if (items(found + each) != stored.terms)
            failed = refused("the arrays do not fit each other");
    if (!failed && items(found + 9) != 256)
        failed = refused("there is not a total for each byte");
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS failed = carry(&stored, &kept);
        Py_END_ALLOW_THREADS if (failed) refused("the stored postings contradict each other");
    }
    close_buffers(arrays.buffers, &arrays.opened);
    if (failed)
        return NULL;
    return Py_BuildValue("LLL", (long long)kept.posting_count, (long long)kept.position_count,
                         (long long)kept.exception_count);
}

static PyMethodDef module_methods[] = {
    {"carry", module_carry, METH_VARARGS, NULL},
    {"invert", module_invert, METH_VARARGS, NULL},
    {"scatter", module_scatter, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_building",
    .m_size = -1,
    .m_methods = module_methods,
};

PyMODINIT_FUNC PyInit__building(void) {
    return PyModule_Create(&module_definition);
}
