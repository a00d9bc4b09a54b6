#include <QFile>
#include <QTest>

#include <csignal>
#include <fstream>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/catalog/catalog.h"
#include "core/catalog/schema.h"
#include "random_state.h"
#include "tests/support/memory_folder.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

Catalog::Changes allOf(const ServiceState& state)
{
    return {&state.account, state.streams, {}};
}

/// A folder with a catalog, opened anew as often as a test likes.
struct Place {
    test::MemoryFolder folder;

    std::string path() const { return folder.filePath("catalog.sqlite").toStdString(); }
    Result<std::unique_ptr<Catalog>> open(std::int64_t pagesMost = 0) const
    {
        return Catalog::open({folder.path().toStdString(), pagesMost});
    }
    std::string refusal() const
    {
        const auto catalog = open();
        if (!catalog)
            return catalog.error().message;
        const auto state = (*catalog)->load();
        return state ? std::string() : state.error().message;
    }
    /// Changes the file with SQLite's own words.
    void execute(const char* sql) const
    {
        sqlite3* database = nullptr;
        QCOMPARE(sqlite3_open(path().c_str(), &database), SQLITE_OK);
        QCOMPARE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(database);
    }
};

/// What the catalog holds, or why it cannot be read.
std::string textOf(const std::unique_ptr<Catalog>& catalog)
{
    const auto state = catalog->load();
    return state ? testing::textOf(*state) : state.error().message;
}

Draw drawOf(std::uint64_t seed)
{
    return {CounterRng(seed, 0)};
}

/// A state with a mark in the account and in each of its streams.
ServiceState marked(std::uint32_t mark)
{
    Draw draw = drawOf(5);
    ServiceState state = drawState(draw, 8);
    state.account.channelsMade = mark;
    for (StreamState& stream : state.streams)
        stream.onDemandRounds = mark;
    return state;
}

/// Saves marks 1, 2, … and tells each on `tell` once it is saved; until it is killed.
[[noreturn]] void saveForEver(const std::string& folder, int tell)
{
    auto catalog = Catalog::open({folder});
    for (std::uint32_t mark = 1; catalog; ++mark) {
        const ServiceState state = marked(mark);
        if (!(*catalog)->save(allOf(state)) || ::write(tell, &mark, sizeof mark) < 0)
            break;
    }
    ::_exit(1);
}

} // namespace

class CatalogTest : public QObject {
    Q_OBJECT

private slots:
    void aNewOneIsEmpty()
    {
        const Place place;
        const auto state = (*place.open())->load();
        QVERIFY(state);
        QVERIFY(state->streams.empty() && state->account.channels.empty());
        QCOMPARE(state->account.slotsGiven, 0u);
        QCOMPARE(place.refusal(), std::string());
    }

    void whatIsSavedIsThereAgain()
    {
        for (std::uint64_t seed = 1; seed <= 30; ++seed) {
            const Place place;
            Draw draw = drawOf(seed);
            const ServiceState state
                = drawState(draw, static_cast<std::uint32_t>(draw.below(6)) + 1);
            QVERIFY((*place.open())->save(allOf(state)));
            const auto again = (*place.open())->load();
            QVERIFY2(again, again ? "" : again.error().message.c_str());
            QVERIFY2(textOf(*again) == textOf(state), qPrintable(QString::number(seed)));
        }
    }

