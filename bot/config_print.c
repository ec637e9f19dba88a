/* What is printed of the table: the example that `init` writes, and bot/configuration.md. */
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "config_table.h"
#include "text.h"

/* What the example shows for a key without a default. */
static const char *sample(const struct config_row *row)
{
    return row->kind == KIND_ACCOUNT ? "\"" CONFIG_EXAMPLE_ACCOUNT "\"" : CONFIG_EXAMPLE_CHANNEL;
}

/* What each map's keys are, as a comment, and the default maps below it. */
static void add_maps(struct text *out, const struct config_row *row, int depth)
{
    text_add(out, *row->default_text == '\0' ? " []" : "");
    for (const struct config_row *one = row->list->rows; one->key != NULL; one++)
        text_addf(out, "%s%s: %s", one == row->list->rows ? " # " : "; ", one->key, one->doc);
    for (const char *map = row->default_text; *map != '\0'; map += *map == '\n') {
        size_t size = strcspn(map, "\n");
        text_addf(out, "\n%*s- %.*s", 2 * depth + 2, "", (int)size, map);
        map += size;
    }
    for (const char *map = row->list->sample; map != NULL && *map != '\0'; map += *map == '\n') {
        size_t size = strcspn(map, "\n");
        text_addf(out, "\n%*s%s# - %.*s", 2 * depth, "",
                  map == row->list->sample ? "# for example, in place of []:\n" : "", (int)size,
                  map);
        map += size;
    }
}

static void add_value(struct text *out, const struct config_row *row, int depth)
{
    switch (row->kind) {
    case KIND_USERS:
    case KIND_GROUPS:
    case KIND_TEAMS:
        text_add(out, strcmp(row->key, "people.approvers.groups") == 0 ? " [" CONFIG_EXAMPLE_GROUP
                                                                         "]"
                                                                       : " []");
        break;
    case KIND_WEEKDAYS:
    case KIND_DATES:
    case KIND_WAITS:
        text_addf(out, " [%s]", row->default_text);
        break;
    case KIND_LIST_OF_MAPS:
        add_maps(out, row, depth);
        break;
    case KIND_TEXT:
    case KIND_NAME:
    case KIND_PRICE:
    case KIND_PERCENT:
    case KIND_RULE:
    case KIND_CHANNEL:
    case KIND_TEAM:
    case KIND_CLOCK:
    case KIND_ZONE:
        text_addf(out, row->default_text != NULL ? " \"%s\"" : " %s",
                  row->default_text != NULL ? row->default_text : sample(row));
        break;
    case KIND_ACCOUNT:
        text_addf(out, " %s", sample(row));
        break;
    case KIND_NUMBER:
    case KIND_DURATION:
    case KIND_DRAFT:
    case KIND_LEVEL:
        text_addf(out, " %s", row->default_text);
        break;
    }
}

/* Sections open where a key's leading part differs from the one before. */
char *config_example(void)
{
    struct text out = {0};
    const char *before = "";
    text_add(&out, "# Configuration of cppo-bot. Secrets do not belong here: SLACK_APP_TOKEN,\n"
                   "# SLACK_BOT_TOKEN and the AWS credentials come from the environment.\n");
    for (const struct config_row *row = config_rows; row->key != NULL; row++) {
        int depth = 0;
        const char *at = row->key;
        const char *dot;
        while ((dot = strchr(at, '.')) != NULL) {
            size_t size = (size_t)(dot - row->key) + 1;
            if (strncmp(before, row->key, size) != 0)
                text_addf(&out, "%s%*s%.*s:\n", depth == 0 ? "\n" : "", 2 * depth, "",
                          (int)(dot - at), at);
            depth++;
            at = dot + 1;
        }
        text_addf(&out, "%*s# %s\n%*s%s:", 2 * depth, "", row->doc, 2 * depth, "", at);
        add_value(&out, row, depth);
        text_add(&out, "\n");
        before = row->key;
    }
    return text_take(&out);
}

/* ${list}: in whose maps the rows are; "" for those of the file. Lines of a default are one here.
 */
static void add_rows(struct text *out, const struct config_row *rows, const char *list)
{
    for (const struct config_row *row = rows; row->key != NULL; row++) {
        char *name = text_format("%s%s%s", list, *list != '\0' ? "[]." : "", row->key);
        const char *default_text = row->default_text != NULL ? row->default_text : "required";
        const char *quote = row->default_text != NULL && *row->default_text != '\0' ? "`" : "";
        text_addf(out, "| `%s` | %s", name, quote);
        for (; *default_text != '\0'; default_text++)
            text_add_bytes(out, *default_text == '\n' ? ", " : default_text,
                           *default_text == '\n' ? 2 : 1);
        text_addf(out, "%s | %s |\n", quote, row->doc);
        if (row->kind == KIND_LIST_OF_MAPS)
            add_rows(out, row->list->rows, name);
        free(name);
    }
}

char *config_table_markdown(void)
{
    struct text out = {0};
    text_add(&out, "| key | default | what it is |\n| --- | --- | --- |\n");
    add_rows(&out, config_rows, "");
    return text_take(&out);
}
