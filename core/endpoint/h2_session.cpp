#include "core/endpoint/h2_session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/budgets.h"
#include "core/endpoint/h2_stream.h"

namespace shardscope::endpoint {

namespace {
using SessionCallbacks
    = std::unique_ptr<nghttp2_session_callbacks, decltype(&nghttp2_session_callbacks_del)>;
using SessionOption = std::unique_ptr<nghttp2_option, decltype(&nghttp2_option_del)>;
}

/// nghttp2 calls plain functions with the session as `user`.
struct H2Session::Callbacks {
    static H2Session& of(void* user) { return *static_cast<H2Session*>(user); }

    static int beginFrame(nghttp2_session*, const nghttp2_frame_hd* head, void* user)
    {
        if (head->type != NGHTTP2_CONTINUATION)
            of(user).m_continuing
                = head->type == NGHTTP2_HEADERS && (head->flags & NGHTTP2_FLAG_END_HEADERS) == 0;
        return 0;
    }
    static int beginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* user)
    {
        return of(user).onBeginHeaders(*frame);
    }
    static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t nameBytes, const std::uint8_t* value, std::size_t valueBytes,
                      std::uint8_t, void* user)
    {
        Stream* stream = of(user).find(frame->hd.stream_id);
        if (!stream || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
            return 0; // a trailer: nothing in it may change what was decided
        return of(user).onHeader(*stream, viewOf(name, nameBytes), viewOf(value, valueBytes));
    }
    static int frame(nghttp2_session*, const nghttp2_frame* frame, void* user)
    {
        return of(user).onFrame(*frame);
    }
    static int invalidFrame(nghttp2_session*, const nghttp2_frame*, int, void* user)
    {
        of(user).m_continuing = false;
        of(user).m_host.countProtocolError();
        of(user).charge(budgets::kHttp2PriceOfReset);
        return 0;
    }
    static int data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                    std::size_t size, void* user)
    {
        return of(user).onData(id, viewOf(bytes, size));
    }
    static int sent(nghttp2_session*, const nghttp2_frame* frame, void* user)
    {
        of(user).onSent(*frame);
        return 0;
    }
    static int streamClose(nghttp2_session*, std::int32_t id, std::uint32_t, void* user)
    {
        if (Stream* stream = of(user).find(id))
            of(user).onStreamClose(*stream);
        return 0;
    }
    static ssize_t send(nghttp2_session*, const std::uint8_t* bytes, std::size_t size, int,
                        void* user)
    {
        return of(user).send(viewOf(bytes, size));
    }
    static int sendData(nghttp2_session*, nghttp2_frame*, const std::uint8_t* head,
                        std::size_t bytes, nghttp2_data_source* source, void* user)
    {
        return of(user).sendData(*static_cast<Stream*>(source->ptr), head, bytes);
    }

    static const nghttp2_session_callbacks* all()
    {
        static const SessionCallbacks kAll = [] {
            nghttp2_session_callbacks* list = nullptr;
            nghttp2_session_callbacks_new(&list);
            nghttp2_session_callbacks_set_on_begin_frame_callback(list, beginFrame);
            nghttp2_session_callbacks_set_on_begin_headers_callback(list, beginHeaders);
            nghttp2_session_callbacks_set_on_header_callback(list, header);
            nghttp2_session_callbacks_set_on_frame_recv_callback(list, frame);
            nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(list, invalidFrame);
            nghttp2_session_callbacks_set_on_data_chunk_recv_callback(list, data);
            nghttp2_session_callbacks_set_on_frame_send_callback(list, sent);
            nghttp2_session_callbacks_set_on_stream_close_callback(list, streamClose);
            nghttp2_session_callbacks_set_send_callback(list, send);
            nghttp2_session_callbacks_set_send_data_callback(list, sendData);
            return SessionCallbacks(list, nghttp2_session_callbacks_del);
        }();
        return kAll.get();
    }

    static const nghttp2_option* option()
    {
        static const SessionOption kOption = [] {
            nghttp2_option* option = nullptr;
            nghttp2_option_new(&option);
            // A window opens again when a body's bytes have been taken, not when they have come.
            nghttp2_option_set_no_auto_window_update(option, 1);
            nghttp2_option_set_no_closed_streams(option, 1);
            return SessionOption(option, nghttp2_option_del);
        }();
        return kOption.get();
    }
};

