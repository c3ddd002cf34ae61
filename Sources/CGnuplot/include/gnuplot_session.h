// A C face over gnuplot-iostream: a session that writes its commands and data to a file, which
// gnuplot then runs as a script. Only Figures imports it. No C++ exception passes through.
#ifndef GNUPLOT_SESSION_H
#define GNUPLOT_SESSION_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gnuplot_session gnuplot_session;

/// Opens a session that writes to the file at `path`, replacing it. Returns NULL on failure, with
/// the reason in `message` (`capacity` bytes, always terminated).
gnuplot_session *gnuplot_session_open(const char *path, char *message, size_t capacity);

/// Sends `length` bytes of commands or data. Returns 0, or -1 with the reason in `message`.
int gnuplot_session_send(
  gnuplot_session *session, const char *text, size_t length, char *message, size_t capacity);

/// Flushes, closes and frees the session, whatever happened before. Returns 0, or -1 when not
/// everything reached the file.
int gnuplot_session_close(gnuplot_session *session, char *message, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
