#include "io/proxy.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uv.h>

#include "mem.h"
#include "text.h"

enum { ADDRESS = 16, MAX_ITEM = 300 };

/* --- hosts --- */

/* A host as it is compared: small letters are left to the comparison, brackets and a dot at the end
 * are gone; false when it is too long to be one. */
static bool plain_host(const char *host, size_t size, char buffer[MAX_ITEM])
{
    if (size > 1 && host[0] == '[' && host[size - 1] == ']') {
        host++;
        size -= 2;
    }
    while (size > 0 && host[size - 1] == '.')
        size--;
    if (size >= MAX_ITEM)
        return false;
    memcpy(buffer, host, size);
    buffer[size] = '\0';
    return true;
}

/* An address in 16 bytes, IPv4 as ::ffff:a.b.c.d; false when it is a name. */
static bool read_address(const char *host, unsigned char into[ADDRESS])
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    memcpy(into, mapped, sizeof(mapped));
    return uv_inet_pton(AF_INET, host, into + 12) == 0 || uv_inet_pton(AF_INET6, host, into) == 0;
}

static bool same_network(const unsigned char a[ADDRESS], const unsigned char b[ADDRESS],
                         unsigned bits)
{
    unsigned whole = bits / 8;
    unsigned rest = bits % 8;
    return memcmp(a, b, whole) == 0 && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

static bool in_network(const unsigned char address[ADDRESS], const char *network, unsigned bits)
{
    unsigned char other[ADDRESS];
    return read_address(network, other) && same_network(address, other, bits);
}

static bool is_loopback(const char *host)
{
    unsigned char address[ADDRESS];
    size_t size = strlen(host);
    if (read_address(host, address))
        return in_network(address, "127.0.0.0", 96 + 8) || in_network(address, "::1", 128);
    return strcasecmp(host, "localhost") == 0 ||
           (size > 10 && strcasecmp(host + size - 10, ".localhost") == 0);
}

static bool gives_credentials(const char *host)
{
    unsigned char address[ADDRESS];
    return read_address(host, address) &&
           (in_network(address, "169.254.0.0", 96 + 16) || in_network(address, "fd00:ec2::", 32));
}

/* "/16" at the end of an item; without one, a network is one address. */
static bool read_bits(const char *slash, unsigned max, unsigned *bits)
{
    char *end;
    *bits = max;
    if (slash == NULL)
        return true;
    unsigned long value = strtoul(slash + 1, &end, 10);
    *bits = (unsigned)value;
    return isdigit((unsigned char)slash[1]) && *end == '\0' && value <= max;
}

/* One item of no_proxy. */
static bool item_names(const char *item, const char *host)
{
    unsigned char address[ADDRESS];
    unsigned char network[ADDRESS];
    char base[MAX_ITEM];
    const char *slash = strchr(item, '/');
    if (!plain_host(item, slash != NULL ? (size_t)(slash - item) : strlen(item), base))
        return false;
    if (read_address(host, address)) {
        bool old = uv_inet_pton(AF_INET, base, network) == 0;
        unsigned bits;
        return read_bits(slash, old ? 32 : 128, &bits) && read_address(base, network) &&
               same_network(address, network, bits + (old ? 96 : 0));
    }
    const char *name = base + (base[0] == '.');
    size_t size = strlen(name);
    size_t whole = strlen(host);
    return slash == NULL && size > 0 && whole >= size &&
           strcasecmp(host + whole - size, name) == 0 &&
           (whole == size || host[whole - size - 1] == '.');
}

static bool list_names(const char *list, const char *host)
{
    char item[MAX_ITEM];
    if (strcmp(list, "*") == 0 && strcmp(host, "<-loopback>") != 0)
        return true;
    while (*list != '\0') {
        list += strspn(list, ", \t");
        size_t size = strcspn(list, ", \t");
        if (size > 0 && size < sizeof(item)) {
            memcpy(item, list, size);
            item[size] = '\0';
            if (item_names(item, host))
                return true;
        }
        list += size;
    }
    return false;
}

const struct proxy *proxy_for(const struct proxy *proxy, const char *host)
{
    char plain[MAX_ITEM];
    if (proxy == NULL || !plain_host(host, strlen(host), plain))
        return proxy;
    if (gives_credentials(plain) ||
        (is_loopback(plain) && !list_names(proxy->no_proxy, "<-loopback>")) ||
        list_names(proxy->no_proxy, plain))
        return NULL;
    return proxy;
}

/* --- reading --- */

/* %40 -> @; false for what is no such thing, and for what no header may hold. Heap in *${into}. */
static bool unescape(const char *from, size_t size, char **into)
{
    struct text plain = {0};
    bool good = true;
    for (size_t i = 0; i < size && good; i++) {
        char digits[3] = "";
        char c = from[i];
        if (c == '%' && i + 2 < size && isxdigit((unsigned char)from[i + 1]) &&
            isxdigit((unsigned char)from[i + 2])) {
            memcpy(digits, from + i + 1, 2);
            c = (char)strtol(digits, NULL, 16);
            i += 2;
        } else if (c == '%') {
            good = false;
        }
        good = good && (unsigned char)c >= 0x20 && (unsigned char)c != 0x7F;
        text_add_bytes(&plain, &c, 1);
    }
    *into = text_take(&plain);
    return good;
}

/* "user" or "user:password". */
static bool read_user(struct proxy *proxy, const char *from, size_t size)
{
    const char *colon = memchr(from, ':', size);
    size_t user = colon != NULL ? (size_t)(colon - from) : size;
    if (!unescape(from, user, &proxy->user) || *proxy->user == '\0' ||
        strchr(proxy->user, ':') != NULL)
        return false;
    return colon == NULL || unescape(colon + 1, size - user - 1, &proxy->password);
}

static bool read_host(struct proxy *proxy, const char *from, size_t size)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:";
    const char *bracket = from[0] == '[' ? memchr(from, ']', size) : NULL;
    size_t host = bracket != NULL ? (size_t)(bracket - from) + 1 : strcspn(from, ":");
    char *end;
    if (host + 1 >= size || from[host] != ':' || !isdigit((unsigned char)from[host + 1]))
        return false; /* the port is not guessed: programs differ in what they take for it */
    long port = strtol(from + host + 1, &end, 10);
    if (end != from + size || port < 1 || port > 65535)
        return false;
    proxy->port = (int)port;
    proxy->host = bracket != NULL ? mem_slice(from + 1, host - 2) : mem_slice(from, host);
    return *proxy->host != '\0' && strspn(proxy->host, allowed) == strlen(proxy->host);
}

