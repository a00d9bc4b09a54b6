#pragma once

#include <string_view>

#include "core/base/result.h"

namespace shardscope {

/// What a key policy keeps the stream service from.
struct KeyPolicyDenials {
    bool generate = false; ///< kms:GenerateDataKey, needed to write
    bool decrypt = false; ///< kms:Decrypt, needed to read
};

/// Reads a key policy (JSON text; empty denies nothing). A Deny statement holds for the actions
/// that its Action names or its NotAction does not, with `*` and `?`, in any case of letters. Whom
/// it names is not looked at: locally there is one principal, the stream service. Statements with a
/// Condition do not hold. Errors: Validation when the text is no policy.
[[nodiscard]] Result<KeyPolicyDenials> readKeyPolicy(std::string_view text);

} // namespace shardscope
