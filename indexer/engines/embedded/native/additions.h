/* What articles earn beside BM25F. */

#ifndef JIANBAO_ADDITIONS_H
#define JIANBAO_ADDITIONS_H

#include "cursors.h"
#include "kernel.h"

/* Add to the scores of the best, which are in order, what they earn beside BM25F, and order them
   anew. Returns 0, or -1 for want of memory. */
int add_up(const Segment *segment, const Query *query, const Cursor *cursors, Found *found);

#endif
