/* Any frame that a socket could bring. */
#include "envelope_judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    judge_frame((const char *)data, size);
    return 0;
}
