/* Any file as AWS's shared credentials; and any line as a credential_process. */
#include <ctype.h>

#include "fuzz_memory_file.h"
#include "marketplace/credentials.h"

/* --- an independent reading of the file --- */

static char *trimmed(char *text)
{
    size_t size = strlen(text);
    while (size > 0 && isspace((unsigned char)text[size - 1]))
        text[--size] = '\0';
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* Is this line "key = ..."? Then its value, within ${line}. */
static char *value_in(char *line, const char *key)
{
    char *equals = strchr(line, '=');
    if (equals == NULL)
        return NULL;
    char *end = equals;
    while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    bool ours = (size_t)(end - line) == strlen(key) && strncmp(line, key, strlen(key)) == 0;
    return ours ? trimmed(equals + 1) : NULL;
}

/* The first value of the key in a section of that name, on the heap; NULL: there is none. */
static char *expected_value(const char *text, const char *section, const char *key)
{
    char *all = mem_copy(text);
    char *header = text_format("[%s]", section);
    char *rest = all;
    char *found = NULL;
    bool inside = false;
    for (char *line; found == NULL && (line = strsep(&rest, "\n")) != NULL;) {
        if (*line == '[') {
            trimmed(line);
            inside = strcmp(line, header) == 0;
        } else if (inside) {
            found = mem_copy(value_in(line, key));
        }
    }
    free(header);
    free(all);
    return found;
}

/* The value in the profile: both files are this one. */
static char *expected_setting(const char *text, const char *profile, const char *key)
{
    char *value = expected_value(text, profile, key);
    char *section = text_format("profile %s", profile);
    if ((value == NULL || *value == '\0') && strcmp(profile, "default") != 0) {
        free(value);
        value = expected_value(text, section, key);
    }
    free(section);
    return value;
}

static void same(const char *read, char *expected, const char *words)
{
    must((read == NULL) == (expected == NULL), words);
    must(read == NULL || strcmp(read, expected) == 0, words);
    free(expected);
}

static void judge_meaning(const struct credential_source *source, const char *text,
                          const char *profile)
{
    if (source->kind == CREDENTIALS_STATIC) {
        same(source->credentials->access_key, expected_setting(text, profile, "aws_access_key_id"),
             "it is the profile's access key");
        same(source->credentials->secret_key,
             expected_setting(text, profile, "aws_secret_access_key"),
             "it is the profile's secret key");
    } else if (source->kind == CREDENTIALS_ROLE || source->kind == CREDENTIALS_WEB_IDENTITY) {
        same(source->role, expected_setting(text, profile, "role_arn"), "it is the profile's role");
    }
}

static void judge_ini(const char *text)
{
    static const char *const looked_for[][2] = {{"default", "aws_access_key_id"},
                                                {"seller", "role_arn"},
                                                {"profile seller", "source_profile"}};
    for (size_t i = 0; i < 3; i++) {
        char *value = credentials_ini(text, looked_for[i][0], looked_for[i][1]);
        same(value, expected_value(text, looked_for[i][0], looked_for[i][1]),
             "what a file says is agreed on");
        free(value);
    }
}

/* --- the promises --- */

static void judge_source(const struct credential_source *source, int depth)
{
    must(depth < 20, "roles that lead to themselves are refused");
    switch (source->kind) {
    case CREDENTIALS_STATIC:
        must(source->credentials != NULL && *source->credentials->access_key != '\0',
             "keys are there");
        break;
    case CREDENTIALS_PROCESS:
        must(source->words != NULL && source->words[0] != NULL, "there is a program to run");
        break;
    case CREDENTIALS_CONTAINER:
    case CREDENTIALS_INSTANCE:
        must(source->url != NULL, "there is an address to ask");
        break;
    case CREDENTIALS_WEB_IDENTITY:
        must(source->role != NULL && source->token_file != NULL, "there is a role to take");
        break;
    case CREDENTIALS_ROLE:
        must(source->role != NULL && source->base != NULL, "there are keys to take a role with");
        judge_source(source->base, depth + 1);
        break;
    }
}

static void read_line(const char *line)
{
    size_t total = 0;
    char **words = credential_source_words(line);
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        total += strlen(words[i]);
    must(total <= strlen(line), "no word is made up");
    credential_source_words_free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct memory_file file;
    static const char *const profiles[] = {"default", "seller", ""};
    struct fuzz fuzz = {data, size};
    struct err err = {.text = ""};
    if (file.path[0] == '\0') {
        memory_file_write(&file, data, size);
        setenv("AWS_SHARED_CREDENTIALS_FILE", file.path, 1);
        setenv("AWS_CONFIG_FILE", file.path, 1);
        setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    }
    memory_file_write(&file, data, size);
    const char *profile = profiles[size % 3];
    struct credential_source *source = credential_source_find(profile, &err);
    char *text = fuzz_rest(&fuzz);
    if (source != NULL) {
        judge_source(source, 0);
        judge_meaning(source, text, *profile != '\0' ? profile : "default");
    }
    must(source != NULL || err.text[0] != '\0', "a refusal says why or where was looked");
    credential_source_free(source);
    judge_ini(text);
    read_line(text);
    free(text);
    return 0;
}