static const char *without_scheme(const char *url, struct err *err, const char *from)
{
    const char *mark = strstr(url, "://");
    if (mark == NULL)
        return url;
    if (strncasecmp(url, "http://", 7) == 0)
        return url + 7;
    err_set(err,
            strncasecmp(url, "https://", 8) == 0
                ? "%s names a TLS proxy (https://), which is not supported: give one as "
                  "http://host:port. What goes through it is encrypted all the same"
                : "%s names a proxy that is not HTTP: give one as http://host:port",
            from);
    return NULL;
}

static int read_url(struct proxy *proxy, const char *url, struct err *err)
{
    const char *rest = without_scheme(url, err, proxy->from);
    if (rest == NULL)
        return -1;
    size_t size = strcspn(rest, "/?#");
    const char *at = memrchr(rest, '@', size);
    if ((at != NULL && !read_user(proxy, rest, (size_t)(at - rest))) ||
        strcmp(rest + size, rest[size] == '/' ? "/" : "") != 0 ||
        !read_host(proxy, at != NULL ? at + 1 : rest,
                   size - (at != NULL ? (size_t)(at - rest) + 1 : 0))) {
        err_set(err, "%s is not a proxy's address: write http://host:port", proxy->from);
        return -1;
    }
    return 0;
}

/* --- choosing --- */

static const char *variable(const char *const *names, const char **which)
{
    for (; *names != NULL; names++) {
        const char *value = getenv(*names);
        if (value != NULL && *value != '\0') {
            *which = *names;
            return value;
        }
    }
    return NULL;
}

