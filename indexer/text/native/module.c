/* The functions of `words.h` as the Python module `_words`; its types are in `_words.pyi`. */

#include "buffers.h"
#include "words.h"

#define MOST 8

typedef struct {
    PyObject_HEAD Trie trie;
} TrieObject;

/* The arrays of a call, let go together. */
typedef struct {
    Py_buffer buffers[MOST];
    int opened;
} Arrays;

/* Whether the lengths are at least 1 and add up to the characters there are. */
static int fits(const Py_buffer *codes, const Py_buffer *lengths) {
    const uint32_t *each = lengths->buf;
    uint64_t total = 0;
    for (Py_ssize_t at = 0; at < lengths->len / 4; at++) {
        if (!each[at] || each[at] > UINT8_MAX)
            return 0;
        total += each[at];
    }
    for (Py_ssize_t at = 0; at < codes->len / 4; at++)
        if (((const uint32_t *)codes->buf)[at] >= CODE_POINTS)
            return 0;
    return total == (uint64_t)codes->len / 4;
}

/* Fill an object that holds zeros. Returns 0, or -1 with an exception set. */
static int fill(TrieObject *self, PyObject *args) {
    static const signed char widths[] = {4, 4, 4, 8};
    PyObject *given[4];
    Arrays arrays = {0};
    Py_buffer *found = arrays.buffers;
    if (!PyArg_ParseTuple(args, "OOOO", given, given + 1, given + 2, given + 3))
        return -1;
    int failed = open_buffers(given, found, &arrays.opened, widths, 4, 4);
    if (!failed && (!fits(found, found + 1) || found[1].len != found[2].len ||
                    2 * found[1].len != found[3].len)) {
        PyErr_SetString(PyExc_ValueError, "the lengths of the words do not fit");
        failed = -1;
    }
    if (!failed) {
        failed = make_trie(&self->trie, found[0].buf, found[1].buf, found[2].buf, found[3].buf,
                           (size_t)items(found + 1));
        if (failed)
            PyErr_NoMemory();
    }
    close_buffers(found, &arrays.opened);
    return failed;
}

/* Trie(codes, lengths, words, weights). There is no initialiser: no object is ever seen that was
   not filled, and none is filled twice. */
static PyObject *trie_new(PyTypeObject *type, PyObject *args, PyObject *names) {
    if (names && PyDict_Size(names)) {
        PyErr_SetString(PyExc_TypeError, "Trie takes no named arguments");
        return NULL;
    }
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    PyObject *object = allocate(type, 0);
    if (object && fill((TrieObject *)object, args))
        Py_CLEAR(object);
    return object;
}

static void trie_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    free_trie(&((TrieObject *)object)->trie);
    freefunc let = (freefunc)PyType_GetSlot(type, Py_tp_free);
    let(object);
    Py_DECREF(type);
}

/* divide(codes, in_block, breaks, unknown, boundaries, starts, words, aligned) -> how many words */
static PyObject *trie_divide(PyObject *object, PyObject *args) {
    static const signed char widths[] = {4, 1, 8, 1, 8, 4, 1};
    const Trie *trie = &((TrieObject *)object)->trie;
    PyObject *given[7];
    Arrays arrays = {0};
    Text text = {0};
    if (!PyArg_ParseTuple(args, "OOOdOOOO", given, given + 1, given + 2, &text.unknown, given + 3,
                          given + 4, given + 5, given + 6))
        return NULL;
    Py_buffer *found = arrays.buffers;
    int failed = open_buffers(given, found, &arrays.opened, widths, 7, 3);
    if (!failed && (found[1].len != CODE_POINTS || found[3].len != found[0].len / 4 + 1 ||
                    found[0].len / 4 >= UINT32_MAX || found[4].len != 2 * found[5].len ||
                    found[5].len != 4 * found[6].len)) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit each other");
        failed = 1;
    }
    int64_t count = -1;
    if (!failed) {
        text.codes = found[0].buf;
        text.length = (size_t)found[0].len / 4;
        text.in_block = found[1].buf;
        text.breaks = found[2].buf;
        text.break_count = (size_t)found[2].len / 8;
        Occurrences words = {found[4].buf, found[5].buf, found[6].buf, (size_t)found[6].len};
        Py_BEGIN_ALLOW_THREADS count = divide(trie, &text, found[3].buf, &words);
        Py_END_ALLOW_THREADS if (count < 0) PyErr_NoMemory();
    }
    close_buffers(found, &arrays.opened);
    return count < 0 ? NULL : PyLong_FromLongLong(count);
}

static PyMethodDef trie_methods[] = {
    {"divide", trie_divide, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot trie_slots[] = {
    {Py_tp_new, trie_new},
    {Py_tp_dealloc, trie_dealloc},
    {Py_tp_methods, trie_methods},
    {0, NULL},
};

static PyType_Spec trie_spec = {
    .name = "indexer.text._words.Trie",
    .basicsize = sizeof(TrieObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = trie_slots,
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_words",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__words(void) {
    PyObject *module = PyModule_Create(&module_definition);
    PyObject *type = module ? PyType_FromSpec(&trie_spec) : NULL;
    if (!type || PyModule_AddObjectRef(module, "Trie", type)) {
        Py_XDECREF(type);
        Py_XDECREF(module);
        return NULL;
    }
    Py_DECREF(type);
    return module;
}
