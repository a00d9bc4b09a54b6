#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace shardscope {

/// A prepared statement. What is bound must be bound again after each run(). Values read are of
/// the row that step() came to; a value of another type than asked for reads as zero or empty and
/// makes sound() false.
class Statement {
public:
    explicit Statement(sqlite3_stmt* statement)
        : m_statement(statement)
    {
    }

    void bind(int place, std::int64_t value); ///< places count from 1
    void bind(int place, double value);
    void bindText(int place, std::string_view text);
    void bindBlob(int place, std::string_view bytes);
    void bindNull(int place);

    /// Whether there is a row. After the last one it may be bound and stepped again. Errors: those
    /// of Database.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end, for statements without rows.
    [[nodiscard]] Result<void> run();

    [[nodiscard]] bool isNull(int column) const; ///< columns count from 0
    [[nodiscard]] std::int64_t integer(int column);
    [[nodiscard]] double real(int column);
    [[nodiscard]] std::string text(int column);
    [[nodiscard]] std::string blob(int column);
    [[nodiscard]] bool sound() const { return m_sound; }
    void markUnsound() { m_sound = false; }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    [[nodiscard]] bool hasType(int column, int type);
    void note(int code);

    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_bindError = 0;
    bool m_sound = true;
};

/// One SQLite file, held by this process alone. Errors everywhere: Io (the disk is full or
/// failing), BadInput (damaged, no database, or in use by another process).
class Database {
public:
    [[nodiscard]] static Result<Database> open(const std::string& path);

    [[nodiscard]] Result<void> execute(const char* sql);
    [[nodiscard]] Result<Statement> prepare(const std::string& sql);
    /// The one number that `sql` answers.
    [[nodiscard]] Result<std::int64_t> number(const char* sql);
    [[nodiscard]] Result<std::string> word(const char* sql);

    /// What went wrong last, as a sentence.
    [[nodiscard]] static Error errorOf(sqlite3* database, int code);

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace shardscope
