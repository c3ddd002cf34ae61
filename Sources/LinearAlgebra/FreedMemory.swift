internal import CVectorKernels

/// Gives the memory that was freed back to the system.
///
/// The heap keeps freed matrices of up to 32 MB for others of their size. A larger one that comes
/// next lies beside them, so a stage whose matrices are large begins better without.
///
/// - Complexity: that of touching the freed memory again, where it is needed again.
package func releaseFreedMemory() { malloc_trim(0) }

/// Lets all threads share one heap, of which ``releaseFreedMemory()`` gives everything back; what
/// lies on top of a helper thread's own heap stays with it.
///
/// - Precondition: no other thread has allocated memory yet; later it does nothing.
package func shareOneHeap() { mallopt(M_ARENA_MAX, 1) }
