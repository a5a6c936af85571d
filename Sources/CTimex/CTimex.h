// The kernel's word on whether the clock is kept right; Swift's Glibc leaves this header out.
#include <sys/timex.h>
