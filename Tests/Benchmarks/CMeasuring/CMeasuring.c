// Takes the place of the C library's allocator in the program that it is linked into, and counts; and reads processor times.

#define _GNU_SOURCE  // RUSAGE_THREAD
#include "CMeasuring.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/resource.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Atomic uint64_t count;
static _Thread_local bool left_out;

static void note(void) {
    if (!left_out) atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
}

uint64_t allocations_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

void allocations_leave_out(bool leaves_out) { left_out = leaves_out; }

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note();
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    note();
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    note();
    *result = __libc_memalign(alignment, size);
    return *result == NULL ? ENOMEM : 0;
}

static struct processor_time time_of(int who) {
    struct rusage usage;
    getrusage(who, &usage);
    double user = usage.ru_utime.tv_sec * 1e9 + usage.ru_utime.tv_usec * 1e3;
    return (struct processor_time){user, user + usage.ru_stime.tv_sec * 1e9 + usage.ru_stime.tv_usec * 1e3};
}

struct processor_time processor_time_of_others(void) {
    struct processor_time all = time_of(RUSAGE_SELF), own = time_of(RUSAGE_THREAD);
    return (struct processor_time){all.user - own.user, all.total - own.total};
}
