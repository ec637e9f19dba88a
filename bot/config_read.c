#include "config_read.h"

#include "config_fill.h"
#include "config_values.h"

static bool has_anchor(const yaml_event_t *event)
{
    return event->type == YAML_ALIAS_EVENT ||
           (event->type == YAML_SCALAR_EVENT && event->data.scalar.anchor != NULL) ||
           (event->type == YAML_SEQUENCE_START_EVENT &&
            event->data.sequence_start.anchor != NULL) ||
           (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor != NULL);
}

/* Anchors and aliases hide what a line means: none are taken. What is no YAML is left to the
 * reading itself to say. -1: there is not enough memory; a parser that got none at its making would
 * give empty events without end. */
static int find_aliases(FILE *file, bool *found)
{
    yaml_parser_t parser;
    yaml_event_t event;
    bool more = true;
    if (!yaml_parser_initialize(&parser))
        return -1;
    yaml_parser_set_input_file(&parser, file);
    while (more && yaml_parser_parse(&parser, &event)) {
        *found |= has_anchor(&event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    int result = parser.error == YAML_MEMORY_ERROR ? -1 : 0;
    yaml_parser_delete(&parser);
    rewind(file);
    return result;
}

static void refuse_second(struct config_reading *r, yaml_parser_t *parser)
{
    yaml_document_t second;
    if (!yaml_parser_load(parser, &second)) {
        COMPLAIN(r, NULL, "what comes after “---” is not YAML; only one document is taken");
        return;
    }
    if (yaml_document_get_root_node(&second) != NULL)
        COMPLAIN(r, NULL, "there is a second document after “---”");
    yaml_document_delete(&second);
}

/* Where the reading of ${file} ended: that character; EOF where it is not to be had. */
static int character_at(FILE *file, const yaml_mark_t *mark)
{
    int c = 0;
    rewind(file);
    for (size_t at = 0; at <= mark->index && c != EOF;) {
        c = fgetc(file);
        at += (c & 0xC0) != 0x80; /* libyaml counts characters */
    }
    return c;
}

/* The words of libyaml are for those who write parsers; what people stumble over is said. */
static void complain_of_yaml(FILE *file, const char *path, const yaml_parser_t *parser,
                             struct text *problems)
{
    const char *why = parser->problem != NULL ? parser->problem : "there is not enough memory";
    size_t line = parser->problem_mark.line + 1;
    bool odd = parser->error == YAML_SCANNER_ERROR;
    int c = odd ? character_at(file, &parser->problem_mark) : EOF;
    if (c == '\t')
        config_wrong(problems, path, line, "there is a tab: indent with spaces");
    else if (c == '@' || c == '`' || c == '%')
        config_wrong(problems, path, line, "put what begins with “%c” between quotes", c);
    else
        config_wrong(problems, path, line, "not YAML: %s", why);
}

bool config_read(FILE *file, const char *path, const struct config_row *rows, void *into,
                 struct text *problems)
{
    struct config_reading r = {.path = path, .problems = problems};
    yaml_parser_t parser = {0};
    bool alias = false;
    bool good = find_aliases(file, &alias) == 0 && yaml_parser_initialize(&parser);
    if (good) {
        yaml_parser_set_input_file(&parser, file);
        good = yaml_parser_load(&parser, &r.document);
    }
    if (good) {
        if (alias)
            COMPLAIN(&r, NULL,
                     "anchors (&name) and aliases (*name) are not supported: write the value out");
        config_fill(&r, rows, into, yaml_document_get_root_node(&r.document));
        refuse_second(&r, &parser);
        yaml_document_delete(&r.document);
    } else {
        complain_of_yaml(file, path, &parser, problems);
    }
    yaml_parser_delete(&parser);
    return good;
}
