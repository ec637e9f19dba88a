/* Who signs, and where keys come from: STS, and beside it what a container and an instance offer
 * at their link-local addresses. All temporary keys are the same, and good for as long as was
 * ordered (POST /_sandbox/market/keys). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "mem.h"

/* --- the form --- */

/* The value of ${name} in a form, decoded; on the heap, "" when it is not there. */
static char *form_value(const char *body, const char *name)
{
    struct text out = {0};
    size_t size = strlen(name);
    while (*body != '\0' && (strncmp(body, name, size) != 0 || body[size] != '=')) {
        body += strcspn(body, "&");
        body += *body == '&';
    }
    if (*body == '\0')
        return mem_copy("");
    for (body += size + 1; *body != '\0' && *body != '&'; body++) {
        unsigned byte = (unsigned char)*body;
        if (*body == '%' && isxdigit((unsigned char)body[1]) && sscanf(body + 1, "%2x", &byte) == 1)
            body += 2;
        char c = (char)byte;
        text_add_bytes(&out, &c, 1);
    }
    return text_take(&out);
}

/* --- keys --- */

static void issue(struct market *market, char expires[32])
{
    market->role_until = market_now(market) + market->key_life_ms;
    iso_time(market->role_until, expires);
}

static void issue_json(struct market *market, struct sb_reply *reply)
{
    char expires[32];
    issue(market, expires);
    sandbox_reply_json(reply, 200,
                       json_pack("{s:s, s:s, s:s, s:s, s:s}", "Code", "Success", "AccessKeyId",
                                 SANDBOX_ROLE_KEY_ID, "SecretAccessKey", SANDBOX_ROLE_SECRET_KEY,
                                 "Token", SANDBOX_ROLE_TOKEN, "Expiration", expires));
}

static void issue_xml(struct market *market, const char *action, struct sb_reply *reply)
{
    char expires[32];
    issue(market, expires);
    text_addf(&reply->body,
              "<%sResponse><%sResult><Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s"
              "</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>%s</Expiration>"
              "</Credentials></%sResult></%sResponse>",
              action, action, SANDBOX_ROLE_KEY_ID, SANDBOX_ROLE_SECRET_KEY, SANDBOX_ROLE_TOKEN,
              expires, action, action);
}

/* --- STS --- */

static void refuse_xml(struct sb_reply *reply, int status, const char *code)
{
    reply->status = status;
    text_addf(&reply->body,
              "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>The request was "
              "not as it should be.</Message></Error></ErrorResponse>",
              code);
}

static const char *run_sts(struct market *market, const char *action,
                           const struct sb_request *request, struct sb_reply *reply)
{
    const char *account = "";
    bool unsigned_call = strcmp(action, "AssumeRoleWithWebIdentity") == 0;
    const char *bad = unsigned_call ? NULL : sign_check(market, request, "sts", &account);
    char *role = form_value(request->body, "RoleArn");
    char *session = form_value(request->body, "RoleSessionName");
    char *token = form_value(request->body, "WebIdentityToken");
    if (bad == NULL && unsigned_call && strcmp(token, SANDBOX_WEB_TOKEN) != 0)
        bad = "InvalidIdentityToken";
    else if (bad == NULL && strcmp(action, "GetCallerIdentity") == 0)
        text_addf(&reply->body,
                  "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::%s:user/"
                  "sandbox</Arn><UserId>AIDASANDBOX</UserId><Account>%s</Account>"
                  "</GetCallerIdentityResult></GetCallerIdentityResponse>",
                  account, account);
    else if (bad == NULL && (strcmp(role, SANDBOX_ROLE) != 0 || *session == '\0'))
        bad = "AccessDenied";
    else if (bad == NULL)
        issue_xml(market, action, reply);
    free(role);
    free(session);
    free(token);
    return bad;
}