static const char *choose(const struct config *config, const char **from)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                        NULL};
    *from = "proxy.url";
    if (strcasecmp(config->proxy_url, "none") == 0)
        return NULL;
    return *config->proxy_url != '\0' ? config->proxy_url : variable(names, from);
}

static int add_password(struct proxy *proxy, bool configured, struct err *err)
{
    if (proxy->password != NULL && configured) {
        err_set(
            err,
            "proxy.url holds a password: secrets do not belong in the configuration; take it out, "
            "and give it as PROXY_PASSWORD (or in the file that PROXY_PASSWORD_FILE names)");
        return -1;
    }
    if (proxy->user == NULL || proxy->password != NULL)
        return 0;
    proxy->password = config_secret("PROXY_PASSWORD", err);
    if (proxy->password != NULL)
        return 0;
    err_wrap(err, "the proxy's user has no password");
    return -1;
}

int proxy_open(const struct config *config, struct proxy **proxy, struct err *err)
{
    static const char *const names[] = {"no_proxy", "NO_PROXY", NULL};
    const char *from;
    const char *which;
    const char *url = choose(config, &from);
    *proxy = NULL;
    if (url == NULL)
        return 0;
    const char *direct = *config->no_proxy != '\0' ? config->no_proxy : variable(names, &which);
    struct proxy *made = mem_new(1, sizeof(*made));
    made->from = from;
    made->no_proxy = mem_copy(direct != NULL ? direct : "");
    if (read_url(made, url, err) != 0 || add_password(made, url == config->proxy_url, err) != 0) {
        proxy_close(made);
        return -1;
    }
    *proxy = made;
    return 0;
}

void proxy_close(struct proxy *proxy)
{
    if (proxy == NULL)
        return;
    free(proxy->host);
    free(proxy->user);
    mem_wipe_free(proxy->password);
    free(proxy->no_proxy);
    free(proxy);
}

/* --- speaking --- */

static const char *open_bracket(const char *host)
{
    return strchr(host, ':') != NULL ? "[" : "";
}

static const char *close_bracket(const char *host)
{
    return strchr(host, ':') != NULL ? "]" : "";
}

char *proxy_text(const struct proxy *proxy)
{
    return text_format("http://%s%s%s:%d%s%s (%s)", open_bracket(proxy->host), proxy->host,
                       close_bracket(proxy->host), proxy->port,
                       proxy->user != NULL ? ", as user " : "",
                       proxy->user != NULL ? proxy->user : "", proxy->from);
}

static void add_base64(struct text *out, const char *bytes, size_t size)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        unsigned long three = (unsigned long)(unsigned char)bytes[i] << 16;
        if (i + 1 < size)
            three |= (unsigned long)(unsigned char)bytes[i + 1] << 8;
        if (i + 2 < size)
            three |= (unsigned char)bytes[i + 2];
        char four[4] = {letters[three >> 18], letters[three >> 12 & 63], letters[three >> 6 & 63],
                        letters[three & 63]};
        memset(four + (size - i < 3 ? size - i + 1 : 4), '=', size - i < 3 ? 3 - (size - i) : 0);
        text_add_bytes(out, four, 4);
    }
}

char *proxy_request(const struct proxy *proxy, const char *host, int port)
{
    struct text request = {0};
    const char *open = open_bracket(host);
    const char *close = close_bracket(host);
    text_addf(&request, "CONNECT %s%s%s:%d HTTP/1.1\r\nHost: %s%s%s:%d\r\nUser-Agent: cppo-bot\r\n",
              open, host, close, port, open, host, close, port);
    if (proxy->user != NULL) {
        char *both = text_format("%s:%s", proxy->user, proxy->password);
        text_add(&request, "Proxy-Authorization: Basic ");
        add_base64(&request, both, strlen(both));
        text_add(&request, "\r\n");
        mem_wipe_free(both);
    }
    text_add(&request, "\r\n");
    return text_take(&request);
}

const char *proxy_refusal(int status)
{
    switch (status) {
    case 407:
        return "the proxy requires a user and a password, or rejects ours (407)";
    case 403:
        return "the proxy does not allow it (403)";
    case 502:
    case 503:
    case 504:
        return "the proxy cannot reach it";
    default:
        return "the proxy refuses";
    }
}
