#ifndef C_MEASURING_H
#define C_MEASURING_H

#include <stdbool.h>
#include <stdint.h>

/// How often memory was allocated by any thread that has not been left out.
uint64_t allocations_count(void);

/// Leaves the calling thread out of the count, or takes it in again.
void allocations_leave_out(bool leaves_out);

/// Processor time in nanoseconds.
struct processor_time {
    /// In the program.
    double user;
    /// In the program and in the kernel.
    double total;
};

/// Of all threads of the process but the calling one.
struct processor_time processor_time_of_others(void);

#endif
