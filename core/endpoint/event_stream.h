#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/endpoint/http.h"
#include "core/endpoint/router.h"
#include "core/engine/subscription.h"

/// The event stream of SubscribeToShard (API 6.3). A frame, all numbers big-endian:
///   total length u32 · headers' length u32 · CRC-32 of these 8 bytes ·
///   headers · payload · CRC-32 of everything before
/// A header: name length u8 · name · 7 (a string) · value length u16 · value.
namespace shardscope::endpoint {

using EventHeaders = std::vector<std::pair<std::string_view, std::string_view>>;

[[nodiscard]] std::string eventFrame(const EventHeaders& headers, std::string_view payload);

/// The frames of a stream in a protocol (JSON 1.1 or CBOR 1.1).
[[nodiscard]] std::string initialFrame(Protocol protocol);
[[nodiscard]] std::string dataFrame(Protocol protocol, const SubscribeToShardEvent& event);
[[nodiscard]] std::string errorFrame(Protocol protocol, const Error& error);

/// **Thread-safe.** A subscription's way to its client: events come on the service's thread, are
/// written on the connection's, in their order. Nothing is written before open().
class EventStream final : public SubscriptionSink,
                          public std::enable_shared_from_this<EventStream> {
public:
    EventStream(std::shared_ptr<Exchange> exchange, Protocol protocol);

    /// The subscription is there: `head` and the initial-response frame go out. On the connection's
    /// thread.
    void open(HttpResponse head);

    bool event(SubscribeToShardEvent event) override;
    void end(std::optional<Error> why) override;
    [[nodiscard]] std::int64_t unsent() const override;

private:
    struct Item {
        std::optional<SubscribeToShardEvent> event;
        std::optional<Error> error;
        std::int64_t bytes = 0; ///< of the event's records, counted in m_waiting
    };
    void push(Item item);
    void drain();
    void write(Item& item);
    void look() const;

    const std::shared_ptr<Exchange> m_exchange;
    const Protocol m_protocol;
    std::mutex m_mutex;
    std::deque<Item> m_items; // guarded by m_mutex
    std::atomic<std::int64_t> m_waiting {0}; ///< bytes in m_items
    mutable std::atomic<std::int64_t> m_unsent {0}; ///< the connection's, when last looked at
    mutable std::atomic<bool> m_looking {false};
    std::atomic<bool> m_gone {false};
    // On the connection's thread alone:
    bool m_open = false, m_over = false;
};

} // namespace shardscope::endpoint
