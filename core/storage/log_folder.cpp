#include "core/storage/log_folder.h"

#include <algorithm>
#include <charconv>
#include <future>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/storage/file_system.h"
#include "core/storage/log_committer.h"

namespace shardscope {

namespace {

constexpr std::string_view kVersion = "shardscope data 1\n";

Result<std::string> readSmall(FileSystem& files, const std::string& path)
{
    auto file = files.open(path, FileSystem::Access::Read);
    if (!file)
        return tl::unexpected(file.error());
    std::string text(64, '\0');
    const auto count = (*file)->readFully(0, text);
    if (!count)
        return tl::unexpected(count.error());
    text.resize(*count);
    return text;
}

/// There is the whole file or none, also after a power cut.
Result<void> writeWhole(FileSystem& files, const std::string& folder, const std::string& name,
                        std::string_view text)
{
    const std::string path = folder + '/' + name;
    auto file = files.open(path + ".new", FileSystem::Access::Write);
    if (!file)
        return tl::unexpected(file.error());
    if (auto ok = (*file)->writeFully(0, text); !ok)
        return ok;
    if (auto ok = (*file)->sync(); !ok)
        return ok;
    if (auto ok = files.rename(path + ".new", path); !ok)
        return ok;
    return files.syncFolder(folder);
}

Result<void> checkVersion(FileSystem& files, const std::string& folder,
                          const std::vector<std::string>& names)
{
    const auto has = [&](const char* name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (!has("VERSION")) {
        const auto foreign
            = [](const std::string& name) { return name != "lock" && name != "VERSION.new"; };
        if (const auto first = std::find_if(names.begin(), names.end(), foreign);
            first != names.end())
            return fail(ErrorCode::BadInput,
                        folder + " holds \"" + *first
                            + "\" and is no data folder; name an empty or a new one");
        return writeWhole(files, folder, "VERSION", kVersion);
    }
    const auto version = readSmall(files, folder + "/VERSION");
    if (!version)
        return tl::unexpected(version.error());
    if (*version != kVersion)
        return fail(ErrorCode::BadInput,
                    folder + " was written by another version (\""
                        + version->substr(0, version->find('\n')) + "\"; this one writes \""
                        + std::string(kVersion.substr(0, kVersion.size() - 1)) + "\")");
    return {};
}

} // namespace

struct LogFolder::Parts {
    Options options;
    std::unique_ptr<FileLock> lock;
    std::shared_ptr<LogDesk> desk = std::make_shared<LogDesk>();
    std::map<std::uint64_t, std::weak_ptr<LogFile>> logs;
    std::set<std::uint64_t> removed; ///< their files may not be gone yet
    std::unique_ptr<LogCommitter> committer;

    [[nodiscard]] FileSystem& files() const { return *desk->files; }
};

LogFolder::LogFolder(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

Result<std::unique_ptr<LogFolder>> LogFolder::open(Options options)
{
    auto parts = std::make_unique<Parts>();
    parts->desk->files = options.files != nullptr ? options.files : &realFiles();
    FileSystem& files = parts->files();
    const std::string& folder = options.folder;
    if (auto ok = files.makeFolder(folder); !ok)
        return tl::unexpected(ok.error());
    auto lock = files.lock(folder + "/lock");
    if (!lock)
        return tl::unexpected(lock.error());
    parts->lock = std::move(*lock);
    const auto names = files.list(folder);
    if (!names)
        return tl::unexpected(names.error());
    if (auto ok = checkVersion(files, folder, *names); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = files.makeFolder(folder + "/streams"); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = files.syncFolder(folder); !ok)
        return tl::unexpected(ok.error());
    parts->committer = std::make_unique<LogCommitter>(options.commitInterval);
    parts->desk->committer = parts->committer.get();
    parts->options = std::move(options);
    return std::unique_ptr<LogFolder>(new LogFolder(std::move(parts)));
}

LogFolder::~LogFolder()
{
    // Logs may live on, as memory.
    commit([](const Result<void>&) {});
    m_parts->desk->committer = nullptr;
    m_parts->committer.reset();
    // Before the lock goes, so that nobody else has the files yet.
    for (const auto& [id, log] : m_parts->logs)
        if (const auto file = log.lock())
            file->close();
}

std::string LogFolder::folderOf(std::uint64_t id) const
{
    return m_parts->options.folder + "/streams/" + std::to_string(id);
}

std::shared_ptr<LogFile> LogFolder::makeFile(std::uint64_t id, LogFile::Options options)
{
    options.desk = m_parts->desk;
    options.writer = {&m_parts->files(), folderOf(id), id, m_parts->options.segmentBytes,
                      &m_parts->committer->disk()};
    auto file = std::make_shared<LogFile>(std::move(options));
    m_parts->logs[id] = file;
    return file;
}

Result<std::shared_ptr<LogFile>> LogFolder::create(std::uint64_t id)
{
    FileSystem& files = m_parts->files();
    if (m_parts->removed.erase(id) > 0) {
        std::promise<void> gone;
        m_parts->committer->post([&gone] { gone.set_value(); });
        gone.get_future().wait();
    }
    const auto names = files.list(folderOf(id));
    if (!names)
        return tl::unexpected(names.error());
    if (!names->empty())
        return fail(ErrorCode::BadInput, folderOf(id) + " holds the records of another stream");
    if (auto ok = files.makeFolder(folderOf(id)); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = files.syncFolder(m_parts->options.folder + "/streams"); !ok)
        return tl::unexpected(ok.error());
    return makeFile(id, {});
}

Result<std::vector<std::uint64_t>> LogFolder::streams() const
{
    const auto names = m_parts->files().list(m_parts->options.folder + "/streams");
    if (!names)
        return tl::unexpected(names.error());
    std::vector<std::uint64_t> ids;
    for (const std::string& name : *names) {
        std::uint64_t id = 0;
        const char* end = name.data() + name.size();
        if (std::from_chars(name.data(), end, id).ptr == end && std::to_string(id) == name)
            ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

Result<LogFolder::Recovered> LogFolder::recover(std::uint64_t id, const KeyOf& keyOf,
                                                const Found& found)
{
    FileSystem& files = m_parts->files();
    if (auto ok = files.makeFolder(folderOf(id)); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = files.syncFolder(m_parts->options.folder + "/streams"); !ok)
        return tl::unexpected(ok.error());
    BlockKeys keys(keyOf);
    auto outcome = LogRecovery({&files, folderOf(id), id, &keys}, found).run();
    if (!outcome)
        return tl::unexpected(outcome.error());
    Recovered recovered;
    recovered.findings = std::move(outcome->findings);
    recovered.log.keepIn(makeFile(
        id, {.table = std::move(outcome->table), .end = outcome->end, .keys = std::move(keys)}));
    return recovered;
}

void LogFolder::remove(std::uint64_t id)
{
    m_parts->desk->stretches.forget(id);
    auto file = m_parts->logs[id].lock();
    m_parts->logs.erase(id);
    // A log that nobody opened has files all the same.
    if (!file) {
        file = makeFile(id, {});
        m_parts->logs.erase(id);
    }
    m_parts->removed.insert(id);
    m_parts->committer->post([file = std::move(file)] { file->remove(); });
}

void LogFolder::commit(Done done)
{
    std::vector<std::shared_ptr<LogFile>> files = std::exchange(m_parts->desk->touched, {});
    for (const auto& file : files)
        file->publish();
    m_parts->committer->commit(std::move(files), std::move(done));
}

std::shared_ptr<const Error> LogFolder::trouble() const
{
    return m_parts->committer->trouble();
}

} // namespace shardscope
