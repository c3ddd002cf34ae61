// Reading back and stamping PNG files through libpng. Its errors jump; every jump lands inside
// this target, so only status codes leave it. Only Figures imports it.
#ifndef PNG_FILE_H
#define PNG_FILE_H

#include <stddef.h>
#include <stdint.h>

/// What a look at the pixels tells.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// Pixels that differ from the one in the top left corner.
  uint64_t marked;
} png_file_summary;

/// Reads every pixel. Returns 0, or -1 with the reason in `message` (`capacity` bytes).
int png_file_inspect(
  const char *path, png_file_summary *summary, char *message, size_t capacity);

/// Writes `source` to `target` with text chunks added: tEXt, or iTXt where a value is not ASCII.
int png_file_stamp(
  const char *source, const char *target, const char *const *keys, const char *const *values,
  size_t count, char *message, size_t capacity);

/// Calls `visit` with each text chunk, in file order.
int png_file_texts(
  const char *path, void (*visit)(void *context, const char *key, const char *value),
  void *context, char *message, size_t capacity);

#endif
