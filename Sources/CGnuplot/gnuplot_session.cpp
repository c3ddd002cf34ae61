#include "gnuplot_session.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

// The library's header takes its own and Boost's old idioms for granted.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <gnuplot-iostream.h>
#pragma clang diagnostic pop

struct gnuplot_session {
  // A leading '>' makes the library write to a file. It opens no pipe then, so a reader that goes
  // away cannot kill the process, and a missing gnuplot cannot pass for success.
  explicit gnuplot_session(const std::string &path) : stream(">" + path) {}
  Gnuplot stream;
};

namespace {

void report(const std::string &reason, char *message, size_t capacity) {
  if (capacity > 0) std::snprintf(message, capacity, "%s", reason.c_str());
}

std::string system_reason(const char *fallback) {
  return errno == 0 ? fallback : std::strerror(errno);
}

/// Runs `body`, turning every exception into a reason.
template <typename Body>
int guarded(char *message, size_t capacity, Body body) {
  errno = 0;
  try {
    if (body()) return 0;
    report(system_reason("the stream is closed"), message, capacity);
  } catch (const std::exception &error) {
    report(system_reason(error.what()), message, capacity);
  } catch (...) {
    report(system_reason("unknown failure"), message, capacity);
  }
  return -1;
}

}  // namespace

gnuplot_session *gnuplot_session_open(const char *path, char *message, size_t capacity) {
  std::unique_ptr<gnuplot_session> session;
  int status = guarded(message, capacity, [&] {
    session = std::make_unique<gnuplot_session>(path);
    return session->stream.good();
  });
  return status == 0 ? session.release() : nullptr;
}

int gnuplot_session_send(
    gnuplot_session *session, const char *text, size_t length, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    session->stream.write(text, static_cast<std::streamsize>(length));
    return session->stream.good();
  });
}

int gnuplot_session_close(gnuplot_session *session, char *message, size_t capacity) {
  std::unique_ptr<gnuplot_session> owned(session);
  return guarded(message, capacity, [&] {
    // The library's destructor only prints what goes wrong; after a flush nothing is left to.
    owned->stream.flush();
    bool complete = owned->stream.good();
    int reason = errno;
    owned.reset();
    errno = reason;
    return complete;
  });
}
