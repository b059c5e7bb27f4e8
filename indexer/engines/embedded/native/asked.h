/* What Python asks of a search. Functions return 0, or -1 with an exception set. */

#ifndef JIANBAO_ASKED_H
#define JIANBAO_ASKED_H

#include "object.h"

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

void let_go(Asked *asked);

/* The buffer of an array with items of so many bytes, NULL with an exception set. */
const Py_buffer *open_array(Asked *asked, PyObject *array, Py_ssize_t width, int flags);

/* A text as the units that are looked for. */
int spell(const SegmentObject *self, PyObject *text, Asked *asked, Pattern *pattern);

/* The leaves, the phrase or None, and the conditions; `_native.pyi` says what each is made of. */
int read_query(const SegmentObject *self, PyObject *leaves, PyObject *phrase, PyObject *conditions,
               Asked *asked, Query *query);

#endif
