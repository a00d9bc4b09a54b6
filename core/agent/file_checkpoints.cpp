#include "core/agent/file_checkpoints.h"

#include <tuple>

namespace shardscope {

Result<FileCheckpoints> FileCheckpoints::open(const std::string& file, SimTime now,
                                              SimDuration kept)
{
    auto database = Database::open(file);
    if (!database)
        return tl::unexpected(database.error());
    FileCheckpoints made(std::move(*database));
    if (auto done = made.m_database.execute(
            "CREATE TABLE IF NOT EXISTS FILE_CHECKPOINTS (flow TEXT NOT NULL, path TEXT NOT NULL, "
            "fileId TEXT NOT NULL, lastModifiedTime INTEGER, size INTEGER, offset INTEGER, "
            "lastUpdated INTEGER, PRIMARY KEY (flow, path))");
        !done)
        return tl::unexpected(done.error());
    auto forget = made.m_database.prepare("DELETE FROM FILE_CHECKPOINTS WHERE lastUpdated < ?");
    if (!forget)
        return tl::unexpected(forget.error());
    forget->bind(1, (now - kept).inMillis());
    if (auto done = forget->run(); !done)
        return tl::unexpected(done.error());
    return made;
}

Result<std::vector<FileCheckpoints::Row>> FileCheckpoints::rows(const std::string& flow)
{
    auto select = m_database.prepare("SELECT path, fileId, lastModifiedTime, size, offset FROM "
                                     "FILE_CHECKPOINTS WHERE flow = ?");
    if (!select)
        return tl::unexpected(select.error());
    select->bindText(1, flow);
    std::vector<Row> rows;
    for (;;) {
        const auto more = select->step();
        if (!more)
            return tl::unexpected(more.error());
        if (!*more)
            return rows;
        rows.push_back({select->text(0), select->text(1), select->integer(2), select->integer(3),
                        select->integer(4)});
    }
}

Result<void> FileCheckpoints::replace(const std::string& flow, const std::vector<Row>& rows,
                                      SimTime now)
{
    auto forget = m_database.prepare("DELETE FROM FILE_CHECKPOINTS WHERE flow = ?");
    if (!forget)
        return tl::unexpected(forget.error());
    forget->bindText(1, flow);
    if (auto done = forget->run(); !done)
        return done;
    auto insert = m_database.prepare(
        "INSERT OR REPLACE INTO FILE_CHECKPOINTS VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (!insert)
        return tl::unexpected(insert.error());
    for (const Row& row : rows) {
        insert->bindText(1, flow);
        insert->bindText(2, row.path);
        insert->bindText(3, row.fileId);
        insert->bind(4, row.modifiedMs);
        insert->bind(5, row.size);
        insert->bind(6, row.offset);
        insert->bind(7, now.inMillis());
        if (auto done = insert->run(); !done)
            return done;
    }
    return {};
}

Result<void> FileCheckpoints::save(const std::string& flow, const std::vector<Row>& rows,
                                   SimTime now)
{
    if (auto begun = m_database.execute("BEGIN"); !begun)
        return begun;
    if (auto done = replace(flow, rows, now); !done) {
        std::ignore = m_database.execute("ROLLBACK");
        return done;
    }
    return m_database.execute("COMMIT");
}

} // namespace shardscope
