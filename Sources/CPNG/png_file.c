#include "png_file.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Everything that must be released after a jump lives in one object that outlives the jump, so no
// local variable is read after longjmp.
typedef struct {
  FILE *input;
  FILE *output;
  png_structp reader;
  png_infop info;
  png_structp writer;
  png_infop writer_info;
  png_bytep pixels;
  png_bytepp rows;
  png_textp texts;
  jmp_buf failure;
  char *message;
  size_t capacity;
} job;

// Larger images are not figures, and a damaged header must not ask for all memory.
enum { LONGEST_SIDE = 20000 };

static void explain(job *job, const char *reason) {
  if (job->capacity > 0) snprintf(job->message, job->capacity, "%s", reason);
}

static void fail(png_structp png, png_const_charp reason) {
  job *failed = png_get_error_ptr(png);
  explain(failed, reason);
  longjmp(failed->failure, 1);
}

static void ignore_warning(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

static int open_reader(job *job, const char *path) {
  job->input = fopen(path, "rb");
  if (!job->input) {
    explain(job, strerror(errno));
    return -1;
  }
  job->reader = png_create_read_struct(PNG_LIBPNG_VER_STRING, job, fail, ignore_warning);
  if (job->reader) job->info = png_create_info_struct(job->reader);
  if (!job->info) {
    explain(job, "out of memory");
    return -1;
  }
  png_init_io(job->reader, job->input);
  png_set_user_limits(job->reader, LONGEST_SIDE, LONGEST_SIDE);
  return 0;
}

static int finish(job *job, int status) {
  if (job->writer) png_destroy_write_struct(&job->writer, &job->writer_info);
  if (job->reader) png_destroy_read_struct(&job->reader, &job->info, NULL);
  free(job->pixels);
  free(job->rows);
  free(job->texts);
  if (job->input) fclose(job->input);
  if (job->output && fclose(job->output) != 0 && status == 0) {
    explain(job, strerror(errno));
    status = -1;
  }
  return status;
}

int png_file_inspect(
    const char *path, png_file_summary *summary, char *message, size_t capacity) {
  job state = {.message = message, .capacity = capacity};
  job *job = &state;
  if (setjmp(job->failure) != 0) return finish(job, -1);
  if (open_reader(job, path) != 0) return finish(job, -1);
  png_read_info(job->reader, job->info);
  // One form for all: eight bits of red, green, blue and alpha.
  png_set_expand(job->reader);
  png_set_strip_16(job->reader);
  png_set_gray_to_rgb(job->reader);
  png_set_add_alpha(job->reader, 0xff, PNG_FILLER_AFTER);
  png_set_interlace_handling(job->reader);
  png_read_update_info(job->reader, job->info);
  size_t width = png_get_image_width(job->reader, job->info);
  size_t height = png_get_image_height(job->reader, job->info);
  size_t stride = png_get_rowbytes(job->reader, job->info);
  job->pixels = malloc(stride * height);
  job->rows = malloc(height * sizeof *job->rows);
  if (!job->pixels || !job->rows) fail(job->reader, "out of memory");
  for (size_t y = 0; y < height; y++) job->rows[y] = job->pixels + y * stride;
  png_read_image(job->reader, job->rows);
  png_read_end(job->reader, NULL);
  uint64_t marked = 0;
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++)
      if (memcmp(job->rows[y] + 4 * x, job->pixels, 4) != 0) marked++;
  *summary = (png_file_summary){(uint32_t)width, (uint32_t)height, marked};
  return finish(job, 0);
}

static int is_ascii(const char *text) {
  for (; *text; text++)
    if ((unsigned char)*text > 0x7e) return 0;
  return 1;
}

int png_file_stamp(
    const char *source, const char *target, const char *const *keys, const char *const *values,
    size_t count, char *message, size_t capacity) {
  job state = {.message = message, .capacity = capacity};
  job *job = &state;
  if (setjmp(job->failure) != 0) return finish(job, -1);
  if (open_reader(job, source) != 0) return finish(job, -1);
  job->output = fopen(target, "wb");
  if (!job->output) {
    explain(job, strerror(errno));
    return finish(job, -1);
  }
  job->writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, job, fail, ignore_warning);
  job->texts = calloc(count ? count : 1, sizeof *job->texts);
  if (job->writer) job->writer_info = png_create_info_struct(job->writer);
  if (!job->writer_info || !job->texts) {
    explain(job, "out of memory");
    return finish(job, -1);
  }
  png_read_png(job->reader, job->info, PNG_TRANSFORM_IDENTITY, NULL);
  for (size_t i = 0; i < count; i++) {
    job->texts[i].compression =
      is_ascii(values[i]) ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
    job->texts[i].key = (png_charp)keys[i];
    job->texts[i].text = (png_charp)values[i];
    job->texts[i].text_length = strlen(values[i]);
  }
  png_set_text(job->writer, job->info, job->texts, (int)count);
  png_init_io(job->writer, job->output);
  png_write_png(job->writer, job->info, PNG_TRANSFORM_IDENTITY, NULL);
  return finish(job, 0);
}

int png_file_texts(
    const char *path, void (*visit)(void *context, const char *key, const char *value),
    void *context, char *message, size_t capacity) {
  job state = {.message = message, .capacity = capacity};
  job *job = &state;
  if (setjmp(job->failure) != 0) return finish(job, -1);
  if (open_reader(job, path) != 0) return finish(job, -1);
  // Chunks may also follow the pixels, so all of the file is read.
  png_read_png(job->reader, job->info, PNG_TRANSFORM_IDENTITY, NULL);
  png_textp texts = NULL;
  int count = 0;
  png_get_text(job->reader, job->info, &texts, &count);
  for (int i = 0; i < count; i++) visit(context, texts[i].key, texts[i].text);
  return finish(job, 0);
}