void sts_serve(struct market *market, const struct sb_request *request, struct sb_reply *reply)
{
    char *action = form_value(request->body, "Action");
    reply->content_type = "text/xml";
    const char *bad = run_sts(market, action, request, reply);
    const struct fault *fault =
        fault_take(market->sandbox, "aws", action, request->body, request->body_size);
    if (bad != NULL)
        refuse_xml(reply, 403, bad);
    log_entry(market->sandbox, "market.call",
              json_pack("{s:s, s:s}", "operation", action, "error", bad != NULL ? bad : ""));
    fault_apply(fault, reply);
    free(action);
}

/* --- IAM --- */

/* GetRole knows the one role that AWS Marketplace makes for sharing authorizations; a fault with
 * the error NoSuchEntity or AccessDenied says otherwise. */
void iam_serve(struct market *market, const struct sb_request *request, struct sb_reply *reply)
{
    static const char role[] = "AWSServiceRoleForMarketplaceResaleAuthorization";
    char *action = form_value(request->body, "Action");
    char *name = form_value(request->body, "RoleName");
    const char *account = "";
    const char *bad = sign_check(market, request, "iam", &account);
    const struct fault *fault = fault_take(market->sandbox, "aws", action, "", 0);
    reply->content_type = "text/xml";
    if (bad == NULL && strcmp(action, "GetRole") != 0)
        bad = "InvalidAction";
    else if (bad == NULL && fault != NULL && fault->error != NULL)
        bad = fault->error;
    else if (bad == NULL && strcmp(name, role) != 0)
        bad = "NoSuchEntity";
    if (bad != NULL)
        refuse_xml(reply, strcmp(bad, "NoSuchEntity") == 0 ? 404 : 403, bad);
    else
        text_addf(&reply->body,
                  "<GetRoleResponse><GetRoleResult><Role><RoleName>%s</RoleName><Arn>"
                  "arn:aws:iam::%s:role/aws-service-role/resale-authorization.marketplace."
                  "amazonaws.com/%s</Arn></Role></GetRoleResult></GetRoleResponse>",
                  role, account, role);
    log_entry(market->sandbox, "market.call",
              json_pack("{s:s, s:s}", "operation", action, "error", bad != NULL ? bad : ""));
    fault_apply(fault, reply);
    free(action);
    free(name);
}

/* --- a container, an instance --- */

static bool sends(const struct sb_request *request, const char *name, const char *value)
{
    const char *sent = sandbox_header(request, name);
    return sent != NULL && strcmp(sent, value) == 0;
}

bool places_serve(struct market *market, const struct sb_request *request, struct sb_reply *reply)
{
    static const char role_path[] = "/aws/instance/latest/meta-data/iam/security-credentials/";
    bool put = strcmp(request->method, "PUT") == 0;
    bool trusted = sends(request, "x-aws-ec2-metadata-token", "sandbox-imds-token");
    if (strcmp(request->path, "/aws/container") == 0) {
        if (sends(request, "Authorization", SANDBOX_CONTAINER_TOKEN))
            issue_json(market, reply);
        else
            reply->status = 403;
    } else if (strcmp(request->path, "/aws/instance/latest/api/token") == 0) {
        bool asked = sandbox_header(request, "x-aws-ec2-metadata-token-ttl-seconds") != NULL;
        reply->status = put && asked ? 200 : 400;
        text_add(&reply->body, put && asked ? "sandbox-imds-token" : "");
    } else if (strncmp(request->path, role_path, sizeof(role_path) - 1) == 0) {
        if (!trusted)
            reply->status = 401;
        else if (strcmp(request->path + sizeof(role_path) - 1, "cppo") == 0)
            issue_json(market, reply);
        else
            text_add(&reply->body, "cppo");
    } else {
        return false;
    }
    log_entry(market->sandbox, "keys.asked",
              json_pack("{s:s, s:i}", "path", request->path, "status",
                        reply->status != 0 ? reply->status : 200));
    return true;
}
