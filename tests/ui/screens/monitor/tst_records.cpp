#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>

#include "core/workload/aggregate.h"
#include "tests/support/monitor_fixture.h"
#include "tests/support/sample_records.h"
#include "ui/english.h"
#include "ui/screens/monitor/record_formats.h"
#include "ui/screens/monitor/record_view.h"
#include "ui/screens/monitor/records_model.h"
#include "ui/screens/monitor/records_page.h"
#include "ui/screens/monitor/volume_strip.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

/// What the page shows, on an endpoint with one shard that holds `pages`.
struct Reading {
    FakeEndpoint endpoint;
    std::vector<std::shared_ptr<const RecordPage>> pages;
    std::unique_ptr<RecordsPage> page;
    qint64 nowMs = 0;

    Reading()
    {
        endpoint.answer = [this](const ApiRequest& request) -> Result<ApiAnswer> {
            if (std::holds_alternative<ListShards>(request)) {
                ListShardsResult result;
                result.shards.resize(1);
                result.shards[0].shardId = shardIdText(ShardSlot(0));
                return ApiAnswer {result};
            }
            if (std::holds_alternative<GetShardIterator>(request))
                return ApiAnswer {GetShardIteratorResult {"iterator"}};
            GetRecordsResult result;
            if (!pages.empty()) {
                result.records = *pages.front();
                pages.erase(pages.begin());
            }
            result.nextShardIterator = "next";
            return ApiAnswer {result};
        };
        page = std::make_unique<RecordsPage>(endpoint.deck());
        page->resize(1'200, 800);
        page->setStream("orders");
        page->show();
        if (!QTest::qWaitForWindowExposed(page.get()))
            qFatal("the page was not exposed");
    }
    void seconds(int n)
    {
        for (int i = 0; i < n * 10; ++i)
            page->present(endpoint.now.get(), nowMs += 100);
    }
    template <typename T> [[nodiscard]] T* find(const char* name) const
    {
        return page->findChild<T*>(QString::fromLatin1(name));
    }
};

} // namespace

class RecordsTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;

