#include "app/bench/http_load.h"

#include <array>
#include <chrono>
#include <ctime>
#include <sys/epoll.h>
#include <unistd.h>

#include "app/bench/load_line.h"
#include "core/base/check.h"

namespace shardscope {
namespace {

double secondsOf(clockid_t clock)
{
    timespec at {};
    SHARDSCOPE_CHECK(::clock_gettime(clock, &at) == 0);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

double othersSeconds()
{
    return secondsOf(CLOCK_PROCESS_CPUTIME_ID) - secondsOf(CLOCK_THREAD_CPUTIME_ID);
}

} // namespace

struct HttpLoad::Impl {
    explicit Impl(HttpLoadOptions options)
        : shared(std::move(options))
    {
        shared.epoll = ::epoll_create1(EPOLL_CLOEXEC);
        for (int i = 0; i < shared.options.connections; ++i)
            lines.push_back(line());
    }
    ~Impl()
    {
        lines.clear();
        ::close(shared.epoll);
    }
    std::unique_ptr<LoadLine> line()
    {
        switch (shared.options.speech) {
        case LoadSpeech::Http11:
            return std::make_unique<Http1Line>(shared, LoadSocket::Cipher::None);
        case LoadSpeech::Tls:
            return std::make_unique<Http1Line>(shared, LoadSocket::Cipher::Tls);
        case LoadSpeech::H2c:
            return std::make_unique<H2Line>(shared);
        }
        return nullptr;
    }
    void turn()
    {
        std::array<epoll_event, 64> events {};
        const int ready = ::epoll_wait(shared.epoll, events.data(), events.size(), -1);
        for (int i = 0; i < ready; ++i)
            static_cast<LoadLine*>(events[static_cast<std::size_t>(i)].data.ptr)->onReady();
    }

    LoadShared shared;
    std::vector<std::unique_ptr<LoadLine>> lines;
};

HttpLoad::HttpLoad(HttpLoadOptions options)
    : m_impl(std::make_unique<Impl>(std::move(options)))
{
}

HttpLoad::~HttpLoad() = default;

LoadDone HttpLoad::run(double seconds, std::vector<float>* micros)
{
    LoadShared& shared = m_impl->shared;
    SHARDSCOPE_CHECK(micros == nullptr || shared.options.speech != LoadSpeech::H2c);
    shared.micros = micros;
    shared.ending = false;
    shared.answers = 0;
    const double wall = secondsOf(CLOCK_MONOTONIC), others = othersSeconds();
    for (const auto& line : m_impl->lines)
        line->begin();
    while (shared.underWay > 0) {
        m_impl->turn();
        shared.ending = secondsOf(CLOCK_MONOTONIC) - wall >= seconds;
    }
    return {shared.answers, secondsOf(CLOCK_MONOTONIC) - wall, othersSeconds() - others};
}

} // namespace shardscope
