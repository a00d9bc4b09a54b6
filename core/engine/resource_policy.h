#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/engine/requests.h"

namespace shardscope {

/// Who else may use a stream or a consumer (API 5). On a desk everybody who can call is the owner,
/// whom a policy cannot give anything; so of a policy only what it takes away is enforced: a Deny
/// that names the owner's account holds for the actions and the resource it names. A Deny with a
/// Condition does not hold: what it would ask about (an organisation, a source network) is not
/// known here.
struct ResourcePolicy {
    std::string text; ///< as it was put; empty: there is none
    std::set<std::string, std::less<>> denied; ///< actions, without `kinesis:`

    /// Reads a policy for the stream or consumer `arn` of `account`. Errors: InvalidArgument for
    /// what is no JSON, no policy, names an action that cannot be shared, or holds a `*` among its
    /// actions or principals.
    [[nodiscard]] static Result<ResourcePolicy> read(std::string_view text, ResourceRef::Kind kind,
                                                     std::string_view arn,
                                                     std::string_view account);
    /// Errors: AccessDenied when `action` is denied.
    [[nodiscard]] Result<void> permit(std::string_view action, std::string_view arn,
                                      std::string_view account) const;
};

} // namespace shardscope
