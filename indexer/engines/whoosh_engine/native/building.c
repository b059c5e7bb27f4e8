/* The functions of `building.h` as the Python module `_building`; types are in `_building.pyi`. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "building.h"

#define MOST 12

/* The arrays of a call, let go together. */
typedef struct {
    Py_buffer buffers[MOST];
    int opened;
} Arrays;

static int open_all(Arrays *arrays, PyObject *const *given, const Py_ssize_t *widths, int count,
                    int written_from)
{
    for (; arrays->opened < count; arrays->opened++) {
        int at = arrays->opened, flags = at < written_from ? 0 : PyBUF_WRITABLE;
        if (PyObject_GetBuffer(given[at], arrays->buffers + at, PyBUF_C_CONTIGUOUS | flags))
            return -1;
        if (widths[at] && arrays->buffers[at].itemsize != widths[at]) {
            PyErr_SetString(PyExc_TypeError, "an array has items of another size");
            arrays->opened++;
            return -1;
        }
    }
    return 0;
}

static void let_go(Arrays *arrays)
{
    while (arrays->opened)
        PyBuffer_Release(arrays->buffers + --arrays->opened);
}

static int refused(const char *why)
{
    PyErr_SetString(PyExc_ValueError, why);
    return -1;
}

static int64_t length(const Py_buffer *buffer)
{
    return buffer->len / buffer->itemsize;
}

static int starts_are_in_order(const Py_buffer *starts)
{
    const int64_t *each = starts->buf;
    int64_t count = length(starts);
    if (count % 2 == 0 || each[0])
        return 0;
    for (int64_t at = 1; at < count; at++)
        if (each[at] < each[at - 1])
            return 0;
    return count <= UINT32_MAX;
}

/* invert(word, terms, positions, aligned, starts, and the arrays of a run) -> what each holds */
static PyObject *module_invert(PyObject *module, PyObject *args)
{
    static const Py_ssize_t widths[] = {4, 8, 1, 8, 4, 8, 8, 4, 1, 2, 8, 4};
    PyObject *given[12];
    Arrays arrays = {0};
    unsigned int word;
    (void)module;
    if (!PyArg_ParseTuple(args, "IOOOOOOOOOOOO", &word, given, given + 1, given + 2, given + 3,
                          given + 4, given + 5, given + 6, given + 7, given + 8, given + 9,
                          given + 10, given + 11))
        return NULL;
    Py_buffer *found = arrays.buffers;
    int failed = open_all(&arrays, given, widths, 12, 4);
    int64_t count = failed ? 0 : length(found);
    for (int each = 1; !failed && each < 12; each++)
        if (each != 3 && length(found + each) < (each == 11 ? 4 : 1) * count)
            failed = refused("an array is too short");
    if (!failed && (count >= UINT32_MAX || !starts_are_in_order(found + 3)))
        failed = refused("the starts of texts are not in order");
    Postings postings = {0};
    if (!failed) {
        Tokens tokens = {found[0].buf, found[1].buf, found[2].buf, count,
                         found[3].buf, length(found + 3) - 1, word};
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
        Py_BEGIN_ALLOW_THREADS
        failed = invert(&tokens, &postings);
        Py_END_ALLOW_THREADS
        if (failed == -1)
            PyErr_NoMemory();
        else if (failed)
            refused("the positions of a term are not in order");
    }
    let_go(&arrays);
    if (failed)
        return NULL;
    return Py_BuildValue("LLLL", (long long)postings.term_count, (long long)postings.posting_count,
                         (long long)postings.position_count, (long long)postings.exception_count);
}

/* scatter(source, lengths, targets, target, added) */
static PyObject *module_scatter(PyObject *module, PyObject *args)
{
    static const Py_ssize_t widths[] = {0, 8, 8, 0};
    PyObject *given[4];
    Arrays arrays = {0};
    unsigned int added;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOI", given, given + 1, given + 2, given + 3, &added))
        return NULL;
    Py_buffer *found = arrays.buffers;
    int failed = open_all(&arrays, given, widths, 4, 2);
    if (!failed && (found[0].itemsize != found[3].itemsize || found[1].len != found[2].len))
        failed = refused("the arrays do not fit each other");
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS
        failed = scatter(found[0].buf, length(found), (int)found[0].itemsize, added, found[1].buf,
                         found[2].buf, length(found + 1), found[3].buf, length(found + 3));
        Py_END_ALLOW_THREADS
        if (failed)
            refused("a piece has no room");
    }
    let_go(&arrays);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef module_methods[] = {
    {"invert", module_invert, METH_VARARGS, NULL},
    {"scatter", module_scatter, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_building", .m_size = -1, .m_methods = module_methods,
};

PyMODINIT_FUNC PyInit__building(void)
{
    return PyModule_Create(&module_definition);
}
