#include "tests/support/h2_client.h"

#include <algorithm>
#include <cstdlib>
#include <nghttp2/nghttp2.h>

namespace shardscope::test {

namespace {
struct Body {
    std::string bytes;
    std::size_t sent = 0; ///< of them
    bool last = false;
};
}

struct H2Client::Impl {
    explicit Impl(const ByteStream::Options& options)
        : stream(options)
    {
    }
    ~Impl() { nghttp2_session_del(session); }

    ByteStream stream;
    nghttp2_session* session = nullptr;
    std::map<std::int32_t, Reply> replies;
    std::map<std::int32_t, Body> bodies;
    bool opensWindows = true;
    bool goneAway = false;
    std::uint32_t goAwayCode = 0;
    int pongs = 0;
    int strayFrames = 0;
    bool ended = false;

    static Impl& of(void* user) { return *static_cast<Impl*>(user); }

    static int onHeader(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                        std::size_t nameBytes, const std::uint8_t* value, std::size_t valueBytes,
                        std::uint8_t, void* user)
    {
        Reply& reply = of(user).replies[frame->hd.stream_id];
        std::string key(reinterpret_cast<const char*>(name), nameBytes);
        std::string text(reinterpret_cast<const char*>(value), valueBytes);
        if (key == ":status") {
            const int status = std::atoi(text.c_str());
            (status < 200 ? reply.informational : reply.status) = status;
        }
        reply.fields.emplace_back(std::move(key), std::move(text));
        return 0;
    }
    static int onData(nghttp2_session* session, std::uint8_t, std::int32_t id,
                      const std::uint8_t* bytes, std::size_t size, void* user)
    {
        of(user).replies[id].body.append(reinterpret_cast<const char*>(bytes), size);
        if (of(user).opensWindows)
            nghttp2_session_consume(session, id, size);
        return 0;
    }
    static int onFrame(nghttp2_session*, const nghttp2_frame* frame, void* user)
    {
        if (frame->hd.type == NGHTTP2_GOAWAY) {
            of(user).goneAway = true;
            of(user).goAwayCode = frame->goaway.error_code;
        } else if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK)) {
            ++of(user).pongs;
        } else if ((frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS)
                   && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) {
            of(user).replies[frame->hd.stream_id].ended = true;
        }
        return 0;
    }
    static int onStrayFrame(nghttp2_session*, const nghttp2_frame*, int, void* user)
    {
        ++of(user).strayFrames;
        return 0;
    }
    static int onClose(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user)
    {
        of(user).replies[id].ended = true;
        of(user).replies[id].error = code;
        return 0;
    }
    static ssize_t readBody(nghttp2_session*, std::int32_t id, std::uint8_t* to, std::size_t most,
                            std::uint32_t* flags, nghttp2_data_source*, void* user)
    {
        Body& body = of(user).bodies[id];
        const std::size_t left = body.bytes.size() - body.sent;
        if (left == 0 && !body.last)
            return NGHTTP2_ERR_DEFERRED;
        const std::size_t taken = std::min(most, left);
        std::copy_n(body.bytes.data() + body.sent, taken, to);
        body.sent += taken;
        if (body.last && taken == left)
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(taken);
    }
    std::int32_t submit(std::string_view method, std::string_view path, const Fields& fields,
                        bool hasBody)
    {
        Fields all {{":method", std::string(method)},
                    {":scheme", "http"},
                    {":authority", "test"},
                    {":path", std::string(path)}};
        all.insert(all.end(), fields.begin(), fields.end());
        std::vector<nghttp2_nv> list;
        for (auto& [name, value] : all)
            list.push_back({reinterpret_cast<std::uint8_t*>(name.data()),
                            reinterpret_cast<std::uint8_t*>(value.data()), name.size(),
                            value.size(), NGHTTP2_NV_FLAG_NONE});
        const nghttp2_data_provider provider {{.ptr = nullptr}, readBody};
        return nghttp2_submit_request(session, nullptr, list.data(), list.size(),
                                      hasBody ? &provider : nullptr, nullptr);
    }
};

