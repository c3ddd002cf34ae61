#ifndef LANES_H
#define LANES_H

#include "neighbor_embedding.h"

// The sum of all lanes, in a fixed tree.
static inline float join(const float *lane) {
  float sum[NE_LANES];
  for (int i = 0; i < NE_LANES; i++) sum[i] = lane[i];
  for (int width = NE_LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) sum[i] += sum[i + width];
  return sum[0];
}

#endif
