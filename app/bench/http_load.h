#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace shardscope {

enum class LoadSpeech { Http11, Tls, H2c };

struct HttpLoadOptions {
    std::uint16_t port = 0; ///< on the loopback
    LoadSpeech speech = LoadSpeech::Http11;
    int connections = 1;
    int streams = 1; ///< at once on each connection; more than one over H2c alone
    /// Taken in turn: whole requests, or over H2c PutRecord bodies. See post_request.h.
    std::vector<std::string> requests;
    /// Stands in the body of every good answer; those of one request in 64 are searched.
    std::string expected;
};

/// What a load got done, and what that cost the server: all that the process's threads worked
/// meanwhile but the load's own.
struct LoadDone {
    std::int64_t answers = 0;
    double wallSeconds = 0, serverSeconds = 0;
    [[nodiscard]] double perServerSecond() const
    {
        return static_cast<double>(answers) / serverSeconds;
    }
};

/// Clients that each send the next request when the last one is answered, on the calling thread and
/// as cheaply as possible. An answer that is not good ends the program with what it says.
class HttpLoad {
public:
    explicit HttpLoad(HttpLoadOptions options);
    ~HttpLoad();
    HttpLoad(const HttpLoad&) = delete;
    HttpLoad& operator=(const HttpLoad&) = delete;

    /// Sends for `seconds` and hears all answers out. With `micros` (not over H2c), also how long
    /// each took.
    LoadDone run(double seconds, std::vector<float>* micros = nullptr);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope
