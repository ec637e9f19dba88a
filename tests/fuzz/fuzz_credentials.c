/* Any file as AWS's shared credentials; and any line as a credential_process. */
#include "fuzz_memory_file.h"
#include "marketplace/credentials.h"

static void judge_source(const struct key_source *source, int depth)
{
    must(depth < 20, "roles that lead to themselves are refused");
    switch (source->kind) {
    case KEYS_STATIC:
        must(source->keys != NULL && *source->keys->access_key != '\0', "keys are there");
        break;
    case KEYS_PROCESS:
        must(source->words != NULL && source->words[0] != NULL, "there is a program to run");
        break;
    case KEYS_CONTAINER:
    case KEYS_INSTANCE:
        must(source->url != NULL, "there is an address to ask");
        break;
    case KEYS_WEB_IDENTITY:
        must(source->role != NULL && source->token_file != NULL, "there is a role to take");
        break;
    case KEYS_ROLE:
        must(source->role != NULL && source->base != NULL, "there are keys to take a role with");
        judge_source(source->base, depth + 1);
        break;
    }
}

static void read_line(const char *line)
{
    size_t total = 0;
    char **words = key_source_words(line);
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        total += strlen(words[i]);
    must(total <= strlen(line), "no word is made up");
    key_source_words_free(words);
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
    struct key_source *source = key_source_find(profiles[size % 3], &err);
    if (source != NULL)
        judge_source(source, 0);
    else
        must(err.text[0] != '\0', "a refusal says why or where was looked");
    key_source_free(source);
    char *text = fuzz_rest(&fuzz);
    char *value = credentials_ini(text, "default", "aws_access_key_id");
    must(value == NULL || strstr(text, value) != NULL, "a value stands in the file");
    free(value);
    read_line(text);
    free(text);
    return 0;
}
