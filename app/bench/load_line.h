#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/bench/http_load.h"
#include "app/bench/load_socket.h"

/// The connections of a HttpLoad.
namespace shardscope {

/// What all of them share. One thread's.
struct LoadShared {
    using Clock = std::chrono::steady_clock;

    explicit LoadShared(HttpLoadOptions given)
        : options(std::move(given))
        , buffer(128 * 1024)
    {
    }

    const HttpLoadOptions options;
    std::vector<char> buffer; ///< for reading
    std::vector<float>* micros = nullptr; ///< null: nobody asks how long it took
    std::function<void(std::string&)> stamp; ///< writes into each request; empty: as it is
    int epoll = -1;
    bool ending = false; ///< nothing more is begun
    std::int64_t answers = 0, underWay = 0;
    std::size_t next = 0; ///< request
    std::size_t looked = 0;

    [[nodiscard]] const std::string& take()
    {
        ++underWay;
        return options.requests[next++ % options.requests.size()];
    }
    [[nodiscard]] bool looksNow() { return !options.expected.empty() && looked++ % 64 == 0; }
    void answered(Clock::time_point since)
    {
        --underWay;
        ++answers;
        if (micros != nullptr)
            micros->push_back(
                std::chrono::duration<float, std::micro>(Clock::now() - since).count());
    }
    [[nodiscard]] Clock::time_point now() const
    {
        return micros != nullptr ? Clock::now() : Clock::time_point {};
    }
};

/// Ends the program, because the server answered `said` to a good request.
[[noreturn]] void badAnswer(std::string_view said);

class LoadLine {
public:
    LoadLine(LoadShared& shared, LoadSocket::Cipher cipher);
    virtual ~LoadLine() = default;

    /// Begins as many requests as go at once.
    virtual void begin() = 0;
    /// The socket is ready for what was waited for.
    void onReady()
    {
        flush();
        listen();
    }

protected:
    /// Whether something is left to be sent.
    [[nodiscard]] virtual std::string_view unsent() const = 0;
    virtual void sent(std::size_t bytes) = 0;
    virtual void hear(std::string_view bytes) = 0;
    /// Sends what goes, and asks to be told when the rest does.
    void flush();

    LoadShared& m_shared;

private:
    void listen();

    LoadSocket m_socket;
    bool m_waitsToWrite = false;
};

/// HTTP/1.1: one request at a time.
class Http1Line final : public LoadLine {
public:
    using LoadLine::LoadLine;
    void begin() override;
    [[nodiscard]] bool idle() const { return m_idle; }

private:
    std::string_view unsent() const override { return m_unsent; }
    void sent(std::size_t bytes) override { m_unsent.remove_prefix(bytes); }
    void hear(std::string_view bytes) override;
    [[nodiscard]] bool hearHead(std::string_view& bytes);

    std::string_view m_unsent;
    std::string m_stamped;
    bool m_idle = true;
    std::string m_head; ///< that has not come whole
    std::string m_body; ///< while m_looks
    std::size_t m_missing = 0; ///< of the body
    bool m_looks = false;
    LoadShared::Clock::time_point m_since;
};

/// HTTP/2 by prior knowledge, with no more of it than a client of one known server needs: header
/// blocks are always the same, and of an answer's only the status is read.
class H2Line final : public LoadLine {
public:
    explicit H2Line(LoadShared& shared);
    void begin() override;

private:
    std::string_view unsent() const override { return std::string_view(m_out).substr(m_sent); }
    void sent(std::size_t bytes) override;
    void hear(std::string_view bytes) override;
    void request();
    void frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
               std::string_view payload);

    std::string m_out;
    std::size_t m_sent = 0;
    std::string m_in; ///< a frame that has not come whole
    std::uint32_t m_nextStream = 1;
    int m_begun = 0; ///< streams
    std::int64_t m_window = 65'535; ///< that the server gives the connection
    std::int64_t m_taken = 0; ///< of the window that we give, not given back yet
};

} // namespace shardscope