H2Client::H2Client(const ByteStream::Options& stream, const Options& options)
    : m_impl(std::make_unique<Impl>(stream))
{
    m_impl->opensWindows = options.opensWindows;
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, Impl::onHeader);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Impl::onData);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Impl::onFrame);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, Impl::onStrayFrame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Impl::onClose);
    nghttp2_option* option = nullptr;
    nghttp2_option_new(&option);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_session_client_new2(&m_impl->session, callbacks, m_impl.get(), option);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry settings[]
        = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options.maxConcurrentStreams},
           {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, options.window}};
    nghttp2_submit_settings(m_impl->session, NGHTTP2_FLAG_NONE, settings, 2);
    nghttp2_session_set_local_window_size(m_impl->session, NGHTTP2_FLAG_NONE, 0,
                                          static_cast<std::int32_t>(options.window));
}

H2Client::~H2Client() = default;

std::int32_t H2Client::submit(std::string_view method, std::string_view path, const Fields& fields,
                              std::string_view body)
{
    const std::int32_t id = m_impl->submit(method, path, fields, !body.empty());
    if (!body.empty())
        m_impl->bodies[id] = {.bytes = std::string(body), .last = true};
    return id;
}

std::int32_t H2Client::open(std::string_view method, std::string_view path, const Fields& fields)
{
    return m_impl->submit(method, path, fields, true);
}

void H2Client::sendBody(std::int32_t stream, std::string_view bytes, bool last)
{
    m_impl->bodies[stream].bytes += bytes;
    m_impl->bodies[stream].last = last;
    nghttp2_session_resume_data(m_impl->session, stream);
    flush();
}

void H2Client::reset(std::int32_t stream)
{
    nghttp2_submit_rst_stream(m_impl->session, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
    flush();
}

void H2Client::ping()
{
    nghttp2_submit_ping(m_impl->session, NGHTTP2_FLAG_NONE, nullptr);
}

void H2Client::openWindow(std::int32_t stream, std::int32_t bytes)
{
    nghttp2_submit_window_update(m_impl->session, NGHTTP2_FLAG_NONE, stream, bytes);
    flush();
}

bool H2Client::sendRaw(std::string_view bytes)
{
    return flush() && m_impl->stream.send(bytes);
}

bool H2Client::flush()
{
    for (;;) {
        const std::uint8_t* bytes = nullptr;
        const ssize_t size = nghttp2_session_mem_send(m_impl->session, &bytes);
        if (size <= 0)
            return size == 0;
        if (!m_impl->stream.send(
                {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)}))
            return false;
    }
}

bool H2Client::turn()
{
    flush();
    const std::string bytes = m_impl->stream.receive();
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    m_impl->ended
        = bytes.empty() || nghttp2_session_mem_recv(m_impl->session, data, bytes.size()) < 0;
    flush();
    return !m_impl->ended;
}

void H2Client::awaitUntil(const std::function<bool()>& enough)
{
    while (!enough() && turn()) { }
}

const H2Client::Reply& H2Client::await(std::int32_t stream)
{
    const Reply& reply = m_impl->replies[stream];
    awaitUntil([&reply] { return reply.ended; });
    return reply;
}

const H2Client::Reply& H2Client::awaitBody(std::int32_t stream, std::size_t bytes)
{
    const Reply& reply = m_impl->replies[stream];
    awaitUntil([&] { return reply.ended || (reply.status != 0 && reply.body.size() >= bytes); });
    return reply;
}

void H2Client::awaitEnd()
{
    while (turn()) { }
}

H2Client::Reply H2Client::request(std::string_view method, std::string_view path,
                                  const Fields& fields, std::string_view body)
{
    return await(submit(method, path, fields, body));
}

const H2Client::Reply& H2Client::reply(std::int32_t stream) const
{
    return m_impl->replies[stream];
}

bool H2Client::goneAway() const
{
    return m_impl->goneAway;
}

std::uint32_t H2Client::goAwayCode() const
{
    return m_impl->goAwayCode;
}

int H2Client::pongs() const
{
    return m_impl->pongs;
}

int H2Client::strayFrames() const
{
    return m_impl->strayFrames;
}

ByteStream& H2Client::stream()
{
    return m_impl->stream;
}

std::string H2Client::Reply::field(std::string_view name) const
{
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [name](const auto& field) { return field.first == name; });
    return found == fields.end() ? std::string() : found->second;
}

} // namespace shardscope::test
