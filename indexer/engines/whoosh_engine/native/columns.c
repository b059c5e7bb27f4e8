/* Whole columns: their strings, and how often each code occurs. */

#include "columns.h"

/* strings(text, ends, numbers) -> list */
PyObject *module_strings(PyObject *module, PyObject *args)
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
        /* They are far from each other: fetched together they take a fraction of the time. */
        for (Py_ssize_t each = 0; each < count; each++)
            if (numbers[each] > 0 && numbers[each] < ends.count)
                __builtin_prefetch((const char *)ends.items + (numbers[each] - 1) * ends.width);
        for (Py_ssize_t each = 0; each < count; each++)
            if (numbers[each] > 0 && numbers[each] < ends.count)
                __builtin_prefetch(text + item(ends, numbers[each] - 1));
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
PyObject *module_count_codes(PyObject *module, PyObject *args)
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
