#include "views/buyer_link.h"

#include <string.h>

#include "text.h"

char *buyer_link(const char *pattern, const char *product, const char *entity)
{
    struct text url = {0};
    while (*pattern != '\0') {
        if (strncmp(pattern, "{product}", 9) == 0) {
            text_add(&url, product);
            pattern += 9;
        } else if (strncmp(pattern, "{offer}", 7) == 0) {
            text_add(&url, entity);
            pattern += 7;
        } else {
            text_add_bytes(&url, pattern++, 1);
        }
    }
    return text_take(&url);
}

const char *buyer_link_hint(const char *pattern, const char *type)
{
    if (strstr(pattern, "/saas/") == NULL || strcmp(type, "SaaSProduct") == 0)
        return "";
    return *type != '\0' && *type != '?' ? "The buyer's link is in the AWS Marketplace portal: "
                                           "open the offer and choose “Copy offer URL”."
                                         : "If the link does not open, take it from the AWS "
                                           "Marketplace portal: open the offer and choose “Copy "
                                           "offer URL”.";
}

bool buyer_link_works(const char *pattern, const char *type)
{
    return strstr(pattern, "/saas/") == NULL || *type == '\0' || *type == '?' ||
           strcmp(type, "SaaSProduct") == 0;
}
