/* Functions of the module over whole columns. */

#ifndef JIANBAO_COLUMNS_H
#define JIANBAO_COLUMNS_H

#include "object.h"

PyObject *module_strings(PyObject *module, PyObject *args);
PyObject *module_count_codes(PyObject *module, PyObject *args);

#endif
