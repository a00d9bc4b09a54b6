#pragma once

#include <string>
#include <vector>

namespace shardscope::test {

/// Pieces of JSON that a reader may trip over, and then `more`: what the format at hand adds.
inline std::vector<std::string> jsonWordsAnd(std::vector<std::string> more)
{
    more.insert(more.end(),
                {"null",
                 "true",
                 "-1",
                 "0",
                 "0.5",
                 "1e999",
                 "9223372036854775807",
                 "18446744073709551616",
                 "\"\"",
                 "{}",
                 "[]",
                 "\"",
                 "\\u",
                 "\\ud83d",
                 "\xff",
                 ",",
                 ":",
                 "{",
                 "[",
                 "\n"});
    return more;
}

} // namespace shardscope::test
