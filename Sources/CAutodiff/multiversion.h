#ifndef MULTIVERSION_H
#define MULTIVERSION_H

// One body per instruction set, chosen when the program loads.
#if defined(__x86_64__) && defined(__linux__)
#define MULTIVERSIONED \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSIONED
#endif

#endif
