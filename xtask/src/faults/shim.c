/* Loaded before the C library: writing to databases, or making them durable, fails as on a disk
   that is broken, for as long as the file that KEPT_FAULT_WRITE or KEPT_FAULT_SYNC names is there.
   Only files whose name begins with KEPT_FAULT_BELOW are touched. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int armed(const char *name) {
  const char *file = getenv(name);
  int before = errno;
  int there = file != NULL && access(file, F_OK) == 0;
  errno = before;
  return there;
}

static int ours(int fd) {
  const char *below = getenv("KEPT_FAULT_BELOW");
  char link[64], path[4096];
  ssize_t length;
  int before = errno;
  if (below == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink(link, path, sizeof path - 1);
  errno = before;
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, below, strlen(below)) == 0;
}

static int fails(const char *name, int fd) {
  if (!armed(name) || !ours(fd)) return 0;
  errno = EIO;
  return 1;
}

#define NEXT(type, name) static type next; if (next == NULL) next = (type)dlsym(RTLD_NEXT, name)

typedef int (*sync_f)(int);
typedef ssize_t (*write_f)(int, const void *, size_t);
typedef ssize_t (*pwrite_f)(int, const void *, size_t, off64_t);

int fsync(int fd) {
  NEXT(sync_f, "fsync");
  return fails("KEPT_FAULT_SYNC", fd) ? -1 : next(fd);
}

int fdatasync(int fd) {
  NEXT(sync_f, "fdatasync");
  return fails("KEPT_FAULT_SYNC", fd) ? -1 : next(fd);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  NEXT(write_f, "write");
  return fails("KEPT_FAULT_WRITE", fd) ? -1 : next(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  NEXT(pwrite_f, "pwrite64");
  return fails("KEPT_FAULT_WRITE", fd) ? -1 : next(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  NEXT(pwrite_f, "pwrite64");
  return fails("KEPT_FAULT_WRITE", fd) ? -1 : next(fd, bytes, length, at);
}
