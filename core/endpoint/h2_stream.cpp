#include "core/endpoint/h2_stream.h"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/base/budgets.h"
#include "core/endpoint/http_date.h"

namespace shardscope::endpoint {

int H2Session::onBeginHeaders(const nghttp2_frame& frame)
{
    if (frame.headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    // A client that does not take its answers gets no new ones.
    if (m_queued >= static_cast<std::size_t>(m_shared.limits.unsentPerConnection)) {
        nghttp2_submit_rst_stream(m_session.get(), NGHTTP2_FLAG_NONE, frame.hd.stream_id,
                                  NGHTTP2_REFUSED_STREAM);
        return 0;
    }
    auto stream = std::make_unique<Stream>(*this);
    stream->id = frame.hd.stream_id;
    stream->place = m_streams.size();
    stream->since = m_now;
    stream->request = m_shared.requests->make();
    stream->request->peer = m_peer;
    nghttp2_session_set_stream_user_data(m_session.get(), stream->id, stream.get());
    m_streams.push_back(std::move(stream));
    return 0;
}

int H2Session::onHeader(Stream& stream, std::string_view name, std::string_view value)
{
    // As HTTP/2 counts a list of fields (RFC 9113, 6.5.2).
    stream.headBytes += name.size() + value.size() + 32;
    if (stream.headBytes > static_cast<std::size_t>(m_shared.limits.headerBytes))
        return 0; // said when the head has come whole
    IncomingRequest& request = *stream.request;
    request.headers.add(name, value);
    if (name == ":method") {
        request.method = value;
    } else if (name == ":path") {
        const std::size_t question = std::min(value.find('?'), value.size());
        request.path.append(value == "*" ? "/" : value.substr(0, question));
        if (question < value.size())
            request.query = value.substr(question + 1);
    } else if (name == "content-length") {
        std::uint64_t length = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), length);
        if (read.ec == std::errc())
            stream.length = length; // nghttp2 holds the body to it
    } else if (name == "expect") {
        stream.expectsContinue = value == "100-continue";
    }
    return 0;
}

int H2Session::onFrame(const nghttp2_frame& frame)
{
    m_continuing = false;
    const bool ends = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    switch (frame.hd.type) {
    case NGHTTP2_HEADERS:
        if (Stream* stream = find(frame.hd.stream_id)) {
            if (frame.headers.cat == NGHTTP2_HCAT_REQUEST)
                onHead(*stream, ends);
            else if (ends && stream->phase == Stream::Phase::Body)
                dispatch(*stream);
        }
        return 0;
    case NGHTTP2_DATA:
        if (frame.hd.length == 0 && !ends)
            charge(1);
        if (Stream* stream = find(frame.hd.stream_id);
            stream && ends && stream->phase == Stream::Phase::Body)
            dispatch(*stream);
        return 0;
    case NGHTTP2_RST_STREAM:
        charge(budgets::kHttp2PriceOfReset);
        return 0;
    default:
        charge(1);
        return 0;
    }
}

int H2Session::onData(std::int32_t id, std::string_view bytes)
{
    Stream* stream = find(id);
    if (!stream || stream->phase != Stream::Phase::Body) {
        // Thrown away: the connection's window opens again, the stream's does not.
        nghttp2_session_consume_connection(m_session.get(), bytes.size());
        return 0;
    }
    const auto most = static_cast<std::size_t>(m_shared.limits.bodyBytes);
    if (bytes.size() > most - stream->request->bodySize())
        refuse(*stream, refusals::kBodyTooLarge);
    else if (!stream->request->append(bytes))
        refuse(*stream, refusals::kNoRoom);
    nghttp2_session_consume(m_session.get(), id, bytes.size());
    m_credit = std::min(m_credit + budgets::kHttp2CreditPerData, budgets::kHttp2Credit);
    return 0;
}

void H2Session::onHead(Stream& stream, bool ends)
{
    stream.headOnly = stream.request->method == "HEAD";
    stream.phase = Stream::Phase::Body;
    if (stream.headBytes > static_cast<std::size_t>(m_shared.limits.headerBytes))
        return refuse(stream, refusals::kHeadTooLarge);
    if (!stream.request->path.starts_with('/'))
        return refuse(stream, refusals::kTarget);
    if (ends)
        return dispatch(stream);
    if (stream.length > static_cast<std::uint64_t>(m_shared.limits.bodyBytes))
        return refuse(stream, refusals::kBodyTooLarge);
    if (stream.length && !stream.request->reserve(*stream.length))
        return refuse(stream, refusals::kNoRoom);
    if (stream.expectsContinue) {
        const nghttp2_nv status {bytesOf(":status"), bytesOf("100"), 7, 3, NGHTTP2_NV_FLAG_NONE};
        nghttp2_submit_headers(m_session.get(), NGHTTP2_FLAG_NONE, stream.id, nullptr, &status, 1,
                               nullptr);
    }
}

void H2Session::dispatch(Stream& stream)
{
    stream.phase = Stream::Phase::Busy;
    stream.request->seal();
    const auto exchange = std::make_shared<SessionExchange>(stream, m_shared.mailbox);
    stream.exchange = exchange;
    try {
        m_shared.handler(std::exchange(stream.request, nullptr), exchange);
    } catch (...) {
        exchange->respond(toResponse(refusals::kInternal));
    }
}

void H2Session::refuse(Stream& stream, const Refusal& refusal)
{
    stream.request.reset();
    stream.phase = Stream::Phase::Busy;
    stream.refused = true;
    HttpResponse response = toResponse(refusal);
    respond(stream, response);
}

