/* Arrays from Python, for all extensions: what their functions rely on is compared here, once. */

#ifndef JIANBAO_BUFFERS_H
#define JIANBAO_BUFFERS_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdint.h>

/* Items of 1, 2, 4 or 8 bytes, whichever the array has. */
#define ANY_WIDTH 0

/* How many items an open array has; its width is not 0. */
static inline int64_t items(const Py_buffer *buffer) {
    return buffer->len / buffer->itemsize;
}

/* Open an array that lies in one piece, and whose items have `width` bytes and lie at multiples of
   that. Returns 0, or -1 with an exception set and nothing open. */
static inline int open_buffer(PyObject *array, Py_buffer *buffer, Py_ssize_t width, int flags) {
    if (PyObject_GetBuffer(array, buffer, PyBUF_C_CONTIGUOUS | flags))
        return -1;
    Py_ssize_t own = buffer->itemsize;
    int is_right = width == ANY_WIDTH ? own == 1 || own == 2 || own == 4 || own == 8 : own == width;
    if (is_right && buffer->len % own == 0 && (uintptr_t)buffer->buf % (uintptr_t)own == 0)
        return 0;
    PyErr_SetString(PyExc_TypeError, "an array has items of another size");
    PyBuffer_Release(buffer);
    return -1;
}

/* Open `count` arrays, those from `written_from` on to be written to; `opened` counts them, and
   stays right where one fails. Returns 0, or -1 with an exception set. */
static inline int open_buffers(PyObject *const *given, Py_buffer *buffers, int *opened,
                               const signed char *widths, int count, int written_from) {
    for (; *opened < count; ++*opened) {
        int flags = *opened < written_from ? 0 : PyBUF_WRITABLE;
        if (open_buffer(given[*opened], buffers + *opened, widths[*opened], flags))
            return -1;
    }
    return 0;
}

/* Let go of arrays. */
static inline void close_buffers(Py_buffer *buffers, int *opened) {
    while (*opened)
        PyBuffer_Release(buffers + --*opened);
}

#endif
