// The one door to OpenBLAS and LAPACKE. Only LinearAlgebra imports it.
#include <cblas.h>
#include <lapacke.h>