/// How much of the answer goes into the next frame.
ssize_t H2Session::Stream::offer(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t most,
                                 std::uint32_t* flags, nghttp2_data_source* source, void*)
{
    const Stream& stream = *static_cast<const Stream*>(source->ptr);
    if (stream.answer.empty() && !stream.answered)
        return NGHTTP2_ERR_DEFERRED;
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (stream.answered && stream.answer.size() <= most)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(std::min(most, stream.answer.size()));
}

void H2Session::submitHead(Stream& stream, const HttpResponse& response, bool lengthKnown)
{
    boost::container::small_vector<nghttp2_nv, 16> fields;
    const auto add = [&fields](std::string_view name, std::string_view value) {
        // Ids differ each time; they would only push others out of the client's table.
        const bool unique = name.starts_with("x-amz");
        fields.push_back(
            {bytesOf(name), bytesOf(value), name.size(), value.size(),
             static_cast<std::uint8_t>(unique ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE)});
    };
    const std::string status = std::to_string(response.status);
    const std::string length = std::to_string(response.body.size());
    add(":status", status);
    std::size_t nameBytes = 0;
    for (const auto& field : response.headers)
        nameBytes += field.first.size();
    m_names.clear();
    m_names.reserve(nameBytes);
    for (const auto& [name, value] : response.headers) {
        const std::size_t at = m_names.size();
        for (const char c : name)
            m_names += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        add(std::string_view(m_names).substr(at), value);
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    if (lengthKnown && !bodiless)
        add("content-length", length);
    add("date", httpDate());
    nghttp2_data_provider provider {{.ptr = &stream}, Stream::offer};
    const bool ends = stream.headOnly || bodiless || (lengthKnown && response.body.empty());
    if (nghttp2_submit_response(m_session.get(), stream.id, fields.data(), fields.size(),
                                ends ? nullptr : &provider)
        != 0)
        die(NGHTTP2_INTERNAL_ERROR);
    stream.answered = ends;
    m_host.wake();
}

void H2Session::respond(Stream& stream, HttpResponse& response)
{
    if (stream.phase != Stream::Phase::Busy)
        return;
    stream.phase = Stream::Phase::Streaming;
    submitHead(stream, response, true);
    if (!stream.answered)
        write(stream, std::move(response.body));
    finish(stream);
}

void H2Session::begin(Stream& stream, HttpResponse& head)
{
    if (stream.phase != Stream::Phase::Busy)
        return;
    stream.phase = Stream::Phase::Streaming;
    submitHead(stream, head, false);
    write(stream, std::move(head.body));
}

void H2Session::write(Stream& stream, std::string&& piece)
{
    if (stream.phase != Stream::Phase::Streaming || stream.answered || piece.empty())
        return;
    m_queued += piece.size();
    stream.answer.append(std::move(piece));
    nghttp2_session_resume_data(m_session.get(), stream.id);
    m_host.wake();
}

void H2Session::finish(Stream& stream)
{
    if (stream.phase != Stream::Phase::Streaming)
        return;
    stream.phase = Stream::Phase::Ended;
    // Data are deferred only while nothing waits; with something the end goes along.
    if (!std::exchange(stream.answered, true))
        nghttp2_session_resume_data(m_session.get(), stream.id);
    if (const auto exchange = std::exchange(stream.exchange, nullptr))
        exchange->letGo();
    m_host.wake();
}

bool H2Session::hostIsFull()
{
    m_full = m_host.unsent() >= static_cast<std::size_t>(budgets::kHttp2Ahead);
    return m_full;
}

long H2Session::send(std::string_view bytes)
{
    if (hostIsFull())
        return NGHTTP2_ERR_WOULDBLOCK;
    m_host.out().append(bytes);
    return static_cast<long>(bytes.size());
}

/// Waits like any other frame: an answer that the socket does not take stays with its stream, where
/// unsent() counts it.
int H2Session::sendData(Stream& stream, const std::uint8_t* head, std::size_t bytes)
{
    if (hostIsFull())
        return NGHTTP2_ERR_WOULDBLOCK;
    m_host.out().append(viewOf(head, 9)); // we ask for no padding
    m_queued -= bytes;
    stream.answer.moveTo(m_host.out(), bytes);
    m_credit = std::min(m_credit + budgets::kHttp2CreditPerData, budgets::kHttp2Credit);
    return 0;
}

void H2Session::onSent(const nghttp2_frame& frame)
{
    // A refused request's body is not waited for, once it has its answer.
    const bool ends = (frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS)
        && (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (!ends)
        return;
    const Stream* stream = find(frame.hd.stream_id);
    if (stream && stream->refused)
        nghttp2_submit_rst_stream(m_session.get(), NGHTTP2_FLAG_NONE, frame.hd.stream_id,
                                  NGHTTP2_NO_ERROR);
}

void H2Session::onStreamClose(Stream& stream)
{
    nghttp2_session_set_stream_user_data(m_session.get(), stream.id, nullptr);
    m_queued -= stream.answer.size();
    const auto exchange = std::exchange(stream.exchange, nullptr);
    const std::size_t place = stream.place;
    m_streams.back()->place = place;
    std::swap(m_streams[place], m_streams.back());
    m_streams.pop_back();
    m_since = m_now;
    if (exchange)
        exchange->lose();
}

} // namespace shardscope::endpoint
