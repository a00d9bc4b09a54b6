#include "core/agent/agent_flow.h"

#include <algorithm>
#include <utility>

namespace shardscope {
namespace {

constexpr std::size_t kChunk = std::size_t {1} << 20; ///< bytes read of a file at once
constexpr std::size_t kTail = 64; ///< bytes by which a file is told from another one
constexpr Bytes kBufferedMost = 16_MiB; ///< nothing is read above this
constexpr SimDuration kSaveEvery = SimDuration::seconds(1);

} // namespace

AgentFlow::AgentFlow(AgentFlowSpec spec, Surroundings around)
    : m_spec(std::move(spec))
    , m_around(std::move(around))
    , m_converter(m_spec.processing)
    , m_random(m_around.seed)
    , m_mailbox(std::make_shared<Mailbox>())
{
    m_mailbox->wake = m_around.wake;
    m_state.stream = m_spec.stream;
    m_state.filePattern = m_spec.filePattern;
}

AgentFlow::~AgentFlow()
{
    const std::lock_guard lock(m_mailbox->mutex);
    m_mailbox->wake = nullptr;
}

void AgentFlow::step(SimTime now)
{
    takeAnswer(now);
    if (!m_looked)
        look(now);
    if (now >= m_pollAt) {
        m_pollAt = now + m_spec.pollEvery;
        readOn(now);
    }
    // After reading: an emptied file is noticed before its copy would be taken for a new one.
    if (now >= m_lookAt)
        look(now);
    send(now);
    dropEnded();
    if (now >= m_saveAt && m_unsaved)
        saveCheckpoints(now);
}

// --- files --------------------------------------------------------------------------------------

std::shared_ptr<AgentFlow::Source> AgentFlow::sourceOf(const FileIdentity& identity) const
{
    const auto found = std::find_if(m_sources.begin(), m_sources.end(), [&](const auto& s) {
        return !s->ended && s->file.identity() == identity;
    });
    return found == m_sources.end() ? nullptr : *found;
}

/// Behind what was sent of it before; else where the flow begins, which for a file that comes later
/// is its beginning.
std::int64_t AgentFlow::startOf(const FoundFile& found) const
{
    const std::string id = found.facts.identity.text();
    for (const FileCheckpoints::Row& row : m_remembered) {
        if (row.fileId == id)
            return row.offset <= found.facts.size ? row.offset : 0;
    }
    const bool first = !m_looked && m_remembered.empty();
    return first && m_spec.initialPosition == AgentFlowSpec::Position::EndOfFile ? found.facts.size
                                                                                 : 0;
}

void AgentFlow::follow(const FoundFile& found, std::int64_t offset)
{
    auto file = FollowedFile::open(found.path);
    if (!file) {
        m_fileTrouble = file.error().message;
        return;
    }
    // Renamed or replaced since it was listed: it is found again at the next look.
    if (file->identity() != found.facts.identity)
        return;
    const std::size_t tail = std::min(kTail, static_cast<std::size_t>(offset));
    std::string last;
    if (auto read = file->read(offset - static_cast<std::int64_t>(tail), tail))
        last = *std::move(read);
    m_sources.push_back(std::make_shared<Source>(Source {
        found.path, *std::move(file), RecordSplitter(m_spec, offset), offset, last, {}, false}));
    m_unsaved = true;
}

void AgentFlow::look(SimTime now)
{
    m_lookAt = now + m_spec.refreshEvery;
    if (!m_looked) {
        auto rows = m_around.checkpoints->rows(m_spec.id());
        if (!rows) {
            m_saveTrouble = rows.error().message;
            return;
        }
        m_remembered = *std::move(rows);
    }
    const auto found = findFiles(m_spec.filePattern);
    m_fileTrouble = found ? std::string() : found.error().message;
    if (!found)
        return;
    for (const auto& source : m_sources)
        source->path.clear();
    std::vector<FileIdentity> copies;
    for (const FoundFile& file : *found) {
        if (const auto source = sourceOf(file.facts.identity))
            source->path = file.path;
        else if (looksCopied(file))
            copies.push_back(file.facts.identity);
        else
            follow(file, startOf(file));
    }
    m_copies = std::move(copies);
    m_looked = true;
    m_remembered.clear();
}

/// Whether a file that was not there before is the same as one that is followed, up to where that
/// one was read: its copy, made before it is emptied. A file that looks so twice is one of its own.
bool AgentFlow::looksCopied(const FoundFile& found) const
{
    const auto seen = [&](const FileIdentity& copy) { return copy == found.facts.identity; };
    if (!m_looked || std::any_of(m_copies.begin(), m_copies.end(), seen))
        return false;
    const auto file = FollowedFile::open(found.path);
    return file && std::any_of(m_sources.begin(), m_sources.end(), [&](const auto& source) {
               return !source->ended && isCopy(*file, *source);
           });
}

bool AgentFlow::isCopy(const FollowedFile& file, const Source& source)
{
    const auto size = static_cast<std::int64_t>(source.tail.size());
    const auto tail = file.read(source.splitter.fed() - size, source.tail.size());
    return !source.tail.empty() && tail && *tail == source.tail;
}

/// Whether another file, or the same one written anew, stands where this one was.
bool AgentFlow::replaced(const Source& source, const FileFacts& facts) const
{
    const std::int64_t fed = source.splitter.fed();
    if (facts.size < fed)
        return true;
    if (facts.size == fed)
        return false;
    return !source.tail.empty() && !isCopy(source.file, source);
}

/// The file was emptied. When it was copied away before, the copy is read on from where the file
/// was; what is written to the file from now on is read from its beginning.
void AgentFlow::startOver(const std::shared_ptr<Source>& source, SimTime now)
{
    bool copied = false;
    for (const FoundFile& file :
         findFiles(m_spec.filePattern).value_or(std::vector<FoundFile> {})) {
        if (copied || sourceOf(file.facts.identity))
            continue;
        auto copy = FollowedFile::open(file.path);
        if (!copy || !isCopy(*copy, *source))
            continue;
        source->file = *std::move(copy);
        source->path = file.path;
        copied = true;
    }
    if (!copied) {
        std::vector<RecordSplitter::Record> last;
        source->splitter.finish(last);
        take(source, last, now);
        source->ended = true;
    }
    m_unsaved = true;
    look(now); // finds the file itself again, as a new one
}

void AgentFlow::readOn(Source& source, SimTime now)
{
    const auto self = sourceOf(source.file.identity());
    const auto facts = source.file.facts();
    if (!facts) {
        m_fileTrouble = facts.error().message;
        return;
    }
    if (replaced(source, *facts)) {
        startOver(self, now);
        return;
    }
    std::vector<RecordSplitter::Record> records;
    while (m_queueBytes < kBufferedMost) {
        const auto bytes = source.file.read(source.splitter.fed(), kChunk);
        if (!bytes) {
            m_fileTrouble = bytes.error().message;
            break;
        }
        if (bytes->empty()) {
            if (!source.quietSince)
                source.quietSince = now;
            // Rotated away, or of several lines and quiet for long: what has begun is a record.
            const bool quiet = now - *source.quietSince >= m_spec.maxBufferAge;
            if (source.splitter.holds()
                && (source.path.empty() || (quiet && source.splitter.waitsForStart())))
                source.splitter.finish(records);
            source.ended = source.path.empty();
            break;
        }
        source.quietSince.reset();
        source.splitter.feed(*bytes, records);
        source.tail = (source.tail + *bytes)
                          .substr(source.tail.size() + bytes->size()
                                  - std::min(kTail, source.tail.size() + bytes->size()));
        take(self, records, now);
        records.clear();
    }
    take(self, records, now);
}

void AgentFlow::readOn(SimTime now)
{
    // What is found while reading is read the next time.
    for (const auto& source : std::vector(m_sources)) {
        if (!source->ended)
            readOn(*source, now);
    }
}

void AgentFlow::take(const std::shared_ptr<Source>& source,
                     std::vector<RecordSplitter::Record>& records, SimTime now)
{
    for (RecordSplitter::Record& record : records) {
        auto data = m_converter.convert(std::move(record.data), now);
        if (!data) {
            ++m_state.skippedRecords;
            m_skipTrouble = source->path + ": the record before byte " + std::to_string(record.end)
                + ' ' + data.error().message + "; it is left out.";
            continue;
        }
        std::string key = keyOf(*data);
        m_queue.push_back({source, std::move(key), *std::move(data), record.end, now});
        m_queueBytes += m_queue.back().bytes();
    }
}

void AgentFlow::dropEnded()
{
    std::erase_if(m_sources, [&](const auto& source) {
        // Held elsewhere too: by records that are not sent yet.
        return source->ended && source.use_count() == 1;
    });
}

// --- what is kept and shown ----------------------------------------------------------------------

void AgentFlow::saveCheckpoints(SimTime now)
{
    std::vector<FileCheckpoints::Row> rows;
    for (const auto& source : m_sources) {
        const auto facts = source->file.facts();
        if (!source->path.empty() && !source->ended && facts)
            rows.push_back({source->path, facts->identity.text(), facts->modifiedNs / 1'000'000,
                            facts->size, source->sent});
    }
    const auto saved = m_around.checkpoints->save(m_spec.id(), rows, now);
    m_saveTrouble = saved ? std::string() : saved.error().message;
    m_unsaved = !saved;
    m_saveAt = now + kSaveEvery;
}

AgentFlowState AgentFlow::state() const
{
    AgentFlowState state = m_state;
    state.files = static_cast<std::int64_t>(m_sources.size());
    state.buffered = static_cast<std::int64_t>(m_queue.size() + m_sending.size());
    for (const std::string* trouble :
         {&m_sendTrouble, &m_fileTrouble, &m_saveTrouble, &m_skipTrouble}) {
        if (state.trouble.empty())
            state.trouble = *trouble;
    }
    return state;
}

} // namespace shardscope
