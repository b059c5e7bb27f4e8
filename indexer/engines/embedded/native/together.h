/* Many texts looked for in one pass over all articles. */

#ifndef JIANBAO_TOGETHER_H
#define JIANBAO_TOGETHER_H

#include "kernel.h"

/* An article, and how often a pattern stands in its title and in its body. */
typedef struct {
    int64_t number;
    int64_t title;
    int64_t body;
} CountedRow;

/* The articles of one pattern, in order. */
typedef struct {
    CountedRow *rows;
    int64_t count;
    int64_t room;
} Counted;

/* Fill one `counted`, empty at first, for each pattern of two units or more; the rows are to be
   freed. Returns 0, or -1 for want of memory. */
int scan_together(const Segment *segment, const Pattern *patterns, int count, Counted *counted);

#endif
