#pragma once

#include <QObject>

#include <memory>

#include "ui/monitor_deck.h"

namespace shardscope {

/// A local service with streams, clients, records and errors inside, for pictures of the Monitor.
/// Its clients are acted: their requests go to a real service, at moments of a clock that is moved
/// by hand, so that the same picture comes out every time. Nothing listens anywhere.
class SampleService {
public:
    SampleService();
    ~SampleService();
    SampleService(const SampleService&) = delete;
    SampleService& operator=(const SampleService&) = delete;

    /// Lets the clients act for as long.
    void run(SimDuration time);
    /// Answers come on `home`'s thread, which must be this one.
    [[nodiscard]] ui::MonitorDeck deck(QObject* home);
    /// The busiest of its streams.
    static constexpr const char* kStream = "orders";

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope
