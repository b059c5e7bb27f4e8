/* A segment as a Python object: its arrays, kept alive, and what the kernel sees of them. */

#ifndef JIANBAO_OBJECT_H
#define JIANBAO_OBJECT_H

#include "../../../text/native/buffers.h"

#include "kernel.h"

/* The arrays of a segment, in the order in which its constructor is given them. */
enum {
    TERMS,
    TERM_ENDS,
    TERM_PLACES,
    ARTICLES_OF,
    POSTING_STARTS,
    IS_WORD,
    BITMAP_ROWS,
    BITMAPS,
    LIST_STARTS,
    LOW,
    HAS_HIGH,
    HIGH_STARTS,
    HIGH,
    PACKED,
    EXCEPTIONS,
    EXCEPTION_COUNTS,
    TITLE_WORTHS,
    BODY_WORTHS,
    SHARES,
    NEWEST,
    TEXT_UNITS,
    RARE,
    FOLDING,
    IN_RUN,
    STARTS,
    BODIES,
    ARRAYS
};

typedef struct {
    PyObject_HEAD Segment segment;
    Py_buffer arrays[ARRAYS];
    int opened;
} SegmentObject;

static inline Unsigned unsigned_of(const Py_buffer *buffer) {
    return (Unsigned){buffer->buf, (int)buffer->itemsize, items(buffer)};
}

/* An item of an array of int64, at a place that it has. */
static inline int64_t at_place(const Py_buffer *buffer, int64_t place) {
    return ((const int64_t *)buffer->buf)[place];
}

#endif