H2Session::H2Session(const SessionShared& shared, SessionHost& host,
                     std::shared_ptr<const Peer> peer, WallTime now)
    : m_shared(shared)
    , m_host(host)
    , m_peer(std::move(peer))
    , m_now(now)
    , m_since(now)
    , m_credit(budgets::kHttp2Credit)
{
    nghttp2_session* session = nullptr;
    if (nghttp2_session_server_new2(&session, Callbacks::all(), this, Callbacks::option()) != 0) {
        m_dead = true;
        return;
    }
    m_session.reset(session);
    const std::array<nghttp2_settings_entry, 3> settings {{
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS,
         static_cast<std::uint32_t>(shared.limits.streamsPerConnection)},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE,
         static_cast<std::uint32_t>(budgets::kHttp2StreamWindow)},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
         static_cast<std::uint32_t>(shared.limits.headerBytes)},
    }};
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                          static_cast<std::int32_t>(budgets::kHttp2Window));
}

H2Session::~H2Session()
{
    gone();
}

H2Session::Stream* H2Session::find(std::int32_t id) const
{
    return static_cast<Stream*>(nghttp2_session_get_stream_user_data(m_session.get(), id));
}

void H2Session::receive(std::string_view bytes, WallTime now)
{
    if (m_dead || m_deaf)
        return;
    m_now = m_since = now;
    const ssize_t used = nghttp2_session_mem_recv(m_session.get(), bytesOf(bytes), bytes.size());
    m_continued = m_continuing ? m_continued + bytes.size() : 0;
    // A head can be continued in frame after frame, empty ones among them.
    if (used >= 0
        && m_continued <= 4 * static_cast<std::size_t>(m_shared.limits.headerBytes)
                + static_cast<std::size_t>(budgets::kHttpReadMore))
        return;
    m_host.countProtocolError();
    if (used == NGHTTP2_ERR_BAD_CLIENT_MAGIC)
        m_dead = true; // nobody there would understand
    else
        die(used >= 0 || used == NGHTTP2_ERR_FLOODED ? NGHTTP2_ENHANCE_YOUR_CALM
                                                     : NGHTTP2_PROTOCOL_ERROR);
}

void H2Session::receiveEnd()
{
    // Whoever has closed the one direction of HTTP/2 cannot take part in it any more.
    gone();
    m_host.wake();
}

void H2Session::work(WallTime now)
{
    m_now = now;
    m_full = false;
    if (m_dead) // its streams may be gone, and nghttp2 would still ask them for what they offered
        return;
    if (nghttp2_session_send(m_session.get()) != 0)
        m_dead = true;
}

bool H2Session::wantsInput() const
{
    // While the client takes nothing, what its frames make us say is bounded too. (Not while only
    // its windows are shut: it must be able to open them.)
    return !m_deaf && !finished()
        && !(m_full
             && nghttp2_session_get_outbound_queue_size(m_session.get())
                 > budgets::kHttp2FramesWaiting);
}

bool H2Session::finished() const
{
    return m_dead
        || (nghttp2_session_want_read(m_session.get()) == 0
            && nghttp2_session_want_write(m_session.get()) == 0);
}

void H2Session::shutDown()
{
    if (m_dead)
        return;
    nghttp2_submit_goaway(m_session.get(), NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(m_session.get()),
                          NGHTTP2_NO_ERROR, nullptr, 0);
    m_host.wake();
}

void H2Session::die(std::uint32_t code)
{
    nghttp2_session_terminate_session(m_session.get(), code);
    m_deaf = true;
    m_host.wake();
}

void H2Session::gone()
{
    m_dead = true;
    while (!m_streams.empty())
        onStreamClose(*m_streams.back());
}

void H2Session::expire(WallTime now)
{
    if (m_dead)
        return;
    m_credit = std::min(m_credit + budgets::kHttp2CreditPerSweep, budgets::kHttp2Credit);
    if (m_streams.empty() && now - m_since >= m_shared.limits.idleTime)
        return die(NGHTTP2_NO_ERROR);
    for (const auto& stream : m_streams) {
        const auto since = now - stream->since;
        if (stream->phase == Stream::Phase::Busy
            && since >= m_shared.limits.requestTime + m_shared.limits.answerTime) {
            HttpResponse response = toResponse(refusals::kNoAnswer);
            respond(*stream, response);
        }
        if (stream->phase > Stream::Phase::Body || since < m_shared.limits.requestTime)
            continue;
        // Nothing can be answered before a head is whole, and nothing else can come before that.
        if (stream->phase == Stream::Phase::Head)
            return die(NGHTTP2_ENHANCE_YOUR_CALM);
        refuse(*stream, refusals::kTooSlow);
    }
}

void H2Session::charge(int price)
{
    m_credit -= price;
    if (m_credit < 0 && m_credit + price >= 0) {
        m_host.countProtocolError();
        die(NGHTTP2_ENHANCE_YOUR_CALM);
    }
}

} // namespace shardscope::endpoint
