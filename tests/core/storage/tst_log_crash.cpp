#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/core/storage/log_records.h"
#include "tests/support/faulty_files.h"

using namespace shardscope;
using namespace shardscope::records;

namespace {

std::size_t sizeOf(std::uint64_t number)
{
    const std::uint64_t draw = mix64(number * 3);
    return draw % 50 == 0 ? draw % 200'000 : draw % 1'500;
}

std::shared_ptr<const DataKey> keyWith(const std::string& id)
{
    DataKey key;
    key.id = id;
    key.bytes.fill(7);
    return std::make_shared<const DataKey>(key);
}

/// One stream, and what should be in it.
struct Stream {
    RecordLog log;
    std::vector<std::uint64_t> numbers; ///< appended, in order
    std::size_t acknowledged = 0; ///< of them, from the first on; by Run::mutex
};

/// Appends and commits as chance has it, on a disk that fails as chance has it; after a power cut
/// everything acknowledged must be there again, and nothing else than what was appended, in order.
class Run {
public:
    explicit Run(std::uint64_t seed)
        : m_rng(seed, 0)
        , m_streams(1 + draw(3))
    {
    }

    /// What went wrong; empty when nothing did.
    QString play()
    {
        for (int life = 0; life < 4; ++life) {
            if (QString wrong = open(); !wrong.isEmpty())
                return QString("life %1: ").arg(life) + wrong;
            const std::uint64_t kind = draw(4);
            m_files.failAt(static_cast<std::int64_t>(1 + draw(60)),
                           kind == 0       ? FaultyFiles::Fault::Eio
                               : kind == 1 ? FaultyFiles::Fault::ShortWrite
                                           : FaultyFiles::Fault::PowerCut,
                           draw(1'000'000));
            for (int step = 0; step < 60 && !m_files.isOff(); ++step)
                act();
            // An orderly end, or none.
            for (Stream& stream : m_streams)
                stream.log = RecordLog();
            m_folder.reset();
            m_files.setRoom(UINT64_MAX);
            if (m_files.isOff() || draw(2) == 0)
                m_files.powerUp(draw(1'000'000));
        }
        return open();
    }

private:
    std::uint64_t draw(std::uint64_t below) { return m_rng.below(m_draw++, below); }

