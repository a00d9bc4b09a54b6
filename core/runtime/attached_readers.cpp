#include "core/runtime/attached_readers.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/runtime/reader_row.h"

namespace shardscope {
namespace {

constexpr SimDuration kGap = SimDuration::seconds(2);
/// At the end what is under way outside gets so long.
constexpr std::chrono::seconds kGrace {5};

SimTime sliceBegin(SimTime now)
{
    return now - SimDuration::micros(now.inMicros() % kSlice.inMicros());
}

} // namespace

Result<void> AttachedReaders::apply(const std::string& stream, const Act& act, Service& service,
                                    SimTime now)
{
    if (const auto* a = std::get_if<AddConsumer>(&act))
        return add({stream, a->spec}, now);
    const auto withSeat = [this](const std::string& name, const auto& then) -> Result<void> {
        const auto seat = find(name);
        return seat ? then(**seat) : tl::unexpected<Error>(seat.error());
    };
    if (const auto* a = std::get_if<ChangeConsumer>(&act))
        return withSeat(a->spec.name, [&](Seat& seat) -> Result<void> {
            if (seat.wanted.spec.kind != a->spec.kind)
                return fail(ErrorCode::BadInput,
                            "Reader \"" + a->spec.name + "\" is of kind "
                                + kindText(seat.wanted.spec.kind)
                                + "; add a new one to have another kind.");
            seat.wanted.spec = a->spec;
            if (seat.reader != nullptr)
                seat.reader->change(a->spec, now);
            return {};
        });
    if (const auto* a = std::get_if<PauseConsumer>(&act))
        return withSeat(a->name, [&](Seat& seat) -> Result<void> {
            seat.wanted.spec.paused = a->paused;
            if (seat.reader != nullptr)
                seat.reader->setPaused(a->paused);
            return {};
        });
    if (const auto* a = std::get_if<ReplayConsumer>(&act))
        return withSeat(a->name,
                        [&](const Seat& seat) { return replay(seat, a->to, service, now); });
    if (const auto* a = std::get_if<CrashConsumer>(&act))
        return withSeat(a->name, [&](const Seat& seat) {
            return seat.reader == nullptr ? Result<void> {} : seat.reader->crash(a->crash, now);
        });
    if (const auto* a = std::get_if<RemoveConsumer>(&act))
        return withSeat(a->name, [&](const Seat& seat) -> Result<void> {
            remove(seat, service, now);
            return {};
        });
    return fail(ErrorCode::BadInput,
                "Only a simulated run can do this; clients write to this stream.");
}

Result<void> AttachedReaders::add(AttachedReader reader, SimTime now)
{
    const std::string& name = reader.spec.name;
    if (find(name))
        return fail(ErrorCode::BadInput,
                    "There is a reader \"" + name + "\" already; give this one another name.");
    if (m_seats.empty())
        m_at = sliceBegin(now);
    if (m_outside == nullptr)
        m_outside = std::make_unique<OutsideJobs>(
            OutsideJobs::Options {.answers = OutsideJobs::Answers::WhenThere});
    m_seats.push_back({.wanted = std::move(reader), .reader = {}, .stream = {}, .pace = {}});
    return {};
}

Result<AttachedReaders::Seat*> AttachedReaders::find(const std::string& name)
{
    const auto seat = std::find_if(m_seats.begin(), m_seats.end(),
                                   [&](const Seat& one) { return one.wanted.spec.name == name; });
    if (seat == m_seats.end())
        return fail(ErrorCode::BadInput, "No reader \"" + name + "\" runs here.");
    return &*seat;
}

Result<void> AttachedReaders::replay(const Seat& seat, const ReplayPoint& to, Service& service,
                                     SimTime now) const
{
    const Stream* stream = streamOf(seat, service);
    if (stream == nullptr || seat.reader == nullptr)
        return fail(ErrorCode::BadInput,
                    "Stream " + seat.wanted.stream
                        + " is not there yet; its reader has nothing to go back to.");
    return seat.reader->replay(to, *stream, now);
}

void AttachedReaders::remove(const Seat& seat, Service& service, SimTime now)
{
    if (Stream* stream = streamOf(seat, service); seat.reader != nullptr && stream != nullptr) {
        ReaderSurroundings around {service, *stream, m_outside.get()};
        seat.reader->leave(around, now);
    }
    m_seats.erase(m_seats.begin() + (&seat - m_seats.data()));
}

Stream* AttachedReaders::streamOf(const Seat& seat, Service& service)
{
    Stream* stream = service.find(seat.wanted.stream);
    if (stream == nullptr)
        return nullptr;
    const StreamStatus status = stream->summary().status;
    return status == StreamStatus::Active || status == StreamStatus::Updating ? stream : nullptr;
}

void AttachedReaders::step(Seat& seat, Service& service, SimTime sliceStart)
{
    Stream* stream = streamOf(seat, service);
    if (stream == nullptr || (seat.reader != nullptr && seat.stream != stream->slot()))
        seat.reader.reset();
    if (stream == nullptr)
        return;
    if (seat.reader == nullptr) {
        seat.reader = makeReader(ConsumerSlot(m_made), seat.wanted.spec, m_made, sliceStart);
        seat.stream = stream->slot();
        ++m_made;
    }
    ReaderSurroundings around {service, *stream, m_outside.get()};
    seat.reader->step(sliceStart, around);
}

void AttachedReaders::moveTo(SimTime now, Service& service)
{
    if (m_seats.empty())
        return;
    if (now - m_at > kGap)
        m_at = sliceBegin(now) - kSlice;
    for (; m_at + kSlice <= now; m_at += kSlice) {
        for (Seat& seat : m_seats)
            step(seat, service, m_at);
        if ((m_at + kSlice).inMicros() % SimDuration::seconds(1).inMicros() != 0)
            continue;
        for (Seat& seat : m_seats)
            if (const Stream* stream = streamOf(seat, service);
                stream != nullptr && seat.reader != nullptr)
                seat.pace.closeSecond(paceCounts(*seat.reader),
                                      seat.reader->progress().lagRecords(*stream));
    }
}

SimTime AttachedReaders::nextDue() const
{
    return m_seats.empty() ? SimTime::max() : m_at + kSlice;
}

void AttachedReaders::finish(Service& service, SimTime now)
{
    for (Seat& seat : m_seats)
        if (Stream* stream = streamOf(seat, service); stream != nullptr && seat.reader != nullptr) {
            ReaderSurroundings around {service, *stream, m_outside.get()};
            seat.reader->leave(around, now);
        }
    m_seats.clear();
    if (m_outside != nullptr)
        m_outside->finish(kGrace);
}

ConsumerSlot AttachedReaders::historySlot(std::size_t seat) const
{
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < seat; ++i)
        before += m_seats[i].wanted.stream == m_seats[seat].wanted.stream ? 1U : 0U;
    // Beyond those that have a history any other number will do.
    return ConsumerSlot(before < kConsumersKept
                            ? static_cast<std::uint32_t>(kConsumersKept) - 1 - before
                            : static_cast<std::uint32_t>(kConsumersKept) + before + 100);
}

