#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/database.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// How far each file was sent, kept in the agent's table FILE_CHECKPOINTS. Source: facts/clients.md
/// 7.1.
class FileCheckpoints {
public:
    struct Row {
        std::string path, fileId;
        std::int64_t modifiedMs = 0, size = 0, offset = 0;
    };
    /// Rows older than `kept` are forgotten. Errors: those of Database.
    [[nodiscard]] static Result<FileCheckpoints> open(const std::string& file, SimTime now,
                                                      SimDuration kept);

    /// Errors: those of Database.
    [[nodiscard]] Result<std::vector<Row>> rows(const std::string& flow);
    /// All that a flow follows now; what it no longer does is forgotten. Errors: those of Database.
    [[nodiscard]] Result<void> save(const std::string& flow, const std::vector<Row>& rows,
                                    SimTime now);

private:
    explicit FileCheckpoints(Database database)
        : m_database(std::move(database))
    {
    }
    [[nodiscard]] Result<void> replace(const std::string& flow, const std::vector<Row>& rows,
                                       SimTime now);
    Database m_database;
};

} // namespace shardscope
