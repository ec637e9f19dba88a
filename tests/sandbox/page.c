#include "page.h"

#include <string.h>

/* Put a file into the program; paths are from the top of the repository, where make runs. */
#define EMBED(name, file)                                                                          \
    __asm__(".section .rodata\n"                                                                   \
            ".global page_" #name "\n"                                                             \
            ".global page_" #name "_end\n"                                                         \
            "page_" #name ":\n"                                                                    \
            ".incbin \"tests/sandbox/page/" file "\"\n"                                            \
            "page_" #name "_end:\n"                                                                \
            ".byte 0\n"                                                                            \
            ".previous\n");                                                                        \
    extern const char page_##name[];                                                               \
    extern const char page_##name##_end[]

EMBED(index, "index.html");
EMBED(script, "page.js");
EMBED(blocks, "blocks.js");
EMBED(style, "style.css");

static const struct {
    const char *path;
    const char *type;
    const char *bytes;
    const char *end;
} files[] = {
    {"/", "text/html; charset=utf-8", page_index, page_index_end},
    {"/page.js", "text/javascript; charset=utf-8", page_script, page_script_end},
    {"/blocks.js", "text/javascript; charset=utf-8", page_blocks, page_blocks_end},
    {"/style.css", "text/css; charset=utf-8", page_style, page_style_end},
};

bool page_serve(const char *path, struct sb_reply *reply)
{
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (strcmp(files[i].path, path) != 0)
            continue;
        reply->content_type = files[i].type;
        text_add(&reply->headers,
                 "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                 "Content-Security-Policy: default-src 'self'; img-src 'self' data:\r\n");
        text_add_bytes(&reply->body, files[i].bytes, (size_t)(files[i].end - files[i].bytes));
        return true;
    }
    return false;
}
