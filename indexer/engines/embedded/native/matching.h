/* The ways to pass over the leaves of a query, which come from the heaviest; each returns 0, or -1
   for want of memory. */

#ifndef JIANBAO_MATCHING_H
#define JIANBAO_MATCHING_H

#include "cursors.h"
#include "kernel.h"

#define WINDOW 2048 /* articles whose sums are added up together: they stay in the first cache */

void match_one(const Segment *segment, Cursor *cursor, const Query *query, Found *found);
int match_any(const Segment *segment, Cursor *cursors, const Query *query, Found *found);
int match_by_window(const Segment *segment, Cursor *cursors, const Query *query, Found *found);
int match_all(const Segment *segment, Cursor *cursors, const Query *query, Found *found);

#endif
