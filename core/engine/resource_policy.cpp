#include "core/engine/resource_policy.h"

#include <algorithm>
#include <array>
#include <simdjson.h>
#include <vector>

namespace shardscope {
namespace {

using simdjson::dom::element;

constexpr std::string_view kPrefix = "kinesis:";
/// What can be shared at all (API 5).
constexpr std::array<std::string_view, 6> kOfStreams {
    "DescribeStreamSummary", "ListShards", "PutRecord", "PutRecords", "GetRecords",
    "GetShardIterator"};
constexpr std::array<std::string_view, 2> kOfConsumers {"DescribeStreamConsumer",
                                                        "SubscribeToShard"};

struct Statement {
    bool denies = false, conditional = false;
    std::vector<std::string_view> principals, actions, resources;
};

tl::unexpected<Error> noPolicy(const std::string& why)
{
    return fail(ErrorCode::InvalidArgument, "The resource policy cannot be used: " + why + ".");
}

/// A text, or an array of texts.
bool readTexts(element value, std::vector<std::string_view>& out)
{
    std::string_view one;
    if (value.get(one) == simdjson::SUCCESS) {
        out.push_back(one);
        return true;
    }
    simdjson::dom::array many;
    if (value.get(many) != simdjson::SUCCESS)
        return false;
    for (const element each : many) {
        if (each.get(one) != simdjson::SUCCESS)
            return false;
        out.push_back(one);
    }
    return !out.empty();
}

/// A text, or an object of texts: `{"AWS": ["123456789012"]}`.
bool readPrincipals(element value, std::vector<std::string_view>& out)
{
    simdjson::dom::object kinds;
    if (value.get(kinds) != simdjson::SUCCESS)
        return readTexts(value, out);
    for (const auto& [kind, names] : kinds) {
        if (!readTexts(names, out))
            return false;
    }
    return !out.empty();
}

bool anyWild(const std::vector<std::string_view>& texts)
{
    return std::any_of(texts.begin(), texts.end(), [](std::string_view text) {
        return text.find('*') != std::string_view::npos;
    });
}

bool shareable(std::string_view action, ResourceRef::Kind kind)
{
    if (!action.starts_with(kPrefix))
        return false;
    action.remove_prefix(kPrefix.size());
    const auto in = [&](const auto& list) {
        return std::find(list.begin(), list.end(), action) != list.end();
    };
    return kind == ResourceRef::Kind::Consumer ? in(kOfConsumers) : in(kOfStreams);
}

Result<Statement> readStatement(element value, ResourceRef::Kind kind)
{
    Statement statement;
    std::string_view effect;
    element part;
    if (!value.is_object() || value["Effect"].get(effect) != simdjson::SUCCESS
        || (effect != "Allow" && effect != "Deny"))
        return noPolicy("a statement's Effect is neither Allow nor Deny");
    statement.denies = effect == "Deny";
    statement.conditional = value["Condition"].get(part) == simdjson::SUCCESS;
    if (value["Principal"].get(part) != simdjson::SUCCESS
        || !readPrincipals(part, statement.principals))
        return noPolicy("a statement names no Principal");
    if (anyWild(statement.principals))
        return noPolicy("a Principal may hold no *");
    if (value["Action"].get(part) != simdjson::SUCCESS || !readTexts(part, statement.actions))
        return noPolicy("a statement names no Action");
    if (anyWild(statement.actions))
        return noPolicy("an Action may hold no *");
    for (const std::string_view action : statement.actions) {
        if (!shareable(action, kind))
            return noPolicy("\"" + std::string(action) + "\" is no action that can be shared for a "
                            + (kind == ResourceRef::Kind::Consumer ? "consumer" : "stream"));
    }
    if (value["Resource"].get(part) == simdjson::SUCCESS && !readTexts(part, statement.resources))
        return noPolicy("a Resource is no text");
    return statement;
}

/// Whether one of the principals is of the account: its number, or an ARN that carries it.
bool namesAccount(const Statement& statement, std::string_view account)
{
    const std::string inArn = "::" + std::string(account) + ":";
    return std::any_of(
        statement.principals.begin(), statement.principals.end(), [&](std::string_view principal) {
            return principal == account || principal.find(inArn) != std::string_view::npos;
        });
}

void deny(const Statement& statement, std::string_view arn, std::string_view account,
          ResourcePolicy& policy)
{
    const auto& resources = statement.resources;
    const bool meant = resources.empty()
        || std::find(resources.begin(), resources.end(), arn) != resources.end();
    if (!statement.denies || statement.conditional || !meant || !namesAccount(statement, account))
        return;
    for (const std::string_view action : statement.actions)
        policy.denied.emplace(action.substr(kPrefix.size()));
}

} // namespace

Result<ResourcePolicy> ResourcePolicy::read(std::string_view text, ResourceRef::Kind kind,
                                            std::string_view arn, std::string_view account)
{
    simdjson::dom::parser parser;
    element root, statements;
    if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS || !root.is_object())
        return noPolicy("it is no JSON object");
    if (root["Statement"].get(statements) != simdjson::SUCCESS)
        return noPolicy("it has no Statement");
    std::vector<element> list;
    simdjson::dom::array array;
    if (statements.get(array) == simdjson::SUCCESS)
        list.assign(array.begin(), array.end());
    else
        list.push_back(statements);
    if (list.empty())
        return noPolicy("it has no Statement");
    ResourcePolicy policy {std::string(text), {}};
    for (const element& one : list) {
        const auto statement = readStatement(one, kind);
        if (!statement)
            return tl::unexpected(statement.error());
        deny(*statement, arn, account, policy);
    }
    return policy;
}

Result<void> ResourcePolicy::permit(std::string_view action, std::string_view arn,
                                    std::string_view account) const
{
    if (denied.find(action) == denied.end())
        return {};
    return fail(ErrorCode::AccessDenied,
                "User: arn:aws:iam::" + std::string(account)
                    + ":root is not authorized to perform: " + std::string(kPrefix)
                    + std::string(action) + " on resource: " + std::string(arn)
                    + " with an explicit deny in a resource-based policy");
}

} // namespace shardscope
