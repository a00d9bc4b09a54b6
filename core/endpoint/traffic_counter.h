#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/endpoint/http.h"
#include "core/endpoint/traffic.h"

namespace shardscope::endpoint {

/// A request that was answered.
struct AnsweredCall {
    const HttpRequest& request;
    SimTime at;
    std::string_view operation; ///< a known one, or empty
    std::string_view stream; ///< that it named; may be empty
    std::string_view accessKeyId; ///< may be empty
    bool cbor = false;
    std::int64_t bytesOut = 0;
    std::int64_t micros = 0;
    std::int64_t records = 0; ///< put or read
    std::int64_t refusedRecords = 0; ///< of a PutRecords that was answered with 200
    int status = 200;
    /// With a status of 400 and more, or of the first refused record.
    std::string_view errorType, errorMessage;
    std::string_view requestId;
};

/// `AWS CLI 2.9`, `boto3 1.26`, `KPL 1.0` … from a user agent; what is not known keeps its first
/// word.
[[nodiscard]] std::string sdkName(std::string_view userAgent);

/// **Thread-safe.** Counts calls in tables of bounded size: of clients the least lately seen make
/// room. Whoever reads pays for the report, at most ten times a second.
class TrafficCounter {
public:
    void count(const AnsweredCall& call);
    /// Never null.
    [[nodiscard]] std::shared_ptr<const TrafficReport> report();

private:
    struct Second {
        std::int64_t calls = 0, refused = 0, records = 0, refusedRecords = 0;
    };
    struct Client {
        ClientRow row; ///< without what report() works out
        std::string accessKeyId; ///< as last seen, whole
        int spoken = -1; ///< what row.protocol says
        std::unordered_map<std::uint64_t, std::weak_ptr<const Peer>> connections;
        std::int64_t second = 0; ///< that `now` counts, epoch seconds
        Second now, before; ///< this second and the one before it
        std::int64_t minute = 0; ///< that `latency` counts
        LatencyHistogram latency, latencyBefore;
        std::int64_t seen = 0; ///< the call's number when last seen
    };
    Client& clientOf(const AnsweredCall& call);
    static void countFor(Client& client, const AnsweredCall& call);
    static void turn(Client& client, SimTime at);
    void countError(const Client& client, const AnsweredCall& call);
    [[nodiscard]] std::shared_ptr<const TrafficReport> build();

    std::mutex m_mutex; // guards all that follows
    std::unordered_map<std::string, Client> m_clients; ///< by address and user agent
    std::string m_key;
    std::map<std::string, OperationRow, std::less<>> m_operations;
    std::deque<ErrorRow> m_errors; ///< newest first
    std::int64_t m_requests = 0, m_errorsEver = 0;
    SimTime m_latest; ///< of any call
    std::shared_ptr<const TrafficReport> m_report;
    std::chrono::steady_clock::time_point m_built;
};

} // namespace shardscope::endpoint
