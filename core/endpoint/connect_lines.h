#pragma once

#include <string>
#include <vector>

namespace shardscope::endpoint {

/// How a program of a certain kind finds the endpoint: lines to paste.
struct ConnectLine {
    std::string client; ///< `AWS CLI`, `Python`, `JavaScript`, `Java`
    std::string text; ///< one line of shell or source
};

/// For a person who has just started the endpoint. `certificateFile`: what a client of an
/// `https:` URL must trust; empty when there is nothing to trust by hand.
[[nodiscard]] std::vector<ConnectLine>
connectLines(const std::string& url, const std::string& region, const std::string& certificateFile);

} // namespace shardscope::endpoint
