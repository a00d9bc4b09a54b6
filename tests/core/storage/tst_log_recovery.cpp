#include <QTest>

#include <cstring>
#include <memory>

#include "core/storage/segment_format.h"
#include "tests/core/storage/log_records.h"
#include "tests/support/faulty_files.h"

using namespace shardscope;
using namespace shardscope::records;

namespace {

constexpr std::size_t kSize = 500;

/// A log of ten commits of ten records each, in one segment or several; its folder is closed.
struct Written {
    FaultyFiles files;
    std::unique_ptr<LogFolder> folder;
    std::vector<std::uint64_t> places;

    explicit Written(Bytes segmentBytes = 64_MiB)
    {
        open(segmentBytes);
        RecordLog log;
        log.keepIn(*folder->create(1));
        for (std::uint64_t i = 0; i < 100; ++i) {
            places.push_back(add(log, i, kSize));
            if (i % 10 == 9)
                QVERIFY(commit(*folder).has_value());
        }
        log = RecordLog();
        folder.reset();
    }
    void open(Bytes segmentBytes = 64_MiB)
    {
        folder.reset();
        folder = std::move(
            *LogFolder::open({.folder = "/data", .files = &files, .segmentBytes = segmentBytes}));
    }
    [[nodiscard]] std::vector<std::string> segments()
    {
        std::vector<std::string> paths;
        const auto names = files.list("/data/streams/1");
        for (const std::string& name : *names)
            paths.push_back("/data/streams/1/" + name);
        return paths;
    }
    /// Where in the file of `path` the block begins that holds `place`.
    [[nodiscard]] std::size_t blockOf(const std::string& path, std::uint64_t place)
    {
        const std::string bytes = files.content(path);
        BlockHead head;
        for (std::size_t at = sizeof(SegmentHead);; at += head.bytesInFile()) {
            std::memcpy(&head, bytes.data() + at, sizeof head);
            if (head.end() > place)
                return at;
        }
    }
};

/// The numbers from `from` to `to`, `to` not among them, but for those from `without` to `until`.
std::vector<std::uint64_t> numbers(std::uint64_t from, std::uint64_t to, std::uint64_t without = 0,
                                   std::uint64_t until = 0)
{
    std::vector<std::uint64_t> all;
    for (std::uint64_t i = from; i < to; ++i)
        if (i < without || i >= until)
            all.push_back(i);
    return all;
}

} // namespace

class LogRecoveryTest : public QObject {
    Q_OBJECT

private slots:
    void anEmptyLogIsFound()
    {
        Written world;
        world.open();
        auto found = recover(*world.folder, 9);
        QVERIFY(found.has_value());
        QVERIFY(found->log.empty() && found->findings.empty());
        add(found->log, 0, 10);
        QVERIFY(commit(*world.folder).has_value());
        world.open();
        QCOMPARE(recover(*world.folder, 9)->numbers, numbers(0, 1));
    }

    void cutsATornTail_data()
    {
        QTest::addColumn<int>("bytesLeft"); // of the last block
        QTest::newRow("one byte of its head") << 1;
        QTest::newRow("all of its head but a byte") << 87;
        QTest::newRow("its head") << 88;
        QTest::newRow("a part of its body") << 300;
        QTest::newRow("all but a byte") << -1;
    }
    void cutsATornTail()
    {
        QFETCH(int, bytesLeft);
        Written world;
        const std::string path = world.segments().at(0);
        const std::string good = world.files.content(path);
        const std::size_t last = world.blockOf(path, world.places[99]);
        BlockHead head;
        std::memcpy(&head, good.data() + last, sizeof head);
        const std::size_t cut = bytesLeft > 0 ? static_cast<std::size_t>(bytesLeft)
                                              : sizeof head + head.storedBytes - 1;
        const std::uint64_t kept = 100 - head.records;
        world.files.setContent(path, good.substr(0, last + cut));
        world.open();
        auto found = recover(*world.folder, 1);
        QVERIFY(found.has_value());
        QCOMPARE(found->numbers, numbers(0, kept));
        QCOMPARE(found->log.end(), world.places[kept]);
        QCOMPARE(found->findings.size(), 1U);
        QVERIFY(found->findings[0].kind == StoreFinding::Kind::TornTail);
        QVERIFY(found->findings[0].text.find(path + ", byte " + std::to_string(last))
                != std::string::npos);
        QCOMPARE(world.files.content(path).size(), last);
        // What is appended now takes its place, and the tail is reported once.
        QCOMPARE(add(found->log, kept, kSize), world.places[kept]);
        QVERIFY(commit(*world.folder).has_value());
        world.open();
        const auto again = recover(*world.folder, 1);
        QCOMPARE(again->numbers, numbers(0, kept + 1));
        QVERIFY(again->findings.empty());
    }

