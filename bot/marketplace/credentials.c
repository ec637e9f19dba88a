#include "marketplace/credentials.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "text.h"

enum { MOST_FILE = 256 * 1024 };

static const char *env(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

void credentials_free(struct credentials *credentials)
{
    if (credentials == NULL)
        return;
    mem_wipe_free(credentials->access_key);
    mem_wipe_free(credentials->secret_key);
    mem_wipe_free(credentials->token);
    free(credentials);
}

/* --- INI ---------------------------------------------------------------------------------- */

static bool is_section(const char *line, size_t size, const char *section)
{
    while (size > 0 && isspace((unsigned char)line[size - 1]))
        size--;
    return size == strlen(section) + 2 && line[0] == '[' && line[size - 1] == ']' &&
           strncmp(line + 1, section, size - 2) == 0;
}

static char *value_of(const char *line, size_t size, const char *key)
{
    size_t name = strlen(key);
    if (size <= name || strncmp(line, key, name) != 0)
        return NULL;
    const char *at = line + name;
    const char *end = line + size;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at == end || *at != '=')
        return NULL;
    at++;
    while (at < end && isspace((unsigned char)*at))
        at++;
    while (end > at && isspace((unsigned char)end[-1]))
        end--;
    return mem_slice(at, (size_t)(end - at));
}

char *credentials_ini(const char *text, const char *section, const char *key)
{
    bool inside = false;
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (*text == '[')
            inside = is_section(text, size, section);
        char *value = inside ? value_of(text, size, key) : NULL;
        if (value != NULL)
            return value;
        text += size + (text[size] == '\n');
    }
    return NULL;
}

/* --- the chain ---------------------------------------------------------------------------- */

static struct credentials *from_environment(void)
{
    if (*env("AWS_ACCESS_KEY_ID") == '\0' || *env("AWS_SECRET_ACCESS_KEY") == '\0')
        return NULL;
    struct credentials *keys = mem_new(1, sizeof(*keys));
    keys->access_key = mem_copy(env("AWS_ACCESS_KEY_ID"));
    keys->secret_key = mem_copy(env("AWS_SECRET_ACCESS_KEY"));
    keys->token = mem_copy(env("AWS_SESSION_TOKEN"));
    return keys;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    char *text = mem_new(MOST_FILE + 1, 1);
    size_t size = fread(text, 1, MOST_FILE, file);
    fclose(file);
    text[size] = '\0';
    return text;
}

static struct credentials *from_file(const char *path, const char *section)
{
    char *text = read_file(path);
    if (text == NULL)
        return NULL;
    struct credentials *keys = mem_new(1, sizeof(*keys));
    keys->access_key = credentials_ini(text, section, "aws_access_key_id");
    keys->secret_key = credentials_ini(text, section, "aws_secret_access_key");
    keys->token = credentials_ini(text, section, "aws_session_token");
    mem_wipe_free(text);
    if (keys->access_key == NULL || keys->secret_key == NULL) {
        credentials_free(keys);
        return NULL;
    }
    if (keys->token == NULL)
        keys->token = mem_copy("");
    return keys;
}

static char *path_of(const char *variable, const char *name)
{
    return *env(variable) != '\0' ? mem_copy(env(variable))
                                  : text_format("%s/.aws/%s", env("HOME"), name);
}

static struct credentials *from_profile(const char *profile)
{
    char *credentials_path = path_of("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    char *config_path = path_of("AWS_CONFIG_FILE", "config");
    char *section =
        strcmp(profile, "default") == 0 ? mem_copy("default") : text_format("profile %s", profile);
    struct credentials *keys = from_file(credentials_path, profile);
    if (keys == NULL)
        keys = from_file(config_path, section);
    free(credentials_path);
    free(config_path);
    free(section);
    return keys;
}

struct credentials *credentials_load(const char *profile, struct err *err)
{
    bool configured = *profile != '\0';
    if (!configured)
        profile = *env("AWS_PROFILE") != '\0' ? env("AWS_PROFILE") : "default";
    struct credentials *keys = configured ? NULL : from_environment();
    if (keys == NULL)
        keys = from_profile(profile);
    if (keys == NULL)
        err_set(err, ERR_USER,
                "there are no AWS keys: neither in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor "
                "in the profile “%s” of the AWS files",
                profile);
    return keys;
}
