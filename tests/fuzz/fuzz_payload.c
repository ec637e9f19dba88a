/* The payload of each kind within a good envelope: 's' in front of a slash command, 'e' of an
 * event, anything else of an interaction (click, submission, suggestion: its own type says). */
#include "envelope_judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    struct text frame = {0};
    unsigned kind = fuzz_byte(&fuzz);
    const char *type = kind == 's' ? "slash_commands" : kind == 'e' ? "events_api" : "interactive";
    text_addf(&frame, "{\"envelope_id\":\"E1\",\"type\":\"%s\",\"payload\":", type);
    text_add_bytes(&frame, fuzz.at, fuzz.left);
    text_add(&frame, "}");
    judge_frame(frame.bytes, frame.size);
    text_free(&frame);
    return 0;
}
