/* Whole columns: their strings, and how often each code occurs. */

#include "columns.h"

/* Where a string lies in the text; nowhere where a damaged file says that it lies outside. */
static void span(Unsigned ends, int64_t number, uint64_t text_length, uint64_t *start,
                 uint64_t *end) {
    *start = *end = 0;
    if (number < 0 || number >= ends.count)
        return;
    uint64_t first = number ? item(ends, number - 1) : 0, last = item(ends, number);
    if (first <= last && last <= text_length) {
        *start = first;
        *end = last;
    }
}

/* The strings are far from each other: fetched together they take a fraction of the time. */
static void fetch_strings(const char *text, Unsigned ends, const int64_t *numbers, int64_t count) {
    for (int64_t each = 0; each < count; each++)
        if (numbers[each] > 0 && numbers[each] < ends.count)
            __builtin_prefetch((const char *)ends.items + (numbers[each] - 1) * ends.width);
    for (int64_t each = 0; each < count; each++)
        if (numbers[each] > 0 && numbers[each] < ends.count)
            __builtin_prefetch((const void *)((uintptr_t)text + item(ends, numbers[each] - 1)));
}

static PyObject *list_of(const Py_buffer *buffers) {
    const char *text = buffers[0].buf;
    Unsigned ends = unsigned_of(buffers + 1);
    const int64_t *numbers = buffers[2].buf;
    int64_t count = items(buffers + 2);
    fetch_strings(text, ends, numbers, count);
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (int64_t each = 0; list && each < count; each++) {
        uint64_t start, end;
        span(ends, numbers[each], (uint64_t)buffers[0].len, &start, &end);
        PyObject *string =
            PyUnicode_DecodeUTF8(text + start, (Py_ssize_t)(end - start), "surrogatepass");
        if (!string || PyList_SetItem(list, (Py_ssize_t)each, string))
            Py_CLEAR(list);
    }
    return list;
}

/* strings(text, ends, numbers) -> list */
PyObject *module_strings(PyObject *module, PyObject *args) {
    static const signed char widths[] = {1, ANY_WIDTH, 8};
    PyObject *given[3], *list = NULL;
    Py_buffer buffers[3];
    int opened = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOO", given, given + 1, given + 2))
        return NULL;
    if (!open_buffers(given, buffers, &opened, widths, 3, 3))
        list = list_of(buffers);
    close_buffers(buffers, &opened);
    return list;
}

/* count_codes(codes, numbers, totals) */
PyObject *module_count_codes(PyObject *module, PyObject *args) {
    static const signed char widths[] = {ANY_WIDTH, 8, 8};
    PyObject *given[3];
    Py_buffer buffers[3];
    int opened = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOO", given, given + 1, given + 2))
        return NULL;
    int failed = open_buffers(given, buffers, &opened, widths, 3, 2);
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS failed =
            count_codes(unsigned_of(buffers), buffers[1].buf, items(buffers + 1), buffers[2].buf,
                        items(buffers + 2));
        Py_END_ALLOW_THREADS if (failed)
            PyErr_SetString(PyExc_ValueError, "there is no article with such a number");
    }
    close_buffers(buffers, &opened);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}
