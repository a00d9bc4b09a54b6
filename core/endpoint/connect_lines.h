#pragma once

#include <string>
#include <vector>

namespace shardscope::endpoint {

/// How a program of a certain kind finds the endpoint: lines to paste.
struct ConnectLine {
    std::string client; ///< `AWS CLI`, `Python`, `JavaScript`, `Java`
    std::string text; ///< one line of shell or source, for who knows the rest
    std::string program; ///< several lines that list the streams as they stand
};

/// What a client has to know of an endpoint.
struct ConnectTo {
    std::string url, region;
    /// What a client of an `https:` URL must trust; empty when there is nothing to trust by hand.
    std::string certificateFile;
    /// Signatures are not checked: a made-up key stands in the programs, for no client works
    /// without one.
    bool anyKey = false;
};

[[nodiscard]] std::vector<ConnectLine> connectLines(const ConnectTo& to);

} // namespace shardscope::endpoint
