#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace shardscope::test {

/// One small change to `text` (not empty): a byte, a part gone or said twice, a word of the format
/// put in or over something, the rest of another text. `below(n)` draws from [0, n). Without
/// `others` no text is crossed with another.
template <typename Below>
void mutate(std::string& text, const std::vector<std::string>& words,
            const std::vector<std::string>& others, const Below& below)
{
    const std::size_t at = below(text.size());
    const std::size_t length = std::min<std::size_t>(1 + below(20), text.size() - at);
    switch (below(others.empty() ? 5 : 6)) {
    case 0:
        text[at] = static_cast<char>(below(256));
        break;
    case 1:
        text.erase(at, length);
        break;
    case 2:
        text.insert(at, words[below(words.size())]);
        break;
    case 3:
        text.replace(at, length, words[below(words.size())]);
        break;
    case 4:
        text.insert(at, text.substr(below(text.size()), length));
        break;
    default: {
        const std::string& other = others[below(others.size())];
        if (!other.empty())
            text = text.substr(0, at) + other.substr(below(other.size()));
    }
    }
}

} // namespace shardscope::test