private slots:
    void initTestCase() { QCoreApplication::installTranslator(&m_english); }

    void dataIsRecognised_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<int>("kind");
        const auto row = [](const char* name, const std::string& data, DataKind kind) {
            QTest::newRow(name) << QByteArray::fromStdString(data) << static_cast<int>(kind);
        };
        row("nothing", "", DataKind::Empty);
        row("words", "grüße", DataKind::Text);
        row("an object", "{\"a\": 1}", DataKind::Json);
        row("an array after a space", " [1, 2]", DataKind::Json);
        row("a broken object", "{\"a\": ", DataKind::Text);
        row("a number is text", "17", DataKind::Text);
        row("a zero byte", std::string("a\0b", 3), DataKind::Binary);
        row("no UTF-8", "a\xff", DataKind::Binary);
        row("gzip", endpoint::gzipOf("words"), DataKind::Gzip);
        row("an aggregate", buildAggregate(std::vector<UserRecord> {{"k", "v"}}),
            DataKind::Aggregate);
        row("cut in the middle of a letter", std::string(4'095, 'x') + "ü", DataKind::Text);
    }
    void dataIsRecognised()
    {
        QFETCH(QByteArray, data);
        QFETCH(int, kind);
        QCOMPARE(static_cast<int>(kindOf({data.constData(), static_cast<size_t>(data.size())})),
                 kind);
    }

    void aPreviewIsOneShortLine()
    {
        QCOMPARE(preview("two\nlines", 50), QStringLiteral("two⏎lines"));
        QCOMPARE(preview("abcdefgh", 4), QStringLiteral("abcd…"));
        QCOMPARE(preview(std::string_view("\x01\xff\x80", 3), 50), QStringLiteral("01 ff 80"));
        QCOMPARE(preview(endpoint::gzipOf("packed words"), 6), QStringLiteral("gzip · packed"));
        QCOMPARE(preview(std::string("\x1f\x8b\x08") + std::string(20, 'x'), 50),
                 QStringLiteral("gzip, damaged"));
        QCOMPARE(preview("aü", 2), QStringLiteral("a…")); // not half a letter
    }

    void aLongLineIsContinuedOnTheNext()
    {
        const QString thousand(1'000, u'x');
        QCOMPARE(withShortLines(thousand), thousand);
        QCOMPARE(withShortLines(thousand + u'y'), thousand + QStringLiteral("\ny"));
        QCOMPARE(withShortLines(thousand + u'\n' + thousand), thousand + u'\n' + thousand);
        const QString pair = QString::fromUtf8("😀"); // never taken apart
        QCOMPARE(withShortLines(QString(999, u'x') + pair + u'y'),
                 QString(999, u'x') + pair + QStringLiteral("\ny"));
    }

    void bytesAreShownInRowsOfSixteen()
    {
        const QString dump = hexDump(std::string_view("0123456789abcdef\x01!", 18), 100);
        const QStringList lines = dump.split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].startsWith(QStringLiteral("00000000  30 31")));
        QVERIFY(lines[0].endsWith(QStringLiteral("0123456789abcdef")));
        QVERIFY(lines[1].startsWith(QStringLiteral("00000010  01 21")));
        QVERIFY(lines[1].endsWith(QStringLiteral(" .!")));
        QCOMPARE(hexDump(std::string(1'000, 'x'), 32).count(u'\n'), 2);
    }

    void aDifferenceNamesTheLines()
    {
        const auto lines = diffLines("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}");
        using Kind = DiffLine::Kind;
        int same = 0;
        int gone = 0;
        int fresh = 0;
        for (const DiffLine& line : lines) {
            same += line.kind == Kind::Same ? 1 : 0;
            gone += line.kind == Kind::Gone && line.text.contains(QStringLiteral("2")) ? 1 : 0;
            fresh += line.kind == Kind::New && line.text.contains(QStringLiteral("3")) ? 1 : 0;
        }
        QCOMPARE(same, 3);
        QCOMPARE(gone, 1);
        QCOMPARE(fresh, 1);
    }

    void theModelKeepsToItsBudget()
    {
        RecordsModel model;
        QAbstractItemModelTester tester(&model);
        const std::string big(10U << 20, 'x');
        for (std::uint64_t i = 0; i < 8; ++i)
            model.append(sample::page({{"k", big}, {"k", "small"}}, 1 + 2 * i));
        QVERIFY(model.bytes() <= RecordsModel::kBytesMost);
        QCOMPARE(model.rowCount(), 12); // six pages of ten MiB fit
        QCOMPARE(model.dropped(), 4);
        QCOMPARE(model.at(11)->meta().number.counter, std::uint64_t {16});
        // One page that is too large by itself is still shown.
        const std::string huge(70U << 20, 'x');
        model.append(sample::page({{"k", huge}}, 17));
        QCOMPARE(model.rowCount(), 1);
        model.clear();
        QCOMPARE(model.bytes(), std::size_t {0});
    }

    void thePreviousRecordOfAKeyIsFound()
    {
        RecordsModel model;
        model.append(sample::page({{"a", "1"}, {"b", "2"}, {"a", "3"}}));
        model.append(sample::page({{"a", "other shard"}}, 1, 5));
        model.append(sample::page({{"a", "4"}}, 4));
        QCOMPARE(model.previousOfKey(4)->data(), std::string_view("3"));
        QCOMPARE(model.previousOfKey(2)->data(), std::string_view("1"));
        QVERIFY(!model.previousOfKey(0) && !model.previousOfKey(3) && !model.previousOfKey(99));
    }

    void searchGoesRound()
    {
        RecordsModel model;
        QCOMPARE(model.find("x", -1, true), -1);
        model.append(sample::page({{"a", "xyz"}, {"b", "2"}, {"x", "3"}}));
        QCOMPARE(model.find("x", -1, true), 0);
        QCOMPARE(model.find("x", 0, true), 2);
        QCOMPARE(model.find("x", 2, true), 0);
        QCOMPARE(model.find("x", 0, false), 2);
        QCOMPARE(model.find("q", 0, true), -1);
        QCOMPARE(model.find("", 0, true), -1);
    }

    void nothingIsReadBeforeSomebodyAsks()
    {
        Reading r;
        r.seconds(3);
        QVERIFY(r.endpoint.asked.empty());
        QVERIFY(r.find<QWidget>("noRecords")->isVisible());
    }

    void aClickReadsAndShowsWhatComes()
    {
        Reading r;
        r.pages = {sample::page({{"eu-west", "{\"page\":\"/cart\",\"ms\":12}"}})};
        r.page->start(ReadStart::Kind::TrimHorizon);
        r.seconds(2);
        auto* table = r.find<QTableView>("records");
        QVERIFY(table->isVisible());
        QCOMPARE(table->model()->rowCount(), 1);
        QVERIFY(r.find<QPlainTextEdit>("recordText")
                    ->toPlainText()
                    .contains(QStringLiteral("\"page\": \"/cart\"")));
        QVERIFY(r.find<QLabel>("readState")->text().startsWith(QStringLiteral("reading 1 shard")));
        QTest::mouseClick(r.find<QPushButton>("read"), Qt::LeftButton);
        const auto before = r.endpoint.asked.size();
        r.seconds(2);
        QCOMPARE(r.endpoint.asked.size(), before);
        QCOMPARE(table->model()->rowCount(), 1); // what was read stays
    }

    void aRecordIsOpenedInEveryWay()
    {
        RecordView view;
        view.resize(900, 400);
        view.show();
        RecordsModel model;
        model.append(sample::page(
            {{"k", "{\"a\":{\"b\":[1,true]}}"},
             {"k", "{\"a\":{\"b\":[1,false]}}"},
             {"a", buildAggregate(std::vector<UserRecord> {{"eu", "one"}, {"us", "two"}})}}));
        using Tab = RecordView::Tab;
        view.open(*model.at(0), std::nullopt);
        QVERIFY(view.offers(Tab::Json) && !view.offers(Tab::Aggregate) && !view.offers(Tab::Diff));
        view.showTab(Tab::Json);
        const auto* json = view.findChild<QTreeWidget*>(QStringLiteral("recordJson"));
        QCOMPARE(json->topLevelItem(0)->child(0)->child(1)->text(1), QStringLiteral("true"));
        view.open(*model.at(1), model.previousOfKey(1));
        QVERIFY(view.offers(Tab::Diff));
        view.showTab(Tab::Diff);
        const QString diff
            = view.findChild<QTextBrowser*>(QStringLiteral("recordDiff"))->toPlainText();
        QVERIFY2(diff.contains(QStringLiteral("+ ")) && diff.contains(QStringLiteral("false")),
                 qPrintable(diff));
        view.showTab(Tab::Text);
        view.open(*model.at(2), std::nullopt);
        const auto* inner = view.findChild<QTreeWidget*>(QStringLiteral("recordAggregate"));
        QVERIFY(inner->isVisible());
        QCOMPARE(inner->topLevelItemCount(), 2);
        QCOMPARE(inner->topLevelItem(1)->text(1), QStringLiteral("us"));
        view.showTab(Tab::Facts);
        const QString facts
            = view.findChild<QPlainTextEdit*>(QStringLiteral("recordFacts"))->toPlainText();
        QVERIFY(facts.contains(toQt(model.at(2)->meta().number.text())));
        QVERIFY(facts.contains(QStringLiteral("NONE")));
    }

    void aGzipIsOpened()
    {
        RecordView view;
        view.resize(900, 400);
        view.show();
        RecordsModel model;
        const std::string one = endpoint::gzipOf("{\"owner\":\"one\"}");
        model.append(sample::page({{"k", one}, {"k", endpoint::gzipOf("{\"owner\":\"two\"}")}}));
        view.open(*model.at(1), model.previousOfKey(1));
        using Tab = RecordView::Tab;
        QVERIFY(view.offers(Tab::Json));
        QVERIFY(view.findChild<QLabel*>(QStringLiteral("recordTitle"))
                    ->text()
                    .contains(QStringLiteral("gzip (15 B of JSON)")));
        view.showTab(Tab::Json);
        const auto* json = view.findChild<QTreeWidget*>(QStringLiteral("recordJson"));
        QCOMPARE(json->topLevelItem(0)->text(1), QStringLiteral("two"));
        view.showTab(Tab::Diff);
        const QString diff
            = view.findChild<QTextBrowser*>(QStringLiteral("recordDiff"))->toPlainText();
        QVERIFY2(diff.contains(QStringLiteral("one")) && diff.contains(QStringLiteral("two")),
                 qPrintable(diff));
        view.showTab(Tab::Hex); // as it is stored
        QVERIFY(view.findChild<QPlainTextEdit*>(QStringLiteral("recordHex"))
                    ->toPlainText()
                    .startsWith(QStringLiteral("00000000  1f 8b 08")));
        view.findChild<QPushButton*>(QStringLiteral("copyData"))->click();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("{\"owner\":\"two\"}"));
        QCOMPARE(model.find("owner", 1, true), 0);
        QCOMPARE(model.find("nowhere", 1, true), -1);
    }

    void aGzipThatSwellsIsHeldInPart_data()
    {
        QTest::addColumn<int>("mebibytes");
        QTest::addColumn<bool>("cut");
        QTest::newRow("as much as is shown") << 3 << false;
        QTest::newRow("a bomb") << 64 << true;
    }
    void aGzipThatSwellsIsHeldInPart()
    {
        QFETCH(int, mebibytes);
        QFETCH(bool, cut);
        const std::string packed
            = endpoint::gzipOf(std::string(static_cast<std::size_t>(mebibytes) << 20, 'a'));
        QVERIFY(packed.size() < 1U << 20); // it fits a record
        RecordView view;
        view.resize(900, 400);
        view.show();
        RecordsModel model;
        model.append(sample::page({{"k", packed}}));
        view.open(*model.at(0), std::nullopt);
        view.showTab(RecordView::Tab::Text);
        const QString words = view.findChild<QLabel*>(QStringLiteral("recordCut"))->text();
        QCOMPARE(words.contains(QStringLiteral("more in this gzip than the 4.00 MiB")), cut);
        QVERIFY(unpacked(packed, 4U << 20)->bytes.size() <= 4U << 20);
    }

    void aDamagedGzipShowsWhatCanBeRead()
    {
        RecordView view;
        view.resize(900, 400);
        view.show();
        RecordsModel model;
        const std::string packed = endpoint::gzipOf("readable words");
        model.append(sample::page({{"k", packed.substr(0, packed.size() - 6)},
                                   {"k", packed.substr(0, 10) + std::string(30, '\x7f')}}));
        view.open(*model.at(0), std::nullopt);
        view.showTab(RecordView::Tab::Text);
        QCOMPARE(view.findChild<QPlainTextEdit*>(QStringLiteral("recordText"))->toPlainText(),
                 QStringLiteral("readable words"));
        const auto* cut = view.findChild<QLabel*>(QStringLiteral("recordCut"));
        QVERIFY2(cut->text().contains(QStringLiteral("damaged")), qPrintable(cut->text()));
        view.open(*model.at(1), std::nullopt);
        QVERIFY2(cut->text().contains(QStringLiteral("cannot be unpacked")),
                 qPrintable(cut->text()));
    }

    void whatIsNoTextIsCopiedAsBase64()
    {
        RecordView view;
        RecordsModel model;
        model.append(sample::page({{"k", std::string("\0\xff\1", 3)}}));
        view.open(*model.at(0), std::nullopt);
        view.findChild<QPushButton*>(QStringLiteral("copyData"))->click();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("AP8B"));
    }

    void aLargeRecordIsShownInPart()
    {
        RecordView view;
        view.resize(900, 400);
        view.show();
        RecordsModel model;
        model.append(sample::page({{"k", std::string(10U << 20, 'x')}}));
        view.open(*model.at(0), std::nullopt);
        QVERIFY(view.findChild<QLabel*>(QStringLiteral("recordCut"))->isVisible());
        view.showTab(RecordView::Tab::Hex);
        QVERIFY(view.findChild<QPlainTextEdit*>(QStringLiteral("recordHex"))->toPlainText().size()
                < 300'000);
    }

    void pausedTheTableStandsStillAndTheBufferIsCounted()
    {
        Reading r;
        for (std::uint64_t i = 0; i < 20; ++i)
            r.pages.push_back(sample::page({{"k", std::to_string(i)}}, 1 + i));
        r.page->start(ReadStart::Kind::Latest);
        r.seconds(3);
        auto* table = r.find<QTableView>("records");
        const int before = table->model()->rowCount();
        QVERIFY(before > 0);
        QTest::mouseClick(r.find<QPushButton>("pause"), Qt::LeftButton);
        r.seconds(3);
        QCOMPARE(table->model()->rowCount(), before);
        QVERIFY(r.find<QLabel>("readState")->text().contains(QStringLiteral("buffered")));
        QTest::mouseClick(r.find<QPushButton>("pause"), Qt::LeftButton);
        QCOMPARE(table->model()->rowCount(), before + 3);
    }

    void aFullBufferStopsTheReading()
    {
        Reading r;
        const std::string big(40U << 20, 'x');
        for (std::uint64_t i = 0; i < 5; ++i)
            r.pages.push_back(sample::page({{"k", big}}, 1 + i));
        r.page->start(ReadStart::Kind::Latest);
        r.find<QPushButton>("pause")->click();
        r.seconds(10);
        QCOMPARE(r.pages.size(), std::size_t {3}); // two of 40 MiB are over 64
        QVERIFY(r.find<QLabel>("readState")->text().contains(QStringLiteral("full")));
        r.find<QPushButton>("pause")->click();
        r.seconds(4);
        QVERIFY(r.pages.empty());
    }

    void throttlingIsSaid()
    {
        Reading r;
        const auto usual = r.endpoint.answer;
        r.endpoint.answer = [usual](const ApiRequest& request) -> Result<ApiAnswer> {
            if (std::holds_alternative<GetRecords>(request))
                return fail(ErrorCode::ProvisionedThroughputExceeded, "Rate exceeded for shard.");
            return usual(request);
        };
        r.page->start(ReadStart::Kind::Latest);
        r.seconds(1);
        QCOMPARE(r.find<QLabel>("readProblem")->text(), QStringLiteral("Rate exceeded for shard."));
        QVERIFY(r.find<QLabel>("readState")->text().contains(QStringLiteral("throttled on 1")));
    }

    void aTimeIsReadAndABadOneIsSaid()
    {
        Reading r;
        r.find<QComboBox>("from")->setCurrentIndex(2);
        auto* where = r.find<QLineEdit>("where");
        QVERIFY(where->isVisible());
        where->setText(QStringLiteral("yesterday"));
        QTest::keyClick(where, Qt::Key_Return);
        QVERIFY(!r.find<QLabel>("readProblem")->text().isEmpty());
        r.seconds(1);
        QVERIFY(r.endpoint.asked.empty());
        where->setText(QStringLiteral("2026-01-05T12:01:00Z"));
        QTest::keyClick(where, Qt::Key_Return);
        r.seconds(1);
        QCOMPARE(r.endpoint.last<GetShardIterator>()->timestamp.value(),
                 kDefaultStart + SimDuration::minutes(1));
        QCOMPARE(r.endpoint.last<ListShards>()->filter->type, ShardFilter::Type::FromTimestamp);
    }

    void anotherStreamForgetsTheOldOne()
    {
        Reading r;
        r.pages = {sample::page({{"k", "v"}})};
        r.page->start(ReadStart::Kind::TrimHorizon);
        r.seconds(2);
        r.page->setStream("clicks");
        QCOMPARE(r.find<QTableView>("records")->model()->rowCount(), 0);
        const auto before = r.endpoint.asked.size();
        r.seconds(2);
        QCOMPARE(r.endpoint.asked.size(), before);
    }

    void aRecordIsCopiedAsTheCommandThatReadsIt()
    {
        Reading r;
        r.pages = {sample::page({{"k", "hello"}})};
        r.page->start(ReadStart::Kind::TrimHorizon);
        r.seconds(2);
        QTest::mouseClick(r.find<QPushButton>("copyCommand"), Qt::LeftButton);
        const QString command = QApplication::clipboard()->text();
        QVERIFY(command.startsWith(QStringLiteral("aws kinesis get-records")));
        QVERIFY(command.contains(QStringLiteral("--shard-id shardId-000000000000")));
        QVERIFY(command.contains(QStringLiteral("--stream-name orders")));
        QTest::mouseClick(r.find<QPushButton>("copyData"), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("hello"));
    }

    void theVolumeCountsEveryRecordOnce()
    {
        RecordsModel model;
        QVERIFY(Volume::of(model, 10).empty());
        model.append(sample::page({{"k", "a"}}));
        QCOMPARE(Volume::of(model, 10).parts, (std::vector<int> {1}));
        model.clear();
        model.append(
            sample::page({{"k", "a"}, {"k", "b"}, {"k", "c"}, {"k", "d"}})); // a second apart
        const Volume volume = Volume::of(model, 2);
        QCOMPARE(volume.parts, (std::vector<int> {2, 2}));
        QCOMPARE(volume.stepMs, std::int64_t {5'000});
        QCOMPARE(volume.partOf(volume.fromMs), std::size_t {0});
        QCOMPARE(volume.partOf(volume.beginOf(1) - 1), std::size_t {0});
        QCOMPARE(volume.partOf(volume.beginOf(1)), std::size_t {1});
        QCOMPARE(volume.partOf(volume.beginOf(2)), std::size_t {1});
        QCOMPARE(Volume::of(model, 100).stepMs, std::int64_t {100});
    }

    void aClickOnTheVolumeGoesToThatMoment()
    {
        Reading r;
        r.pages = {sample::page({{"k", "one"}, {"k", "two"}, {"k", "three"}})};
        r.page->start(ReadStart::Kind::TrimHorizon);
        r.seconds(2);
        auto* strip = r.find<VolumeStrip>("volume");
        auto* table = r.find<QTableView>("records");
        QCOMPARE(table->currentIndex().row(), 2);
        QTest::mouseClick(strip, Qt::LeftButton, {}, {12, 10});
        QCOMPARE(table->currentIndex().row(), 0);
        QTest::mouseClick(strip, Qt::LeftButton, {}, {strip->width() / 2, 10});
        QCOMPARE(table->currentIndex().row(), 1);
    }

    void theSearchGoesToTheNextRecordThatHasIt()
    {
        Reading r;
        r.pages = {sample::page({{"k", "one"}, {"k", "two"}, {"key2", "three"}})};
        r.page->start(ReadStart::Kind::TrimHorizon);
        r.seconds(2);
        auto* table = r.find<QTableView>("records");
        QTest::keyClicks(r.find<QLineEdit>("search"), QStringLiteral("two"));
        QTest::keyClick(r.find<QLineEdit>("search"), Qt::Key_Return);
        QCOMPARE(table->currentIndex().row(), 1);
        QSignalSpy said(r.page.get(), &RecordsPage::report);
        r.find<QLineEdit>("search")->setText(QStringLiteral("nowhere"));
        QTest::keyClick(r.find<QLineEdit>("search"), Qt::Key_Return);
        QCOMPARE(said.count(), 1);
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::RecordsTest)
#include "tst_records.moc"
