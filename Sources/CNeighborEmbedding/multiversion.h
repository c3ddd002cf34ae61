#ifndef MULTIVERSION_H
#define MULTIVERSION_H

// One body per instruction set, chosen when the program loads. Lanes are counted by the code and
// products are never fused into sums, so every body gives the same bits.
#if defined(__x86_64__) && defined(__linux__)
#define MULTIVERSIONED \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSIONED
#endif

#pragma clang fp contract(off)

#endif
