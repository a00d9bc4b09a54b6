#include "core/storage/key_policy.h"

#include <cctype>
#include <simdjson.h>
#include <string>

namespace shardscope {
namespace {

using simdjson::dom::element;

char lower(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// `pattern` with `*` and `?` against `text`; linear but for the last `*`, which may be tried anew.
bool matches(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.size()
                   && (pattern[p] == '?' || lower(pattern[p]) == lower(text[t]))) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

tl::unexpected<Error> noPolicy(const std::string& why)
{
    return fail(ErrorCode::Validation, "The key policy cannot be used: " + why + ".");
}

/// Calls `each` for a value or for the members of an array of them.
template <typename Each> Result<void> forEach(element list, Each each)
{
    simdjson::dom::array array;
    if (list.get(array) != simdjson::SUCCESS)
        return each(list);
    for (const element one : array) {
        if (auto ok = each(one); !ok)
            return ok;
    }
    return {};
}

/// Whether one of `patterns`, a text or an array of texts, names `action`.
Result<bool> names(element patterns, std::string_view action)
{
    bool found = false;
    auto ok = forEach(patterns, [&](element one) -> Result<void> {
        std::string_view pattern;
        if (one.get(pattern) != simdjson::SUCCESS)
            return noPolicy("an Action is no text");
        found = found || matches(pattern, action);
        return {};
    });
    if (!ok)
        return tl::unexpected(ok.error());
    return found;
}

/// Whether the Deny statement holds for `action`.
Result<bool> holds(element statement, std::string_view action)
{
    element patterns;
    if (statement["Action"].get(patterns) == simdjson::SUCCESS)
        return names(patterns, action);
    if (statement["NotAction"].get(patterns) == simdjson::SUCCESS)
        return names(patterns, action).map([](bool named) { return !named; });
    return noPolicy("a statement has neither Action nor NotAction");
}

Result<void> readStatement(element statement, KeyPolicyDenials& denials)
{
    std::string_view effect;
    if (!statement.is_object() || statement["Effect"].get(effect) != simdjson::SUCCESS
        || (effect != "Allow" && effect != "Deny"))
        return noPolicy("a statement's Effect is neither Allow nor Deny");
    const auto generate = holds(statement, "kms:GenerateDataKey");
    const auto decrypt = holds(statement, "kms:Decrypt");
    if (!generate || !decrypt)
        return tl::unexpected(generate ? decrypt.error() : generate.error());
    element condition;
    if (effect == "Deny" && statement["Condition"].get(condition) != simdjson::SUCCESS) {
        denials.generate = denials.generate || *generate;
        denials.decrypt = denials.decrypt || *decrypt;
    }
    return {};
}

} // namespace

Result<KeyPolicyDenials> readKeyPolicy(std::string_view text)
{
    KeyPolicyDenials denials;
    if (text.empty())
        return denials;
    simdjson::dom::parser parser;
    element policy, statements;
    if (parser.parse(text.data(), text.size()).get(policy) != simdjson::SUCCESS
        || !policy.is_object())
        return noPolicy("it is no JSON object");
    if (policy["Statement"].get(statements) != simdjson::SUCCESS)
        return noPolicy("it has no Statement");
    auto ok = forEach(statements, [&](element one) { return readStatement(one, denials); });
    if (!ok)
        return tl::unexpected(ok.error());
    return denials;
}

} // namespace shardscope