    void onlyWhatChangedIsGiven()
    {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const Place place;
            auto catalog = *place.open();
            Draw draw = drawOf(seed);
            ServiceState state = drawState(draw, 6);
            QVERIFY(catalog->save(allOf(state)));
            for (int round = 0; round < 5; ++round) {
                // Streams are drawn anew, one goes, and the account changes now and then. Shards
                // never become fewer.
                const auto at = static_cast<std::size_t>(draw.below(5)) + 1;
                StreamState& one = state.streams[at < state.streams.size() ? at : 0];
                const auto shards = one.shards;
                one = drawStream(draw, one.slot.value);
                one.shards = shards;
                one.shards[0].outBytes += 1;
                Catalog::Changes changes {nullptr, {one}, {}};
                if (draw.flip() && state.streams.size() > 1) {
                    changes.removed.push_back(state.streams.back().slot);
                    if (state.streams.back().slot == changes.streams[0].slot)
                        changes.streams.clear();
                    state.streams.pop_back();
                }
                if (draw.flip()) {
                    ++state.account.channelsMade;
                    state.account.channels.pop_back();
                    state.account.channels.push_back(drawChannel(draw, 7, StreamSlot {0}));
                    changes.account = &state.account;
                }
                if (draw.flip()) {
                    Channel& channel = state.account.channels.front();
                    channel.delivered[ShardSlot {0}] += 7;
                    changes.delivered[{channel.description.channelId, ShardSlot {0}}]
                        = channel.delivered[ShardSlot {0}];
                }
                QVERIFY(catalog->save(changes));
                if (draw.flip()) {
                    catalog.reset();
                    catalog = *place.open();
                    QVERIFY(catalog->load());
                }
            }
            const auto again = catalog->load();
            QVERIFY2(again, again ? "" : again.error().message.c_str());
            QVERIFY2(textOf(*again) == textOf(state), qPrintable(QString::number(seed)));
        }
    }

    void aSecondProcessIsRefused()
    {
        const Place place;
        const auto catalog = *place.open();
        const auto second = place.open();
        QVERIFY(!second && second.error().code == ErrorCode::BadInput);
        QVERIFY(second.error().message.find("another process") != std::string::npos);
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(place.open() ? 1 : 0);
        int status = 1;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QCOMPARE(status, 0);
    }

    void aKilledProcessLeavesWholeTransactions()
    {
        // Killed after a random number of transactions, and a little into the next.
        for (std::uint64_t seed = 1; seed <= 12; ++seed) {
            const Place place;
            Draw draw = drawOf(seed);
            int pipe[2];
            QCOMPARE(::pipe(pipe), 0);
            const pid_t child = ::fork();
            if (child == 0)
                saveForEver(place.folder.path().toStdString(), pipe[1]);
            ::close(pipe[1]);
            std::uint32_t told = 0, newest = 0;
            for (std::int64_t n = 1 + draw.below(20); n > 0; --n) {
                QCOMPARE(::read(pipe[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
                newest = told;
            }
            for (volatile std::int64_t spin = draw.below(400'000); spin > 0;)
                spin = spin - 1;
            QCOMPARE(::kill(child, SIGKILL), 0);
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            while (::read(pipe[0], &told, sizeof told) == static_cast<ssize_t>(sizeof told))
                newest = told;
            ::close(pipe[0]);

            const auto catalog = place.open();
            QVERIFY2(catalog, catalog ? "" : catalog.error().message.c_str());
            const auto state = (*catalog)->load();
            QVERIFY(state);
            const auto mark = static_cast<std::uint32_t>(state->account.channelsMade);
            QVERIFY2(mark == newest || mark == newest + 1, qPrintable(QString::number(seed)));
            QVERIFY(textOf(*state) == textOf(marked(mark)));
        }
    }

    void aFullDiskKeepsWhatWasThere()
    {
        const Place place;
        Draw draw = drawOf(3);
        const ServiceState small = drawState(draw, 1);
        const ServiceState large = drawState(draw, 200);
        {
            const auto catalog = *place.open(100);
            QVERIFY(catalog->save(allOf(small)));
            const auto full = catalog->save(allOf(large));
            QVERIFY(!full && full.error().code == ErrorCode::Io);
            QVERIFY(full.error().message.find("the disk is full") != std::string::npos);
            QCOMPARE(textOf(catalog), textOf(small));
            QVERIFY(catalog->save(allOf(small))); // and it goes on
        }
        const auto catalog = *place.open();
        QVERIFY(textOf(catalog) == textOf(small));
        QVERIFY(catalog->save(allOf(large)));
        QVERIFY(textOf(catalog) == textOf(large));
    }

    void anotherFileIsRefused()
    {
        const Place place;
        std::ofstream(place.path())
            << "no database at all, but long enough to be looked at: " << std::string(200, 'x');
        QVERIFY(place.refusal().find("it is no catalog") != std::string::npos);
        const Place other;
        other.execute("CREATE TABLE t (a); PRAGMA user_version = 1;");
        QVERIFY(other.refusal().find("no catalog of Shardscope") != std::string::npos);
    }

    void aNewerVersionIsRefused()
    {
        const Place place;
        QVERIFY(place.open());
        place.execute("PRAGMA user_version = 2");
        const std::string refusal = place.refusal();
        QVERIFY(refusal.find("version 2, newer than this program, which knows 1")
                != std::string::npos);
        place.execute("PRAGMA user_version = 1");
        QCOMPARE(place.refusal(), std::string());
    }

    void damageIsTold_data()
    {
        QTest::addColumn<QByteArray>("sql");
        const auto row
            = [](const char* name, const char* sql) { QTest::newRow(name) << QByteArray(sql); };
        row("an open shard less", "DELETE FROM shards WHERE slot = 1");
        row("the last shard less",
            "DELETE FROM shards WHERE slot = (SELECT max(slot) FROM shards WHERE stream = 0)");
        row("a status that is none", "UPDATE streams SET status = 4");
        row("a mode below all", "UPDATE streams SET mode = -1");
        row("a truth value of two", "UPDATE shards SET changing = 2");
        row("a slot too large", "UPDATE shards SET parent = 4294967296 WHERE parent IS NOT NULL");
        row("a parent that is younger", "UPDATE shards SET parent = slot WHERE parent IS NOT NULL");
        row("a short hash key", "UPDATE shards SET range_end = x'00'");
        row("a range in reverse", "UPDATE shards SET range_end = zeroblob(16) WHERE slot = 1");
        row("positions that go back", "UPDATE shards SET first_position = next_position + 1");
        row("a shard that never closed", "UPDATE shards SET closed_at = NULL");
        row("a change of no kind", "UPDATE pending SET kind = 'x'");
        row("a change without its figures",
            "UPDATE pending SET shard = NULL WHERE kind = 'reshard'");
        row("a change less", "DELETE FROM pending WHERE place = 1");
        row("a slot never given", "UPDATE account SET slots_given = 0");
        row("no account", "DELETE FROM account");
        row("a missing data key", "UPDATE streams SET data_key_id = 'gone'");
        row("two of one name", "UPDATE streams SET name = 'x'");
        row("a channel of no stream", "UPDATE channels SET stream = 77");
        row("a delivery of no shard", "UPDATE delivered SET shard = 9999");
        row("a metric that is none", "UPDATE streams SET enhanced_monitoring = 128");
    }
    void damageIsTold()
    {
        QFETCH(QByteArray, sql);
        const Place place;
        Draw draw = drawOf(11);
        QVERIFY((*place.open())->save(allOf(drawState(draw, 3))));
        QCOMPARE(place.refusal(), std::string());
        place.execute(sql);
        const std::string refusal = place.refusal();
        QVERIFY2(refusal.find("it is damaged (") != std::string::npos, refusal.c_str());
        QVERIFY(refusal.find(place.path()) != std::string::npos);
    }

    void aDamagedPageIsTold()
    {
        const Place place;
        Draw draw = drawOf(11);
        QVERIFY((*place.open())->save(allOf(drawState(draw, 30))));
        QFile file(QString::fromStdString(place.path()));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.size() > 20 * 4096);
        for (qint64 page = 5; page < 15; ++page) {
            QVERIFY(file.seek(page * 4096));
            file.write(QByteArray(4096, '\xa5'));
        }
        file.close();
        const std::string refusal = place.refusal();
        QVERIFY2(refusal.find("it is damaged (") != std::string::npos, refusal.c_str());
    }
};

QTEST_APPLESS_MAIN(CatalogTest)
#include "tst_catalog.moc"
