/* Where in a table a number that is no secret goes (Knuth, The Art of Computer Programming 3, 6.4): an id's low bits are its
   node and a count, the same for most. The upper bits are the well spread ones. */
#ifndef BASE_FIBONACCI_HASH_H
#define BASE_FIBONACCI_HASH_H

#include <stdint.h>

static inline uint64_t fibonacci_hash(uint64_t key)
{
    return key * UINT64_C(0x9E3779B97F4A7C15);
}

#endif
