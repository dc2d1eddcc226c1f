/* What an empty buffer points at, so that its bytes are never NULL. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdint.h>

extern uint8_t bkt_buf_empty_[1];

#endif
