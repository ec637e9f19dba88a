#include "page.h"

#include <string.h>

#define HTML "text/html; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"
#define STYLE "text/css; charset=utf-8"

/* name in C, path in the browser, file, type */
#define PAGE_FILES(X)                                                                              \
    X(index, "/", "index.html", HTML)                                                              \
    X(page, "/page.js", "page.js", SCRIPT)                                                         \
    X(base_css, "/base.css", "base.css", STYLE)                                                    \
    X(chat_css, "/chat.css", "chat.css", STYLE)                                                    \
    X(blocks_css, "/blocks.css", "blocks.css", STYLE)                                              \
    X(modal_css, "/modal.css", "modal.css", STYLE)                                                 \
    X(market_css, "/market.css", "market.css", STYLE)                                              \
    X(dom, "/dom.js", "dom.js", SCRIPT)                                                            \
    X(icons, "/icons.js", "icons.js", SCRIPT)                                                      \
    X(store, "/store.js", "store.js", SCRIPT)                                                      \
    X(wire, "/wire.js", "wire.js", SCRIPT)                                                         \
    X(people, "/people.js", "people.js", SCRIPT)                                                   \
    X(times, "/times.js", "times.js", SCRIPT)                                                      \
    X(mrkdwn, "/mrkdwn.js", "mrkdwn.js", SCRIPT)                                                   \
    X(markdown, "/markdown.js", "markdown.js", SCRIPT)                                             \
    X(rich_text, "/rich_text.js", "rich_text.js", SCRIPT)                                          \
    X(blocks, "/blocks.js", "blocks.js", SCRIPT)                                                   \
    X(elements, "/elements.js", "elements.js", SCRIPT)                                             \
    X(clicks, "/clicks.js", "clicks.js", SCRIPT)                                                   \
    X(values, "/values.js", "values.js", SCRIPT)                                                   \
    X(menu, "/menu.js", "menu.js", SCRIPT)                                                         \
    X(combobox, "/combobox.js", "combobox.js", SCRIPT)                                             \
    X(dialog, "/dialog.js", "dialog.js", SCRIPT)                                                   \
    X(modals, "/modals.js", "modals.js", SCRIPT)                                                   \
    X(sidebar, "/sidebar.js", "sidebar.js", SCRIPT)                                                \
    X(panes, "/panes.js", "panes.js", SCRIPT)                                                      \
    X(places, "/places.js", "places.js", SCRIPT)                                                   \
    X(channel, "/channel.js", "channel.js", SCRIPT)                                                \
    X(message, "/message.js", "message.js", SCRIPT)                                                \
    X(thread, "/thread.js", "thread.js", SCRIPT)                                                   \
    X(shortcuts, "/shortcuts.js", "shortcuts.js", SCRIPT)                                          \
    X(composer, "/composer.js", "composer.js", SCRIPT)                                             \
    X(commands, "/commands.js", "commands.js", SCRIPT)                                             \
    X(home, "/home.js", "home.js", SCRIPT)                                                         \
    X(market, "/market.js", "market.js", SCRIPT)                                                   \
    X(market_plays, "/market_plays.js", "market_plays.js", SCRIPT)                                 \
    X(market_words, "/market_words.js", "market_words.js", SCRIPT)                                 \
    X(levers, "/levers.js", "levers.js", SCRIPT)                                                   \
    X(slack_levers, "/slack_levers.js", "slack_levers.js", SCRIPT)                                 \
    X(log, "/log.js", "log.js", SCRIPT)                                                            \
    X(hint, "/hint.js", "hint.js", SCRIPT)                                                         \
    X(toast, "/toast.js", "toast.js", SCRIPT)

/* Put a file into the program; paths are from the top of the repository, where make runs. */
#define EMBED(name, path, file, type)                                                              \
    __asm__(".section .rodata\n"                                                                   \
            ".global page_" #name "\n"                                                             \
            ".global page_" #name "_end\n"                                                         \
            "page_" #name ":\n"                                                                    \
            ".incbin \"tests/sandbox/page/" file "\"\n"                                            \
            "page_" #name "_end:\n"                                                                \
            ".byte 0\n"                                                                            \
            ".previous\n");                                                                        \
    extern const char page_##name[];                                                               \
    extern const char page_##name##_end[];

PAGE_FILES(EMBED)

#define ROW(name, path, file, type) {path, type, page_##name, page_##name##_end},

static const struct {
    const char *path;
    const char *type;
    const char *bytes;
    const char *end;
} files[] = {PAGE_FILES(ROW)};

bool page_serve(const char *path, struct sb_reply *reply)
{
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (strcmp(files[i].path, path) != 0)
            continue;
        reply->content_type = files[i].type;
        text_add(&reply->headers,
                 "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                 "Content-Security-Policy: default-src 'self'; img-src 'self' data: https:\r\n");
        text_add_bytes(&reply->body, files[i].bytes, (size_t)(files[i].end - files[i].bytes));
        return true;
    }
    return false;
}
