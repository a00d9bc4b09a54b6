#include "core/endpoint/event_stream.h"

#include <cstdint>
#include <zlib.h>

#include "core/endpoint/actions/reading.h"
#include "core/endpoint/responses.h"
#include "core/endpoint/wire_errors.h"

namespace shardscope::endpoint {
namespace {

constexpr std::uint8_t kStringType = 7;
constexpr std::size_t kPreludeBytes = 12, kChecksumBytes = 4;

/// CRC-32 as in zip and Ethernet.
std::uint32_t crc32(std::string_view bytes)
{
    return static_cast<std::uint32_t>(
        ::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

void appendNumber(std::string& out, std::uint32_t value, int bytes)
{
    for (int i = bytes; i-- > 0;)
        out += static_cast<char>(value >> 8 * i);
}

EventHeaders eventHeaders(Protocol protocol, std::string_view type)
{
    return {{":message-type", "event"},
            {":event-type", type},
            {":content-type", contentType(protocol)}};
}

} // namespace

std::string eventFrame(const EventHeaders& headers, std::string_view payload)
{
    std::string head;
    for (const auto& [name, value] : headers) {
        appendNumber(head, static_cast<std::uint32_t>(name.size()), 1);
        head += name;
        appendNumber(head, kStringType, 1);
        appendNumber(head, static_cast<std::uint32_t>(value.size()), 2);
        head += value;
    }
    const std::size_t total = kPreludeBytes + head.size() + payload.size() + kChecksumBytes;
    std::string frame;
    frame.reserve(total);
    appendNumber(frame, static_cast<std::uint32_t>(total), 4);
    appendNumber(frame, static_cast<std::uint32_t>(head.size()), 4);
    appendNumber(frame, crc32(frame), 4);
    frame.append(head).append(payload);
    appendNumber(frame, crc32(frame), 4);
    return frame;
}

std::string initialFrame(Protocol protocol)
{
    std::string payload;
    const auto out = makeWriter(protocol, payload);
    out->beginMap();
    out->endMap();
    return eventFrame(eventHeaders(protocol, "initial-response"), payload);
}

std::string dataFrame(Protocol protocol, const SubscribeToShardEvent& event)
{
    std::string payload;
    actions::writeEvent(*makeWriter(protocol, payload), event);
    return eventFrame(eventHeaders(protocol, "SubscribeToShardEvent"), payload);
}

std::string errorFrame(Protocol protocol, const Error& error)
{
    return eventFrame({{":message-type", "exception"},
                       {":exception-type", wireError(error.code).type},
                       {":content-type", contentType(protocol)}},
                      messageBody(protocol, error.message));
}

EventStream::EventStream(std::shared_ptr<Exchange> exchange, Protocol protocol)
    : m_exchange(std::move(exchange))
    , m_protocol(protocol)
{
}

void EventStream::open(HttpResponse head)
{
    m_exchange->onGone([weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
            self->m_gone = true;
            self->m_over = true;
        }
    });
    head.body = initialFrame(m_protocol);
    m_exchange->begin(std::move(head));
    m_open = true;
    drain();
}

bool EventStream::event(SubscribeToShardEvent event)
{
    if (m_gone)
        return false;
    const auto bytes = static_cast<std::int64_t>(event.records.bytes.size());
    m_waiting += bytes;
    push({std::move(event), {}, bytes});
    return true;
}

void EventStream::end(std::optional<Error> why)
{
    push({{}, std::move(why), 0});
}

void EventStream::push(Item item)
{
    {
        const std::lock_guard lock(m_mutex);
        m_items.push_back(std::move(item));
    }
    m_exchange->post([self = shared_from_this()] { self->drain(); });
}

void EventStream::drain()
{
    if (!m_open) // the events wait for the head
        return;
    std::deque<Item> items;
    {
        const std::lock_guard lock(m_mutex);
        items.swap(m_items);
    }
    for (Item& item : items)
        if (!m_over)
            write(item);
    look();
}

void EventStream::write(Item& item)
{
    if (item.event) {
        m_exchange->write(dataFrame(m_protocol, *item.event));
        m_waiting -= item.bytes;
        return;
    }
    if (item.error)
        m_exchange->write(errorFrame(m_protocol, *item.error));
    m_exchange->finish();
    m_over = true;
}

void EventStream::look() const
{
    m_unsent = m_over ? 0 : static_cast<std::int64_t>(m_exchange->unsent());
    m_looking = false;
}

std::int64_t EventStream::unsent() const
{
    // The connection tells what it holds on its own thread only: while it holds something, it is
    // asked to look again.
    if (m_unsent > 0 && !m_gone && !m_looking.exchange(true))
        m_exchange->post([self = shared_from_this()] { self->look(); });
    return m_waiting + m_unsent;
}

} // namespace shardscope::endpoint