    QString open()
    {
        m_files.failAt(0, FaultyFiles::Fault::Eio, 0);
        auto folder = LogFolder::open(
            {.folder = "/data", .files = &m_files, .segmentBytes = Bytes {20'000} << draw(4)});
        if (!folder)
            return QString::fromStdString(folder.error().message);
        m_folder = std::move(*folder);
        for (std::size_t i = 0; i < m_streams.size(); ++i)
            if (QString wrong = recoverStream(i); !wrong.isEmpty())
                return QString("stream %1: ").arg(i) + wrong;
        return {};
    }

    QString recoverStream(std::size_t i)
    {
        Stream& stream = m_streams[i];
        auto found = recover(*m_folder, i + 1, keyWith);
        if (!found)
            return QString::fromStdString(found.error().message);
        for (const StoreFinding& finding : found->findings)
            if (finding.kind != StoreFinding::Kind::TornTail)
                return QString::fromStdString(finding.text);
        const auto& numbers = found->numbers;
        if (numbers.size() < stream.acknowledged)
            return QString("%1 of %2 acknowledged records are there")
                .arg(numbers.size())
                .arg(stream.acknowledged);
        if (numbers.size() > stream.numbers.size()
            || !std::equal(numbers.begin(), numbers.end(), stream.numbers.begin()))
            return "other records than were appended";
        for (const std::uint64_t number : numbers)
            if (!holds(found->log, found->places.at(number), number, sizeOf(number)))
                return QString("record %1 reads differently").arg(number);
        stream.numbers = numbers;
        // What is there after a start stays, as if it had been acknowledged.
        stream.acknowledged = numbers.size();
        stream.log = std::move(found->log);
        return {};
    }

    void act()
    {
        switch (draw(12)) {
        case 0:
            m_files.setRoom(draw(2) == 0 ? UINT64_MAX : draw(2'000'000));
            break;
        case 1:
            m_streams[draw(m_streams.size())].log.file()->encryptWith(
                draw(2) == 0 ? nullptr
                             : keyWith(std::string(32, static_cast<char>('a' + draw(4)))));
            break;
        case 2:
            m_streams[draw(m_streams.size())].log.shrinkTo(static_cast<Bytes>(draw(100'000)));
            break;
        case 3:
        case 4:
            static_cast<void>(commit(*m_folder));
            [[fallthrough]];
        case 5:
        case 6:
            ask();
            break;
        default:
            append(m_streams[draw(m_streams.size())]);
        }
    }

    void append(Stream& stream)
    {
        for (std::uint64_t i = draw(30); i-- > 0; ++m_number) {
            add(stream.log, m_number, sizeOf(m_number));
            stream.numbers.push_back(m_number);
        }
    }

    void ask()
    {
        std::vector<std::size_t> counts;
        for (const Stream& stream : m_streams)
            counts.push_back(stream.numbers.size());
        m_folder->commit([this, counts](const Result<void>& outcome) {
            const std::lock_guard lock(m_mutex);
            for (std::size_t i = 0; outcome && i < counts.size(); ++i)
                m_streams[i].acknowledged = std::max(m_streams[i].acknowledged, counts[i]);
        });
    }

    const CounterRng m_rng;
    std::uint64_t m_draw = 0;
    std::uint64_t m_number = 0;
    FaultyFiles m_files;
    std::mutex m_mutex;
    std::vector<Stream> m_streams;
    std::unique_ptr<LogFolder> m_folder;
};

/// Appends, and writes to `pipe` how many records were acknowledged. Ends when it is killed.
[[noreturn]] void writeUntilKilled(const std::string& path, int pipe, std::uint64_t seed)
{
    const CounterRng rng(seed, 1);
    std::uint64_t draws = 0;
    auto folder = LogFolder::open({.folder = path, .segmentBytes = 2_MiB});
    if (!folder)
        _exit(1);
    auto found = recover(**folder, 1, keyWith);
    if (!found)
        _exit(2);
    RecordLog log = std::move(found->log);
    std::uint64_t number = found->numbers.size();
    std::atomic<int> open {0};
    for (;;) {
        if (rng.below(draws++, 20) == 0)
            log.file()->encryptWith(rng.below(draws++, 2) == 0 ? nullptr
                                                               : keyWith(std::string(32, 'c')));
        for (std::uint64_t i = rng.below(draws++, 40); i-- > 0; ++number)
            add(log, number, sizeOf(number));
        ++open;
        (*folder)->commit([&open, pipe, number](const Result<void>& outcome) {
            if (!outcome || ::write(pipe, &number, sizeof number) != sizeof number)
                _exit(3);
            --open;
        });
        log.shrinkTo(256_KiB);
        while (open > 3)
            ::sched_yield();
    }
}

} // namespace

class LogCrashTest : public QObject {
    Q_OBJECT

private slots:
    void everyAcknowledgedRecordSurvivesFaults_data()
    {
        QTest::addColumn<quint64>("first");
        for (quint64 first = 1; first <= 251; first += 50)
            QTest::addRow("fifty seeds from %llu on", first) << first;
    }
    void everyAcknowledgedRecordSurvivesFaults()
    {
        QFETCH(quint64, first);
        for (std::uint64_t seed = first; seed < first + 50; ++seed) {
            const QString wrong = Run(seed).play();
            QVERIFY2(wrong.isEmpty(), qPrintable(QString("seed %1, ").arg(seed) + wrong));
        }
    }

    /// 200 processes are killed while they write, each after a number of acknowledgements that
    /// chance names.
    void everyAcknowledgedRecordSurvivesKills()
    {
#ifdef __SANITIZE_THREAD__
        QSKIP("the thread sanitizer allows no threads after a fork");
#endif
        std::unique_ptr<QTemporaryDir> dir;
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            if (seed % 10 == 0)
                dir = std::make_unique<QTemporaryDir>();
            const std::string path = dir->path().toStdString();
            int ends[2] {};
            QCOMPARE(::pipe(ends), 0);
            const pid_t child = ::fork();
            if (child == 0) {
                ::close(ends[0]);
                writeUntilKilled(path, ends[1], seed);
            }
            ::close(ends[1]);
            std::uint64_t acknowledged = 0, next = 0;
            const auto hear = [&] {
                const bool heard = ::read(ends[0], &next, sizeof next) == sizeof next;
                acknowledged = heard ? next : acknowledged;
                return heard;
            };
            for (std::uint64_t wait = mix64(seed) % 40; wait > 0 && hear(); --wait) { }
            ::kill(child, SIGKILL);
            while (hear()) { }
            ::close(ends[0]);
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFSIGNALED(status));

            const auto folder = LogFolder::open({.folder = path});
            QVERIFY(folder.has_value());
            const auto found = recover(**folder, 1, keyWith);
            QVERIFY(found.has_value());
            for (const StoreFinding& finding : found->findings)
                QVERIFY2(finding.kind == StoreFinding::Kind::TornTail, finding.text.c_str());
            QVERIFY2(found->numbers.size() >= acknowledged, qPrintable(QString::number(seed)));
            for (std::uint64_t i = 0; i < found->numbers.size(); ++i) {
                QCOMPARE(found->numbers[i], i);
                QVERIFY(holds(found->log, found->places.at(i), i, sizeOf(i)));
            }
        }
    }
};

QTEST_GUILESS_MAIN(LogCrashTest)
#include "tst_log_crash.moc"
