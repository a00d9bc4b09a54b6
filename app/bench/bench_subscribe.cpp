#include "app/bench/bench_subscribe.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <sys/epoll.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "app/bench/bench_server.h"
#include "app/bench/load_line.h"
#include "app/bench/null_server.h"
#include "app/bench/post_request.h"
#include "app/bench/rounds.h"
#include "core/base/check.h"

namespace shardscope {
namespace {

using Clock = LoadShared::Clock;

constexpr int kConnections = 64;
constexpr std::int64_t kLongest = 100'000'000; ///< ns to wait at once
/// Digits are letters of base64 too: a record's data is its time of sending, and comes back as it
/// was written.
constexpr std::size_t kDigits = 24;
constexpr std::string_view kData = "\"Data\":\"";

std::int64_t nanosNow()
{
    return std::chrono::nanoseconds(Clock::now().time_since_epoch()).count();
}

/// One subscription, and how long its records were under way.
class EventLine final : public LoadLine {
public:
    EventLine(LoadShared& shared, std::string request)
        : LoadLine(shared, LoadSocket::Cipher::None)
        , m_request(std::move(request))
        , m_unsent(m_request)
    {
    }
    void begin() override { flush(); }
    [[nodiscard]] bool open() const { return m_open; }

    std::vector<float> micros;

private:
    std::string_view unsent() const override { return m_unsent; }
    void sent(std::size_t bytes) override { m_unsent.remove_prefix(bytes); }
    void hear(std::string_view bytes) override
    {
        const std::int64_t now = nanosNow();
        m_text += bytes;
        if (!m_open && !m_text.starts_with("HTTP/1.1 200"))
            badAnswer(m_text);
        m_open = m_open || m_text.find("initial-response") != std::string::npos;
        std::size_t at = 0;
        for (;;) {
            const std::size_t data = m_text.find(kData, at);
            if (data == std::string::npos || m_text.size() < data + kData.size() + kDigits)
                break;
            const char* const digits = m_text.data() + data + kData.size();
            std::int64_t sentAt = 0;
            std::from_chars(digits, digits + kDigits, sentAt);
            micros.push_back(static_cast<float>(now - sentAt) / 1'000);
            at = data + kData.size() + kDigits;
        }
        // What may be the beginning of the next.
        m_text.erase(0, std::max(at, m_text.size() - std::min(m_text.size(), kDigits + 8)));
    }

    const std::string m_request;
    std::string_view m_unsent;
    std::string m_text;
    bool m_open = false;
};

/// Puts at a steady rate over some connections, whether or not earlier ones are answered yet.
class PacedPuts {
public:
    explicit PacedPuts(std::uint16_t port)
        : m_shared({.port = port, .requests = {request()}})
    {
        m_shared.epoll = ::epoll_create1(EPOLL_CLOEXEC);
        m_shared.ending = true; // a line begins when it is told to
        m_shared.stamp = [this](std::string& text) {
            std::array<char, kDigits> digits {};
            digits.fill('0');
            std::array<char, kDigits> number {};
            const auto end
                = std::to_chars(number.data(), number.data() + number.size(), m_dueAt).ptr;
            std::copy(number.data(), end, digits.end() - (end - number.data()));
            text.replace(text.find(kData) + kData.size(), kDigits, digits.data(), kDigits);
        };
        for (int i = 0; i < kConnections; ++i)
            m_lines.push_back(std::make_unique<Http1Line>(m_shared, LoadSocket::Cipher::None));
    }
    ~PacedPuts()
    {
        m_lines.clear();
        ::close(m_shared.epoll);
    }
    PacedPuts(const PacedPuts&) = delete;
    PacedPuts& operator=(const PacedPuts&) = delete;

