#include "core/catalog/database.h"

#include <sqlite3.h>

namespace shardscope {

// --- statements ---------------------------------------------------------------------------------

void Statement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

void Statement::note(int code)
{
    if (code != SQLITE_OK && m_bindError == 0)
        m_bindError = code;
}

void Statement::bind(int place, std::int64_t value)
{
    note(sqlite3_bind_int64(m_statement.get(), place, value));
}

void Statement::bind(int place, double value)
{
    note(sqlite3_bind_double(m_statement.get(), place, value));
}

void Statement::bindText(int place, std::string_view text)
{
    const char* bytes = text.empty() ? "" : text.data();
    note(sqlite3_bind_text64(m_statement.get(), place, bytes, text.size(), SQLITE_TRANSIENT,
                             SQLITE_UTF8));
}

void Statement::bindBlob(int place, std::string_view bytes)
{
    const char* data = bytes.empty() ? "" : bytes.data();
    note(sqlite3_bind_blob64(m_statement.get(), place, data, bytes.size(), SQLITE_TRANSIENT));
}

void Statement::bindNull(int place)
{
    note(sqlite3_bind_null(m_statement.get(), place));
}

Result<bool> Statement::step()
{
    int code = std::exchange(m_bindError, SQLITE_OK);
    if (code == SQLITE_OK)
        code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(m_statement.get());
        return false;
    }
    const Error error = Database::errorOf(sqlite3_db_handle(m_statement.get()), code);
    sqlite3_reset(m_statement.get());
    return tl::unexpected(error);
}

Result<void> Statement::run()
{
    while (true) {
        const auto row = step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return {};
    }
}

bool Statement::hasType(int column, int type)
{
    const bool has = sqlite3_column_type(m_statement.get(), column) == type;
    m_sound = m_sound && has;
    return has;
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column)
{
    return hasType(column, SQLITE_INTEGER) ? sqlite3_column_int64(m_statement.get(), column) : 0;
}

double Statement::real(int column)
{
    return hasType(column, SQLITE_FLOAT) ? sqlite3_column_double(m_statement.get(), column) : 0;
}

std::string Statement::text(int column)
{
    if (!hasType(column, SQLITE_TEXT))
        return {};
    const auto* bytes
        = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))};
}

std::string Statement::blob(int column)
{
    if (!hasType(column, SQLITE_BLOB))
        return {};
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return size == 0 ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

// --- the database -------------------------------------------------------------------------------

void Database::Close::operator()(sqlite3* database) const
{
    sqlite3_close_v2(database);
}

Error Database::errorOf(sqlite3* database, int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return {ErrorCode::Io, "the disk is full"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::BadInput, "another process is using it"};
    case SQLITE_NOTADB:
        return {ErrorCode::BadInput, "it is no catalog"};
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT:
        return {ErrorCode::BadInput,
                std::string("it is damaged (") + sqlite3_errmsg(database) + ")"};
    default:
        return {ErrorCode::Io, sqlite3_errmsg(database)};
    }
}

Result<Database> Database::open(const std::string& path)
{
    sqlite3* opened = nullptr;
    // No mutex: one thread at a time uses it. Not by a link: it must be the file in this folder.
    const int code = sqlite3_open_v2(path.c_str(), &opened,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                         | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
                                     nullptr);
    Database database;
    database.m_database.reset(opened);
    if (code != SQLITE_OK)
        return tl::unexpected(errorOf(opened, code));
    sqlite3_extended_result_codes(opened, 1);
    return database;
}

Result<void> Database::execute(const char* sql)
{
    const int code = sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return tl::unexpected(errorOf(m_database.get(), code));
    return {};
}

Result<Statement> Database::prepare(const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_database.get(), sql.c_str(), -1,
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        return tl::unexpected(errorOf(m_database.get(), code));
    return Statement(statement);
}

Result<std::int64_t> Database::number(const char* sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return tl::unexpected(statement.error());
    const auto row = statement->step();
    if (!row)
        return tl::unexpected(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<std::string> Database::word(const char* sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return tl::unexpected(statement.error());
    const auto row = statement->step();
    if (!row)
        return tl::unexpected(row.error());
    return *row ? statement->text(0) : std::string();
}

} // namespace shardscope