void AttachedReaders::noteBehind(const Stream& stream, SimTime now,
                                 std::vector<std::int64_t>& agesMs,
                                 std::span<ConsumerSample> samples) const
{
    agesMs.resize(stream.shards().size());
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
        if (m_seats[i].reader == nullptr || m_seats[i].stream != stream.slot())
            continue;
        const std::size_t slot = historySlot(i).index();
        shardscope::noteBehind(*m_seats[i].reader, stream, now, agesMs,
                               slot < samples.size() && !samples[slot].present() ? &samples[slot]
                                                                                 : nullptr);
    }
}

std::vector<AttachedReaders::Row> AttachedReaders::rows(const Service& service, SimTime now) const
{
    std::vector<Row> out;
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
        const Seat& seat = m_seats[i];
        const Stream* stream = service.find(seat.wanted.stream);
        Row one {.stream = seat.wanted.stream, .row = {}};
        if (seat.reader != nullptr && stream != nullptr && stream->slot() == seat.stream) {
            one.row = rowOf(*seat.reader, *stream, seat.pace, m_prices, now);
        } else {
            one.row.spec = seat.wanted.spec;
            one.row.trouble
                = "It waits for stream " + seat.wanted.stream + ", which is not there yet.";
        }
        one.row.slot = historySlot(i);
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace shardscope
