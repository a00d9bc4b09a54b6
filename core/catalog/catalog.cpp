#include "core/catalog/catalog.h"

#include "core/catalog/catalog_parts.h"
#include "core/catalog/columns.h"
#include "core/catalog/schema.h"
#include "core/catalog/tables.h"

namespace shardscope {
namespace {

/// Prepares statements until one cannot be; that error is kept.
struct Preparer {
    Database& database;
    Result<void> outcome {};

    Statement operator()(const std::string& sql)
    {
        auto statement = database.prepare(sql);
        if (statement)
            return std::move(*statement);
        if (outcome)
            outcome = tl::unexpected(statement.error());
        return Statement(nullptr);
    }
    /// `list` walks along the columns.
    template <typename List>
    Statement upsert(const std::string& table, const std::string& key, List list)
    {
        ColumnNames names;
        list(names);
        return (*this)(names.upsert(table, key));
    }
    Statement erase(const std::string& table, const std::string& key)
    {
        return (*this)("DELETE FROM " + table + " WHERE " + key + " = ?");
    }
};

/// Makes the tables of a new file; refuses another program's and a newer one.
Result<void> prepareSchema(Database& database)
{
    const auto id = database.number("PRAGMA application_id");
    const auto version = database.number("PRAGMA user_version");
    const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
    for (const auto* number : {&id, &version, &tables}) {
        if (!*number)
            return tl::unexpected(number->error());
    }
    if (*tables == 0) {
        const std::string mark = "PRAGMA application_id = " + std::to_string(kCatalogId)
            + "; PRAGMA user_version = " + std::to_string(kCatalogVersion) + ";";
        return database.execute((kCatalogSchema + mark).c_str());
    }
    if (*id != kCatalogId || *version < 1)
        return fail(ErrorCode::BadInput, "it is no catalog of Shardscope");
    if (*version > kCatalogVersion)
        return fail(ErrorCode::BadInput,
                    "it is of version " + std::to_string(*version)
                        + ", newer than this program, which knows "
                        + std::to_string(kCatalogVersion) + " at most");
    return {};
}

/// Takes the file for this process alone, for as long as it is open, and makes sure it is sound.
Result<Database> openDatabase(const std::string& path, std::int64_t pagesMost)
{
    auto database = Database::open(path);
    if (!database)
        return database;
    // The lock comes with the first transaction and stays.
    const std::string pages = "PRAGMA max_page_count = " + std::to_string(pagesMost);
    for (const char* sql :
         {"PRAGMA page_size = 4096", "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL",
          "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
          pagesMost > 0 ? pages.c_str() : "SELECT 1", "BEGIN EXCLUSIVE"}) {
        if (auto ok = database->execute(sql); !ok)
            return tl::unexpected(ok.error());
    }
    if (auto ok = prepareSchema(*database); !ok)
        return tl::unexpected(ok.error());
    if (auto ok = database->execute("COMMIT"); !ok)
        return tl::unexpected(ok.error());
    const auto sound = database->word("PRAGMA quick_check(1)");
    if (!sound)
        return tl::unexpected(sound.error());
    if (*sound != "ok")
        return fail(ErrorCode::BadInput, "it is damaged (" + *sound + ")");
    return database;
}

Error withName(const std::string& path, const Error& error)
{
    return {error.code, "Catalog " + path + " cannot be used: " + error.message + "."};
}

} // namespace

Result<std::unique_ptr<Catalog::Parts>> Catalog::Parts::make(std::string path, Database database)
{
    Preparer prepare {database};
    using namespace tables;
    std::int64_t n = 0;
    std::string t;
    const AccountState accountState;
    const StreamState state;
    const SavedShard row;
    const SavedConsumer consumerRow;
    const PendingRow pendingRow;
    const SimTime time;
    const std::pair<SimTime, EncryptionType> since;
    const WrappedDataKey key;
    const Blob blob;
    const PeakCell cell;
    const Channel channelRow;
    const auto rowsOf = [&](const std::string& table, const std::string& rest, auto list) {
        return RowsOf {prepare.upsert(table, "stream, " + rest, list),
                       prepare.erase(table, "stream")};
    };
    auto parts = std::unique_ptr<Parts>(new Parts {
        .path = std::move(path),
        .database = Database(),
        .begin = prepare("BEGIN IMMEDIATE"),
        .commit = prepare("COMMIT"),
        .rollback = prepare("ROLLBACK"),
        .putAccount = prepare.upsert("account", "id",
                                     [&](auto& v) {
                                         v("id", n);
                                         account(v, accountState);
                                     }),
        .putStream = prepare.upsert("streams", "slot", [&](auto& v) { stream(v, state); }),
        .eraseStream = prepare.erase("streams", "slot"),
        .putShard = prepare.upsert("shards", "stream, slot", [&](auto& v) { shard(v, n, n, row); }),
        .putPeak
        = prepare.upsert("peaks", "stream, series, at", [&](auto& v) { peak(v, n, n, cell); }),
        .erasePeak = prepare("DELETE FROM peaks WHERE stream = ? AND series = ? AND at = ?"),
        .putChannel = prepare.upsert("channels", "id", [&](auto& v) { channel(v, channelRow); }),
        .eraseChannels = prepare("DELETE FROM channels"),
        .putChannelTag
        = prepare.upsert("channel_tags", "channel, key", [&](auto& v) { channelTag(v, t, t, t); }),
        .putDelivered
        = prepare.upsert("delivered", "channel, shard", [&](auto& v) { delivered(v, t, n, n); }),
        .streamTags = rowsOf("stream_tags", "key", [&](auto& v) { streamTag(v, n, t, t); }),
        .consumers = rowsOf("consumers", "place", [&](auto& v) { consumer(v, n, n, consumerRow); }),
        .pending
        = rowsOf("pending", "place", [&](auto& v) { tables::pending(v, n, n, pendingRow); }),
        .quotas = rowsOf("quotas", "quota, place", [&](auto& v) { quota(v, n, n, n, time); }),
        .encryptionChanges
        = rowsOf("encryption_changes", "place", [&](auto& v) { encryptionChange(v, n, n, since); }),
        .dataKeys = rowsOf("data_keys", "place", [&](auto& v) { dataKey(v, n, n, key, blob); }),
        .putConsumerTag = prepare.upsert("consumer_tags", "stream, consumer, key",
                                         [&](auto& v) { consumerTag(v, n, n, t, t); }),
        .saved = {},
    });
    if (!prepare.outcome)
        return tl::unexpected(prepare.outcome.error());
    parts->database = std::move(database);
    return parts;
}

Result<std::unique_ptr<Catalog>> Catalog::open(Options options)
{
    const std::string path = options.folder + "/catalog.sqlite";
    auto database = openDatabase(path, options.pagesMost);
    if (!database)
        return tl::unexpected(withName(path, database.error()));
    auto parts = Parts::make(path, std::move(*database));
    if (!parts)
        return tl::unexpected(withName(path, parts.error()));
    return std::unique_ptr<Catalog>(new Catalog(std::move(*parts)));
}

Catalog::Catalog(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

Catalog::~Catalog() = default;

Error Catalog::named(Error error) const
{
    return withName(m_parts->path, error);
}

} // namespace shardscope
