#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "core/storage/log_chunk.h"
#include "core/storage/segment_format.h"
#include "tests/core/storage/log_records.h"
#include "tests/support/faulty_files.h"

using namespace shardscope;
using namespace shardscope::records;

namespace {

std::shared_ptr<const DataKey> makeKey(char digit)
{
    DataKey key;
    key.id = std::string(32, digit);
    key.bytes.fill(static_cast<std::uint8_t>(digit));
    return std::make_shared<const DataKey>(key);
}

struct World {
    FaultyFiles files;
    std::unique_ptr<LogFolder> folder;

    explicit World(Bytes segmentBytes = 64_MiB) { open(segmentBytes); }
    void open(Bytes segmentBytes = 64_MiB)
    {
        folder.reset();
        auto opened
            = LogFolder::open({.folder = "/data", .files = &files, .segmentBytes = segmentBytes});
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
        folder = std::move(*opened);
    }
    RecordLog create(std::uint64_t id)
    {
        RecordLog log;
        log.keepIn(*folder->create(id));
        return log;
    }
};

QString sentence(const Result<std::unique_ptr<LogFolder>>& opened)
{
    return opened ? QString() : QString::fromStdString(opened.error().message);
}

} // namespace

class LogFolderTest : public QObject {
    Q_OBJECT

private slots:
    void keepsRecordsOnTheRealDisk()
    {
        QTemporaryDir dir;
        const std::string path = dir.filePath("a/b").toStdString();
        std::vector<std::uint64_t> places;
        {
            auto folder = LogFolder::open({.folder = path, .segmentBytes = 1_MiB});
            QVERIFY2(folder.has_value(), qPrintable(sentence(folder)));
            RecordLog log;
            log.keepIn(*(*folder)->create(7));
            for (std::uint64_t i = 0; i < 5'000; ++i) {
                places.push_back(add(log, i, i % 900));
                if (i % 700 == 0)
                    QVERIFY(commit(**folder).has_value());
            }
            places.push_back(add(log, 5'000, 10'000'000));
            QVERIFY(commit(**folder).has_value());
            QVERIFY(log.file()->segments() >= 3);
        }
        auto folder = LogFolder::open({.folder = path});
        QVERIFY2(folder.has_value(), qPrintable(sentence(folder)));
        const auto found = recover(**folder, 7);
        QVERIFY(found.has_value());
        QVERIFY(found->findings.empty());
        QCOMPARE(found->numbers.size(), 5'001U);
        for (std::uint64_t i = 0; i <= 5'000; ++i) {
            QCOMPARE(found->numbers[i], i);
            QCOMPARE(found->places.at(i), places[i]);
            QVERIFY(holds(found->log, places[i], i, i == 5'000 ? 10'000'000 : i % 900));
        }
        QCOMPARE(found->log.memory(), 0);
    }

    void refusesASecondOwner()
    {
        QTemporaryDir dir;
        const std::string path = dir.path().toStdString();
        auto first = LogFolder::open({.folder = path});
        QVERIFY2(first.has_value(), qPrintable(sentence(first)));
        const auto second = LogFolder::open({.folder = path});
        QVERIFY(!second.has_value());
        QVERIFY(second.error().code == ErrorCode::BadInput);
        QVERIFY(sentence(second).contains(QString::number(QCoreApplication::applicationPid())));
        first->reset();
        QVERIFY(LogFolder::open({.folder = path}).has_value());
    }

    void refusesWhatIsNotOurs()
    {
        FaultyFiles files;
        QVERIFY(files.makeFolder("/data").has_value());
        files.setContent("/data/letter.txt", "Dear");
        const auto foreign = LogFolder::open({.folder = "/data", .files = &files});
        QVERIFY(sentence(foreign).contains("letter.txt"));
        QVERIFY(foreign.error().code == ErrorCode::BadInput);

        World world;
        world.folder.reset();
        world.files.setContent("/data/VERSION", "shardscope data 9\n");
        const auto newer = LogFolder::open({.folder = "/data", .files = &world.files});
        QVERIFY(sentence(newer).contains("shardscope data 9"));
        QVERIFY(newer.error().code == ErrorCode::BadInput);
    }

    void aFolderThatCannotBeMadeIsAnError()
    {
        QTemporaryDir dir;
        QFile file(dir.filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto opened = LogFolder::open({.folder = dir.filePath("file/data").toStdString()});
        QVERIFY(!opened.has_value());
        QVERIFY(opened.error().code == ErrorCode::Io);
        QVERIFY(sentence(opened).contains("Not a directory"));
    }

    void anIdIsUsedOnce()
    {
        World world;
        RecordLog log = world.create(3);
        add(log, 0, 10);
        QVERIFY(commit(*world.folder).has_value());
        const auto again = world.folder->create(3);
        QVERIFY(!again.has_value());
        QVERIFY(again.error().code == ErrorCode::BadInput);
        QVERIFY(world.folder->create(12).has_value());
        QVERIFY(world.folder->create(2).has_value());
        QCOMPARE(*world.folder->streams(), (std::vector<std::uint64_t> {2, 3, 12}));
    }

    void aCommitOfNothingAnswersAtOnce()
    {
        World world;
        bool told = false;
        world.folder->commit([&](const Result<void>& ok) { told = ok.has_value(); });
        QVERIFY(told);
    }

    void aSmallCommitSyncsOnce()
    {
        World world;
        RecordLog log = world.create(1);
        add(log, 0, 100);
        QVERIFY(commit(*world.folder).has_value());
        const auto operations = world.files.operations();
        const auto syncs = world.files.syncs();
        add(log, 1, 100);
        QVERIFY(commit(*world.folder).has_value());
        QCOMPARE(world.files.syncs() - syncs, 1);
        QCOMPARE(world.files.operations() - operations, 2); // one write, one sync
    }

    void anIdleStreamTakesLittleOnDisk()
    {
        World world;
        RecordLog log = world.create(1);
        QCOMPARE(log.file()->bytesOnDisk(), 0);
        QCOMPARE(log.file()->segments(), 0);
        add(log, 0, 100);
        QVERIFY(commit(*world.folder).has_value());
        QCOMPARE(log.file()->segments(), 1);
        QVERIFY(log.file()->bytesOnDisk() < 400);
        const std::string segment = "/data/streams/1/" + segmentName(0);
        QCOMPARE(world.files.content(segment).size(), 64U << 10);
        world.folder.reset();
        QVERIFY(world.files.content(segment).size() < 400U);
    }

    void goesOnWhereItEnded()
    {
        World world;
        std::uint64_t number = 0;
        std::vector<std::uint64_t> places;
        {
            RecordLog log = world.create(1);
            for (int i = 0; i < 10; ++i, ++number)
                places.push_back(add(log, number, 50));
            QVERIFY(commit(*world.folder).has_value());
        }
        for (int round = 0; round < 5; ++round) {
            world.open();
            auto found = recover(*world.folder, 1);
            QVERIFY(found.has_value());
            QVERIFY(found->findings.empty());
            QCOMPARE(found->numbers.size(), number);
            for (int i = 0; i < 10; ++i, ++number)
                places.push_back(add(found->log, number, 50));
            QVERIFY(commit(*world.folder).has_value());
            for (std::uint64_t i = 0; i < number; ++i)
                QVERIFY(holds(found->log, places[i], i, 50));
        }
    }

    void memoryCanGoOnceAllIsDurable()
    {
        World world;
        RecordLog log = world.create(1);
        std::vector<std::uint64_t> places;
        for (std::uint64_t i = 0; i < 20'000; ++i)
            places.push_back(add(log, i, 200));
        const Bytes before = log.memory();
        log.shrinkTo(0);
        QCOMPARE(log.memory(), before);
        QVERIFY(commit(*world.folder).has_value());
        log.shrinkTo(before / 2);
        QVERIFY(log.memory() <= before / 2);
        QVERIFY(log.memory() > before / 2 - 3 * Bytes {LogChunk::kLarge});
        log.shrinkTo(0);
        QVERIFY(log.memory() < 8_KiB);
        QCOMPARE(log.begin(), 0U);
        for (std::uint64_t i = 0; i < 20'000; i += 7)
            QVERIFY(holds(log, places[i], i, 200));
        // Appending goes on in memory.
        const std::uint64_t place = add(log, 20'000, 200);
        QVERIFY(holds(log, place, 20'000, 200));
        QVERIFY(holds(log, places[3], 3, 200));
        RecordLog::View view;
        QVERIFY(!log.read(log.end(), view));
    }

    void withoutAFileMemoryStays()
    {
        RecordLog log;
        add(log, 0, 100);
        log.shrinkTo(0);
        QVERIFY(holds(log, 0, 0, 100));
    }

    void largeRecordsAreWrittenWhole_data()
    {
        QTest::addColumn<quint64>("size");
        const quint64 around = kBlockPlainBytes - sizeof(LogRecordHead) - keyOf(1).size();
        QTest::newRow("one byte less than a block") << around - 1;
        QTest::newRow("a block") << around;
        QTest::newRow("one byte more than a block") << around + 1;
        QTest::newRow("a write buffer") << quint64 {WriteBehind::kBufferBytes};
        QTest::newRow("10 MiB") << quint64 {10} * 1_MiB;
        QTest::newRow("the most there is")
            << quint64 {kLogRecordBytesMost} - sizeof(LogRecordHead) - keyOf(1).size();
    }
    void largeRecordsAreWrittenWhole()
    {
        QFETCH(quint64, size);
        World world;
        RecordLog log = world.create(1);
        std::vector<std::uint64_t> places;
        for (std::uint64_t i = 0; i < 6; ++i) {
            places.push_back(add(log, i, i % 2 == 1 ? size : 9));
            if (i == 2)
                QVERIFY(commit(*world.folder).has_value());
        }
        QVERIFY(commit(*world.folder).has_value());
        log.shrinkTo(0);
        for (std::uint64_t i = 0; i < 6; ++i)
            QVERIFY(holds(log, places[i], i, i % 2 == 1 ? size : 9));
        world.open();
        const auto found = recover(*world.folder, 1);
        QVERIFY(found.has_value());
        QCOMPARE(found->numbers.size(), 6U);
    }

    void retentionDeletesWholeSegments()
    {
        World world(64_KiB);
        RecordLog log = world.create(1);
        std::vector<std::uint64_t> places;
        for (std::uint64_t i = 0; i < 3'000; ++i) {
            places.push_back(add(log, i, 100, static_cast<std::int64_t>(i)));
            if (i % 100 == 99)
                QVERIFY(commit(*world.folder).has_value());
        }
        const std::int64_t before = log.file()->segments();
        const Bytes bytes = log.file()->bytesOnDisk();
        QVERIFY(before >= 5);
        log.trimBefore(0);
        QCOMPARE(log.file()->segments(), before);
        log.trimBefore(1'500);
        QVERIFY(log.file()->segments() < before);
        QVERIFY(log.file()->bytesOnDisk() < bytes);
        QVERIFY(log.begin() > 0);
        QVERIFY(log.begin() <= places[1'500]);
        QVERIFY(places[1'500] - log.begin() < 128U << 10);
        QVERIFY(commit(*world.folder).has_value());
        for (std::uint64_t i = 1'500; i < 3'000; ++i)
            QVERIFY(holds(log, places[i], i, 100));
        add(log, 3'000, 100, 3'000);
        QVERIFY(commit(*world.folder).has_value());
        QCOMPARE(static_cast<std::int64_t>(world.files.list("/data/streams/1")->size()),
                 log.file()->segments());
        world.open();
        const auto found = recover(*world.folder, 1);
        QVERIFY(found->findings.empty());
        QVERIFY(found->numbers.front() <= 1'500);
        QCOMPARE(found->numbers.back(), 3'000U);
    }

    void anIdleStreamGivesItsLastSegmentUp()
    {
        World world;
        RecordLog log = world.create(1);
        add(log, 0, 100, 1'000);
        QVERIFY(commit(*world.folder).has_value());
        log.trimBefore(1'000);
        QCOMPARE(log.file()->segments(), 1);
        // Not while something is on its way into it.
        const std::uint64_t second = add(log, 1, 100, 1'000);
        log.trimBefore(1'001);
        QCOMPARE(log.file()->segments(), 1);
        QVERIFY(commit(*world.folder).has_value());
        log.trimBefore(1'001);
        QCOMPARE(log.file()->segments(), 0);
        QVERIFY(log.empty());
        const std::uint64_t third = add(log, 2, 100, 1'001);
        QVERIFY(third > second);
        QVERIFY(commit(*world.folder).has_value());
        log.shrinkTo(0);
        QVERIFY(holds(log, third, 2, 100));
        QVERIFY(!holds(log, second, 1, 100));
        QCOMPARE(world.files.list("/data/streams/1")->size(), 1U);
    }

    void removedStreamsLeaveNoFiles()
    {
        World world;
        RecordLog log = world.create(1);
        RecordLog other = world.create(2);
        add(log, 0, 100);
        add(other, 0, 100);
        QVERIFY(commit(*world.folder).has_value());
        add(log, 1, 100);
        world.folder->remove(1);
        world.folder->remove(99);
        add(other, 1, 100);
        QVERIFY(commit(*world.folder).has_value());
        QCOMPARE(*world.folder->streams(), (std::vector<std::uint64_t> {2}));
        add(log, 2, 100);
        QVERIFY(commit(*world.folder).has_value());
        QCOMPARE(*world.folder->streams(), (std::vector<std::uint64_t> {2}));
    }

    void aRemovedIdMayBeUsedAgain()
    {
        World world;
        RecordLog log = world.create(1);
        add(log, 0, 100);
        QVERIFY(commit(*world.folder).has_value());
        world.folder->remove(1);
        RecordLog next = world.create(1);
        add(next, 1, 100);
        QVERIFY(commit(*world.folder).has_value());
        world.open();
        QCOMPARE(recover(*world.folder, 1)->numbers, (std::vector<std::uint64_t> {1}));
    }

    void aFailedWriteIsToldAndTriedAgain_data()
    {
        QTest::addColumn<bool>("fresh");
        QTest::addColumn<int>("operation");
        QTest::newRow("a new segment: make the file") << true << 1;
        QTest::newRow("a new segment: empty it") << true << 2;
        QTest::newRow("a new segment: write") << true << 4;
        QTest::newRow("a new segment: sync") << true << 5;
        QTest::newRow("a new segment: sync the folder") << true << 6;
        QTest::newRow("the segment that is there: write") << false << 1;
        QTest::newRow("the segment that is there: sync") << false << 2;
    }
    void aFailedWriteIsToldAndTriedAgain()
    {
        QFETCH(bool, fresh);
        QFETCH(int, operation);
        World world;
        RecordLog log = world.create(1);
        std::vector<std::uint64_t> places;
        if (!fresh) {
            places.push_back(add(log, 0, 100));
            QVERIFY(commit(*world.folder).has_value());
        }
        world.files.failAt(operation, FaultyFiles::Fault::Eio, 1);
        places.push_back(add(log, places.size(), 100));
        const auto outcome = commit(*world.folder);
        QVERIFY(!outcome.has_value());
        QVERIFY(outcome.error().code == ErrorCode::Io);
        QVERIFY(world.folder->trouble()->message == outcome.error().message);
        QVERIFY(commit(*world.folder).has_value());
        QVERIFY(world.folder->trouble() == nullptr);
        places.push_back(add(log, places.size(), 100));
        QVERIFY(commit(*world.folder).has_value());
        log.shrinkTo(0);
        for (std::uint64_t i = 0; i < places.size(); ++i)
            QVERIFY(holds(log, places[i], i, 100));
        world.open();
        const auto found = recover(*world.folder, 1);
        QVERIFY(found->findings.empty());
        QCOMPARE(found->numbers.size(), places.size());
    }

    void aFullDiskRecoversWhenSpaceReturns()
    {
        World world;
        RecordLog log = world.create(1);
        std::vector<std::uint64_t> places;
        world.files.setRoom(1 << 20);
        std::uint64_t acknowledged = 0;
        for (std::uint64_t i = 0; i < 64; ++i) {
            places.push_back(add(log, i, 30'000));
            const auto outcome = commit(*world.folder);
            if (!outcome) {
                QVERIFY(outcome.error().code == ErrorCode::Io);
                break;
            }
            ++acknowledged;
        }
        // The last bit of room is used too.
        QVERIFY(acknowledged >= 31 && acknowledged < 36);
        QVERIFY(world.folder->trouble() != nullptr);
        QVERIFY(!commit(*world.folder).has_value());
        world.files.setRoom(UINT64_MAX);
        QVERIFY(commit(*world.folder).has_value());
        QVERIFY(world.folder->trouble() == nullptr);
        world.open();
        const auto found = recover(*world.folder, 1);
        QVERIFY(found->findings.empty());
        QCOMPARE(found->numbers.size(), places.size());
    }

    void troubleEndsByItself()
    {
        World world;
        RecordLog log = world.create(1);
        add(log, 0, 100);
        world.files.failAt(1, FaultyFiles::Fault::Eio, 1);
        QVERIFY(!commit(*world.folder).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(world.folder->trouble() == nullptr, 20'000);
        QCOMPARE(log.file()->durable(), log.end());
    }

    void manyLogsGoWithOneCommit()
    {
        World world;
        std::vector<RecordLog> logs;
        for (std::uint64_t id = 1; id <= 50; ++id)
            logs.push_back(world.create(id));
        for (std::uint64_t i = 0; i < 500; ++i) {
            add(logs[i * 7 % 50], i, i);
            if (i % 100 == 99)
                QVERIFY(commit(*world.folder).has_value());
        }
        world.open();
        std::size_t all = 0;
        for (std::uint64_t id = 1; id <= 50; ++id)
            all += recover(*world.folder, id)->numbers.size();
        QCOMPARE(all, 500U);
    }

    void encryptedBlocksHideEverything()
    {
        World world;
        RecordLog log = world.create(1);
        std::vector<std::uint64_t> places {add(log, 0, 100)};
        log.file()->encryptWith(makeKey('a'));
        for (std::uint64_t i = 1; i < 500; ++i)
            places.push_back(add(log, i, 100));
        log.file()->encryptWith(makeKey('b'));
        places.push_back(add(log, 500, 100));
        QVERIFY(commit(*world.folder).has_value());
        log.file()->encryptWith(nullptr);
        places.push_back(add(log, 501, 100));
        QVERIFY(commit(*world.folder).has_value());

        const std::string disk = world.files.content("/data/streams/1/" + segmentName(0));
        for (std::uint64_t i = 0; i <= 501; ++i) {
            const bool plain = i == 0 || i == 501;
            QCOMPARE(disk.find(keyOf(i) + "plain") != std::string::npos, plain);
            QCOMPARE(disk.find(dataOf(i, 100)) != std::string::npos, plain);
            const std::uint64_t hash = hashOf(i);
            QCOMPARE(disk.find(std::string(reinterpret_cast<const char*>(&hash), sizeof hash))
                         != std::string::npos,
                     plain);
        }

        log.shrinkTo(0);
        for (std::uint64_t i = 0; i <= 501; ++i)
            QVERIFY(holds(log, places[i], i, 100));
        world.open();
        const auto keys = [](const std::string& id) { return makeKey(id.front()); };
        const auto found = recover(*world.folder, 1, keys);
        QVERIFY(found->findings.empty());
        QCOMPARE(found->numbers.size(), 502U);
        QVERIFY(holds(found->log, places[250], 250, 100));

        // With one key alone, and with a wrong one of the same name.
        world.open();
        const auto some = recover(*world.folder, 1, [](const std::string& id) {
            return id.front() == 'b' ? makeKey('b') : nullptr;
        });
        QCOMPARE(some->numbers, (std::vector<std::uint64_t> {0, 500, 501}));
        QCOMPARE(some->findings.size(), 1U);
        QVERIFY(some->findings[0].kind == StoreFinding::Kind::MissingKey);
        QVERIFY(some->findings[0].text.find(std::string(32, 'a')) != std::string::npos);
        QVERIFY(!holds(some->log, places[250], 250, 100));
        QVERIFY(holds(some->log, places[500], 500, 100));

        world.open();
        const auto wrong = recover(*world.folder, 1, [](const std::string& id) {
            DataKey key = *makeKey(id.front());
            if (id.front() == 'a')
                key.bytes[0] = 0;
            return std::make_shared<const DataKey>(key);
        });
        QCOMPARE(wrong->numbers.size(), 3U);
        QVERIFY(wrong->findings.at(0).kind == StoreFinding::Kind::DamagedBlock);

        // Nothing was lost by that.
        world.open();
        QCOMPARE(recover(*world.folder, 1, keys)->numbers.size(), 502U);
    }

    void noTwoBlocksShareANonce()
    {
        World world;
        std::set<std::string> nonces;
        for (int start = 0; start < 3; ++start) {
            world.open();
            auto found = recover(*world.folder, 1);
            RecordLog log = std::move(found->log);
            log.file()->encryptWith(makeKey('a'));
            for (std::uint64_t i = 0; i < 20; ++i) {
                add(log, i, 100);
                QVERIFY(commit(*world.folder).has_value());
            }
            const std::string disk = world.files.content("/data/streams/1/" + segmentName(0));
            nonces.clear();
            for (std::size_t at = sizeof(SegmentHead); at + sizeof(BlockHead) < disk.size();) {
                BlockHead head;
                std::memcpy(&head, disk.data() + at, sizeof head);
                if (head.encrypted == 0)
                    break;
                QVERIFY(nonces.emplace(head.nonce.begin(), head.nonce.end()).second);
                at += head.bytesInFile();
            }
            QVERIFY(nonces.size() >= 20);
            // The power goes before anything was durable: the same places are written again.
            log = RecordLog();
            world.folder.reset();
        }
    }
};

QTEST_GUILESS_MAIN(LogFolderTest)
#include "tst_log_folder.moc"
