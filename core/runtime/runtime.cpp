#include "core/runtime/runtime.h"

#include <chrono>
#include <thread>
#include <utility>

#include "core/base/budgets.h"
#include "core/base/inbox.h"
#include "core/base/latest.h"
#include "core/runtime/conductor.h"

namespace shardscope {

namespace {

double steadySeconds()
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
}

Conductor::Options conductorOptions(Runtime::Options options, Latest<Snapshot>& latest)
{
    return {
        .threads = options.threads,
        .wallClock = options.wallClock ? std::move(options.wallClock) : steadySeconds,
        .prices = options.pricesJson.empty() ? PriceBook {} : parsePriceBook(options.pricesJson),
        .publish = [&latest](std::shared_ptr<const Snapshot> s) { latest.write(std::move(s)); },
        .real = std::move(options.real),
    };
}

} // namespace

struct Runtime::Impl {
    explicit Impl(Options options)
        : conductor(conductorOptions(std::move(options), latest))
        , thread([this] { loop(); })
    {
    }
    ~Impl()
    {
        inbox.close();
        thread.join();
    }

    void loop()
    {
        for (;;) {
            auto messages = inbox.take();
            if (inbox.closed())
                return;
            const auto sleep = conductor.turn(std::move(messages));
            if (!sleep)
                inbox.wait();
            else if (*sleep > 0)
                inbox.wait(std::chrono::duration<double>(*sleep));
        }
    }

    Inbox<Message> inbox {static_cast<std::size_t>(budgets::kInboxCommands)};
    Latest<Snapshot> latest;
    Conductor conductor; ///< the engine thread's alone once that runs
    std::thread thread; ///< last: everything it uses is there before and goes after it
};

Runtime::Runtime(Options options)
    : m_impl(std::make_unique<Impl>(std::move(options)))
{
}

Runtime::~Runtime() = default;

bool Runtime::submit(Command command, Reply reply)
{
    return m_impl->inbox.put(Order {std::move(command), std::move(reply)});
}

bool Runtime::explain(std::uint64_t refusalId, WhyReply reply)
{
    return m_impl->inbox.put(WhyQuestion {refusalId, std::move(reply)});
}

std::shared_ptr<const Snapshot> Runtime::snapshot() const
{
    return m_impl->latest.read();
}

} // namespace shardscope
