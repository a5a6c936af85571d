#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop, called from a main of our own.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
