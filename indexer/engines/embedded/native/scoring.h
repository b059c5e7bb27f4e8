/* Postings to what they earn: BM25F, as `ranking` has it. */

#ifndef JIANBAO_SCORING_H
#define JIANBAO_SCORING_H

#include "kernel.h"

#define EXCEPTION 255

/* A sum of a few products is off by less than this share of itself. */
#define ROUNDING 1e-9

/* The first exception from `from` on that is not before a posting. */
static inline int64_t bisect_exceptions(const Segment *segment, int64_t from, uint64_t posting) {
    int64_t to = segment->exceptions.count;
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (item(segment->exceptions, middle) < posting)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static inline double exceptional(const Segment *segment, Leaf *leaf, uint64_t posting,
                                 int64_t number) {
    int64_t at = leaf->exception;
    if (at && item(segment->exceptions, at - 1) >= posting)
        at = leaf->exception = 0; /* a look back */
    for (int step = 0; at < segment->exceptions.count && step < 4; step++)
        at += item(segment->exceptions, at) < posting;
    if (at >= segment->exceptions.count || item(segment->exceptions, at) != posting)
        at = bisect_exceptions(segment, leaf->exception, posting);
    leaf->exception = at;
    if (4 * at + 4 > segment->exception_counts.count)
        return 0;
    double counts[4];
    for (int place = 0; place < 4; place++)
        counts[place] = (double)item(segment->exception_counts, 4 * at + place);
    double accidental = segment->accidental;
    double title =
        leaf->is_word ? counts[0] + accidental * counts[1] : counts[1] + accidental * counts[0];
    double body =
        leaf->is_word ? counts[2] + accidental * counts[3] : counts[3] + accidental * counts[2];
    Shares shares = segment->shares[number];
    return body * shares.body + title * shares.title;
}

/* BM25F's pseudo-frequency; soonest where a leaf's postings are asked for in order. */
INLINE double frequency_of(const Segment *segment, Leaf *leaf, int64_t at, int64_t number) {
    uint8_t code = segment->packed[leaf->posting + at];
    if (code == EXCEPTION)
        return exceptional(segment, leaf, (uint64_t)(leaf->posting + at), number);
    Shares shares = segment->shares[number];
    return leaf->body_worth[code] * shares.body + leaf->title_worth[code] * shares.title;
}

INLINE double score_of(const Segment *segment, const Leaf *leaf, double frequency) {
    double saturation = segment->saturation;
    return leaf->idf * (frequency * (saturation + 1) / (frequency + saturation));
}

/* What an article earns for a leaf. */
INLINE double earned(const Segment *segment, Leaf *leaf, int64_t at, int64_t number) {
    leaf->scored++;
    if (leaf->scores)
        return leaf->scores[at];
    return score_of(segment, leaf, frequency_of(segment, leaf, at, number));
}

/* No article earns more for a leaf. */
static inline double most_earned(const Segment *segment, const Leaf *leaf) {
    if (!leaf->scores)
        return leaf->idf * (segment->saturation + 1);
    double most = 0;
    for (int64_t at = 0; at < leaf->count; at++)
        most = leaf->scores[at] > most ? leaf->scores[at] : most;
    return most;
}

#endif
