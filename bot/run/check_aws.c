/* `cppo-bot check`, AWS: credentials, identity, permissions, authorizations. */
#include <stdlib.h>
#include <string.h>

#include "check_up.h"
#include "marketplace/catalog.h"
#include "marketplace/xml.h"
#include "offers/authorization.h"
#include "run/clock.h"
#include "text.h"

/* --- AWS --- */

static void on_credentials(void *ctx, const char *why)
{
    struct check_up *up = ctx;
    text_fit(up->credentials_error, sizeof(up->credentials_error), why != NULL ? why : "");
}

static bool check_identity(struct check_up *up, const struct credentials *credentials)
{
    struct aws_error error;
    char *reply = ask_identity(&up->asker, credentials, &error);
    char *account = xml_text(reply, strlen(reply), "Account");
    char *arn = xml_text(reply, strlen(reply), "Arn");
    bool ours = strcmp(account, up->config->aws_account) == 0;
    if (error.class != AWS_OK)
        check_wrong(up, "AWS identity", "%s (%s)", error.text, error.code);
    else if (!ours)
        check_wrong(
            up, "AWS identity",
            "these are credentials of account %s, aws.account is %s: nothing would be published",
            account, up->config->aws_account);
    else
        check_good("AWS identity", "%s", arn);
    free(reply);
    free(account);
    free(arn);
    return ours;
}

/* It need not exist, as long as we are allowed to ask for it. */
static bool may_ask(const struct aws_error *error)
{
    return error->class == AWS_OK || strcmp(error->code, "ResourceNotFoundException") == 0 ||
           strcmp(error->code, "ValidationException") == 0;
}

/* One call of the catalog, its arguments as JSON text (taken). */
static void check_call(struct check_up *up, const struct credentials *credentials, const char *name,
                       char *args)
{
    struct aws_error error;
    free(ask_catalog(&up->asker, name, args, credentials, &error));
    if (may_ask(&error))
        check_good("AWS permission", "%s", name);
    else
        check_wrong(up, "AWS permission", "%s: %s (%s)", name, error.text, error.code);
    free(args);
}

/* Offers are published without it. */
static void check_agreements(struct check_up *up, const struct credentials *credentials)
{
    struct aws_error error;
    char *args = catalog_search_agreements("offer-none", "");
    char *body = ask_catalog(&up->asker, "SearchAgreements", args, credentials, &error);
    if (may_ask(&error))
        check_good("AWS permission", "SearchAgreements");
    else
        check_note("AWS permission",
                   "SearchAgreements: %s (%s): nobody is told when a buyer accepts", error.text,
                   error.code);
    free(args);
    free(body);
}

/* --- authorizations --- */

/* Both sides need it before AWS shares an authorization (AWS Marketplace seller guide, "Service-
 * linked roles for resale authorizations"): without it the list is empty, and AWS does not say why.
 */
static const char sharing_role[] = "AWSServiceRoleForMarketplaceResaleAuthorization";

static void check_role(struct check_up *up, const struct credentials *credentials,
                       bool none_is_there)
{
    struct aws_error error;
    free(ask_role(&up->asker, sharing_role, credentials, &error));
    bool missing = strcmp(error.code, "NoSuchEntity") == 0;
    if (error.class == AWS_OK)
        check_good("AWS role", "%s", sharing_role);
    else if (missing)
        check_wrong(up, "AWS role",
                    "the service-linked role %s is missing, and no authorization is shared with us "
                    "without it: in the Marketplace portal, Settings, Service-linked roles",
                    sharing_role);
    else if (none_is_there)
        check_note("AWS role",
                   "an empty list comes most often from a missing service-linked role, ours or the "
                   "ISV's: look for %s in IAM (with iam:GetRole I can look myself)",
                   sharing_role);
}

struct found {
    size_t count, usable;
    char first[AUTHORIZATION_ID];
};

static void check_page(const json_t *reply, char next[NEXT_TOKEN], struct found *found)
{
    size_t count;
    int64_t now = clock_ms();
    struct authorization *list = catalog_authorizations(reply, &count, next);
    for (size_t i = 0; i < count; i++) {
        const char *why = authorization_unusable(&list[i], now);
        found->usable += why == NULL;
        if (why != NULL)
            check_note("authorization", "%s (%s) %s", list[i].name, list[i].id, why);
        else
            check_good("authorization", "%s (%s)", list[i].name, list[i].id);
    }
    if (found->count == 0 && count > 0)
        text_fit(found->first, sizeof(found->first), list[0].id);
    found->count += count;
    free(list);
}

/* All pages; false when AWS does not tell. */
static bool check_authorizations(struct check_up *up, const struct credentials *credentials,
                                 struct found *found)
{
    enum { MAX_PAGES = 50 };
    char next[NEXT_TOKEN] = "";
    for (int i = 0; i < MAX_PAGES && (i == 0 || *next != '\0'); i++) {
        struct aws_error error;
        char *args = catalog_list_authorizations(next);
        char *body = ask_catalog(&up->asker, "ListEntities", args, credentials, &error);
        json_t *reply = error.class == AWS_OK ? json_loads(body, 0, NULL) : NULL;
        free(args);
        free(body);
        if (reply == NULL) {
            check_wrong(up, "AWS permission", "ListEntities: %s (%s)", error.text, error.code);
            return false;
        }
        check_page(reply, next, found);
        json_decref(reply);
    }
    check_good("AWS permission", "ListEntities");
    if (found->usable == 0)
        check_wrong(up, "authorizations", "%s: ask %s",
                    found->count == 0 ? "the ISV has extended none to us" : "none can be used",
                    up->config->support_contact);
    return true;
}

static void check_permissions(struct check_up *up, const struct credentials *credentials)
{
    struct found found = {.first = "resaleauthz-none"};
    bool told = check_authorizations(up, credentials, &found);
    check_role(up, credentials, told && found.count == 0);
    check_call(up, credentials, "DescribeEntity", catalog_describe_entity(found.first));
    check_call(up, credentials, "ListChangeSets", catalog_list_change_sets("cppo.check"));
    check_call(up, credentials, "DescribeChangeSet", catalog_describe_change_set("cppo-check"));
    check_call(up, credentials, "CancelChangeSet", catalog_cancel_change_set("cppo-check"));
    check_agreements(up, credentials);
    check_note("AWS permission", "StartChangeSet is not tried: it would create a change set");
}

void check_aws(struct check_up *up)
{
    struct aws_credentials *source = aws_credentials_new(
        &up->asker.wire, &up->asker.loop, up->config->aws_profile, on_credentials, up);
    const struct credentials *credentials = ask_credentials(&up->asker, source);
    if (credentials == NULL)
        check_wrong(up, "AWS credentials", "%s", up->credentials_error);
    else if (check_identity(up, credentials))
        check_permissions(up, credentials);
    aws_credentials_free(source);
}
