/* Feeds files to a fuzz target, each once: `fuzz_x FILE ...`. */
#include "fuzz.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rbe");
        struct text bytes = {0};
        char part[4096];
        if (file == NULL) {
            fprintf(stderr, "cannot read %s\n", argv[i]);
            return 1;
        }
        for (size_t got; (got = fread(part, 1, sizeof(part), file)) > 0;)
            text_add_bytes(&bytes, part, got);
        fclose(file);
        fprintf(stderr, "%s\n", argv[i]); /* the last one is the culprit */
        uint8_t *exact = mem_new(bytes.size + 1, 1);
        exact = mem_resize(exact, bytes.size > 0 ? bytes.size : 1, 1);
        memcpy(exact, bytes.size > 0 ? bytes.bytes : "", bytes.size);
        LLVMFuzzerTestOneInput(exact, bytes.size);
        free(exact);
        text_free(&bytes);
    }
    return 0;
}