    void garbageBehindTheLastBlockIsCut()
    {
        Written world;
        const std::string path = world.segments().at(0);
        const std::string good = world.files.content(path);
        world.files.setContent(path, good + std::string(5'000, '\xee'));
        world.open();
        const auto found = recover(*world.folder, 1);
        QCOMPARE(found->numbers, numbers(0, 100));
        QVERIFY(found->findings.at(0).kind == StoreFinding::Kind::TornTail);
        QCOMPARE(world.files.content(path).size(), good.size());
    }

    void zerosBehindTheLastBlockAreRoom()
    {
        Written world;
        const std::string path = world.segments().at(0);
        const std::string good = world.files.content(path);
        world.files.setContent(path, good + std::string(70'000, '\0'));
        world.open();
        const auto found = recover(*world.folder, 1);
        QCOMPARE(found->numbers, numbers(0, 100));
        QVERIFY(found->findings.empty());
    }

    void leavesADamagedBlockOut_data()
    {
        QTest::addColumn<int>("byte"); // of the block
        QTest::newRow("its marker") << 0;
        QTest::newRow("its first place") << 9;
        QTest::newRow("its length") << 32;
        QTest::newRow("its sum") << 84;
        QTest::newRow("its body's first byte") << 88;
        QTest::newRow("in a record") << 2'000;
    }
    void leavesADamagedBlockOut()
    {
        QFETCH(int, byte);
        Written world;
        const std::string path = world.segments().at(0);
        const std::size_t block = world.blockOf(path, world.places[30]);
        world.files.damage(path, block + static_cast<std::size_t>(byte));
        world.open();
        auto found = recover(*world.folder, 1);
        QVERIFY(found.has_value());
        QCOMPARE(found->findings.size(), 1U);
        QVERIFY(found->findings[0].kind == StoreFinding::Kind::DamagedBlock);
        QVERIFY2(found->findings[0].text.find(path + ", byte " + std::to_string(block))
                     != std::string::npos,
                 found->findings[0].text.c_str());
        // A commit may be several blocks; of the third one the damaged block is missing, no more.
        const std::size_t lost = 100 - found->numbers.size();
        QVERIFY(lost >= 1 && lost <= 10);
        QCOMPARE(found->numbers, numbers(0, 100, 30, 30 + lost));
        for (std::uint64_t i = 0; i < 100; ++i)
            QCOMPARE(holds(found->log, world.places[i], i, kSize), i < 30 || i >= 30 + lost);
        // The file is left as it is, and the log goes on.
        add(found->log, 100, kSize);
        QVERIFY(commit(*world.folder).has_value());
        world.open();
        QCOMPARE(recover(*world.folder, 1)->numbers, numbers(0, 101, 30, 30 + lost));
    }

    void anUnreadablePageIsDamageToo()
    {
        Written world;
        const std::string path = world.segments().at(0);
        world.files.makeUnreadable(path, world.blockOf(path, world.places[50]) + 4'096);
        world.open();
        const auto found = recover(*world.folder, 1);
        QVERIFY(found.has_value());
        QVERIFY(!found->findings.empty());
        QVERIFY(found->numbers.size() >= 70 && found->numbers.size() < 100);
        for (const std::uint64_t number : found->numbers)
            QVERIFY(holds(found->log, world.places[number], number, kSize));
    }

    void aMissingSegmentIsReported()
    {
        Written world(4_KiB);
        const auto paths = world.segments();
        QVERIFY(paths.size() >= 5);
        QVERIFY(world.files.remove(paths[2]).has_value());
        world.open();
        const auto found = recover(*world.folder, 1);
        QCOMPARE(found->findings.size(), 1U);
        QVERIFY(found->findings[0].kind == StoreFinding::Kind::DamagedBlock);
        QVERIFY(found->findings[0].text.starts_with(paths[1]));
        QVERIFY(found->numbers.size() < 100);
        QCOMPARE(found->numbers.back(), 99U);
    }

    void aSegmentWithoutItsHeadIsReported_data()
    {
        QTest::addColumn<bool>("newest");
        QTest::newRow("an old segment") << false;
        QTest::newRow("the newest segment") << true;
    }
    void aSegmentWithoutItsHeadIsReported()
    {
        QFETCH(bool, newest);
        Written world(4_KiB);
        const std::string path = newest ? world.segments().back() : world.segments()[1];
        world.files.damage(path, 20);
        world.open();
        auto found = recover(*world.folder, 1);
        QCOMPARE(found->findings.size(), 1U);
        QVERIFY(found->findings[0].text.starts_with(path + ", byte 0"));
        QVERIFY(found->numbers.size() < 100);
        QCOMPARE(found->numbers.back() == 99, !newest);
        // Places that may be in it are not given to others.
        QVERIFY(found->log.end() >= world.places[99] + kSize);
        const std::uint64_t place = add(found->log, 100, kSize);
        QVERIFY(commit(*world.folder).has_value());
        found->log.shrinkTo(0);
        QVERIFY(holds(found->log, place, 100, kSize));
    }

    void aRecordThatLooksLikeABlockIsNone()
    {
        FaultyFiles files;
        const auto open
            = [&] { return std::move(*LogFolder::open({.folder = "/data", .files = &files})); };
        auto folder = open();
        RecordLog log;
        log.keepIn(*folder->create(1));
        // A block of another segment, whole and sound, stands in a record's data.
        Written other;
        const std::string foreign = other.files.content(other.segments().at(0));
        const std::uint64_t place = log.append({.position = 0}, "key", foreign);
        QVERIFY(commit(*folder).has_value());
        const std::uint64_t next = add(log, 1, kSize);
        QVERIFY(commit(*folder).has_value());
        log = RecordLog();
        folder.reset();
        files.damage("/data/streams/1/" + segmentName(0), sizeof(SegmentHead) + 8);
        folder = open();
        const auto found = recover(*folder, 1);
        QCOMPARE(found->numbers, numbers(1, 2));
        QCOMPARE(found->places.at(1), next);
        RecordLog::View view;
        QVERIFY(!found->log.read(place, view));
    }

    void anySingleDamagedByteLosesAtMostABlock()
    {
        Written world(8_KiB);
        const auto paths = world.segments();
        const CounterRng rng(20261123, 0);
        for (std::uint64_t i = 0; i < 300; ++i) {
            const std::string& path = paths[rng.below(2 * i, paths.size())];
            const std::string good = world.files.content(path);
            const std::uint64_t at = rng.below(2 * i + 1, good.size());
            world.files.damage(path, at);
            world.open(8_KiB);
            const auto found = recover(*world.folder, 1);
            const QString where = QString::fromStdString(path) + ' ' + QString::number(at);
            QVERIFY2(found.has_value(), qPrintable(where));
            QVERIFY2(found->numbers.size() >= 70, qPrintable(where));
            for (const std::uint64_t number : found->numbers)
                QVERIFY2(holds(found->log, world.places[number], number, kSize), qPrintable(where));
            world.folder.reset();
            for (const std::string& name : world.segments())
                QVERIFY(world.files.content(name).size() <= good.size() + 16'000);
            world.files.setContent(path, good);
        }
    }
};

QTEST_GUILESS_MAIN(LogRecoveryTest)
#include "tst_log_recovery.moc"