    [[nodiscard]] LoadShared& shared() { return m_shared; }
    static std::string request()
    {
        const std::string body = "{\"StreamName\":\"bench\",\"Data\":\"" + std::string(kDigits, '0')
            + "\",\"PartitionKey\":\"key\"}";
        return postOf("PutRecord", body);
    }
    /// Puts for `seconds`, then until nothing is under way and `heard` is content. How many it put.
    std::int64_t run(double rate, double seconds, const std::function<bool(std::int64_t)>& heard)
    {
        const std::int64_t begin = nanosNow(), before = m_shared.answers;
        const auto all = static_cast<std::int64_t>(rate * seconds);
        for (std::int64_t put = 0; put < all || m_shared.underWay > 0 || !heard(put);) {
            const std::int64_t now = nanosNow();
            const auto due
                = static_cast<std::int64_t>(static_cast<double>(now - begin) / 1e9 * rate);
            while (put < std::min(due, all) && idle().idle()) {
                m_dueAt = begin + static_cast<std::int64_t>(static_cast<double>(put) * 1e9 / rate);
                m_lines[m_next]->begin();
                ++put;
            }
            // Awake no longer than there is something to do: the server may need the core.
            const std::int64_t next
                = begin + static_cast<std::int64_t>(static_cast<double>(put + 1) * 1e9 / rate);
            turn(put < all ? std::max<std::int64_t>(next - nanosNow(), 0) : kLongest);
            SHARDSCOPE_CHECK(now - begin < static_cast<std::int64_t>((seconds + 10) * 1e9));
        }
        return m_shared.answers - before;
    }
    void turn(std::int64_t waitNanos)
    {
        std::array<epoll_event, 64> events {};
        const timespec wait {0, waitNanos};
        const int ready
            = ::epoll_pwait2(m_shared.epoll, events.data(), events.size(), &wait, nullptr);
        for (int i = 0; i < ready; ++i)
            static_cast<LoadLine*>(events[static_cast<std::size_t>(i)].data.ptr)->onReady();
    }

private:
    /// The next line that is free, or any when none is.
    Http1Line& idle()
    {
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            m_next = (m_next + 1) % m_lines.size();
            if (m_lines[m_next]->idle())
                break;
        }
        return *m_lines[m_next];
    }

    LoadShared m_shared;
    std::vector<std::unique_ptr<Http1Line>> m_lines;
    std::size_t m_next = 0;
    std::int64_t m_dueAt = 0; ///< of the request that is sent now
};

double quantile(std::vector<float>& values, double part)
{
    SHARDSCOPE_CHECK(!values.empty());
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return double {values[static_cast<std::size_t>(at)]};
}

std::string subscription(BenchServer& server)
{
    server.ask(RegisterStreamConsumer {.streamName = "bench", .consumerName = "reader"});
    for (;;) {
        const auto all = std::get<ListStreamConsumersResult>(
            server.ask(ListStreamConsumers {.streamName = "bench"}));
        const ConsumerDescription& consumer = all.consumers.front();
        if (consumer.status == ConsumerStatus::Active)
            return postOf("SubscribeToShard",
                          "{\"ConsumerARN\":\"arn:aws:kinesis:us-east-1:000000000000:stream/bench/"
                          "consumer/reader:"
                              + std::to_string(consumer.createdAt.inSeconds())
                              + "\",\"ShardId\":\"shardId-000000000000\",\"StartingPosition\":"
                                "{\"Type\":\"LATEST\"}}");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

std::vector<BenchResult> subscribeLatency(const BenchOptions& options)
{
    const double seconds = std::max(0.5, options.roundSeconds);
    BenchServer server(BenchServer::Kind::Plain, 1);
    const NullServer null(100);
    const LoadDone most = HttpLoad({.port = server.port(),
                                    .connections = kConnections,
                                    .requests = {PacedPuts::request()}})
                              .run(seconds);
    const double rate = static_cast<double>(most.answers) / most.wallSeconds / 2;

    PacedPuts puts(server.port()), nullPuts(null.port());
    EventLine events(puts.shared(), subscription(server));
    events.begin();
    while (!events.open())
        puts.turn(kLongest);
    std::vector<double> p50, p99, nullP50, nullP99;
    for (int round = -1; round < std::max(1, options.rounds); ++round) {
        events.micros.clear();
        puts.run(rate, seconds, [&](std::int64_t put) {
            return events.micros.size() == static_cast<std::size_t>(put);
        });
        std::vector<float> answers;
        nullPuts.shared().micros = &answers;
        nullPuts.run(rate, seconds, [](std::int64_t) { return true; });
        if (round < 0)
            continue;
        p50.push_back(quantile(events.micros, 0.5));
        p99.push_back(quantile(events.micros, 0.99));
        nullP50.push_back(quantile(answers, 0.5));
        nullP99.push_back(quantile(answers, 0.99));
    }
    const std::string name
        = "subscribe-latency at " + std::to_string(static_cast<int>(rate / 1'000)) + " k puts/s";
    const std::vector<std::vector<double>> said {p50, p99, nullP50, nullP99};
    const auto result
        = [&](const char* part, std::size_t ours, std::size_t reference, double goal) {
              return compare(said,
                             {.name = name + part,
                              .ours = ours,
                              .referenceName = "the answer of a server that does not look",
                              .reference = reference,
                              .unit = "ms",
                              .unitSize = 1e3,
                              .valueGoal = goal,
                              .higherIsBetter = false});
          };
    return {result(", p50", 0, 2, 0), result(", p99", 1, 3, 5)};
}

constexpr std::array kBenches {
    Bench {"subscribe-latency", "from a put to its event, at half of the load that a server takes",
           &subscribeLatency},
};

} // namespace

std::span<const Bench> subscribeBenches()
{
    return kBenches;
}

} // namespace shardscope
