#include "autodiff_kernels.h"
