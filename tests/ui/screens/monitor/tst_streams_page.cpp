#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QTest>

#include <memory>

#include "tests/support/sample_served.h"
#include "ui/english.h"
#include "ui/screens/monitor/stream_card.h"
#include "ui/screens/monitor/streams_page.h"
#include "ui/screens/monitor/traffic_pages.h"
#include "ui/screens/monitor/watch_table.h"

namespace shardscope::ui {

/// What the pages of tables show in the sizes a window may have.
class StreamsPageTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;

    static std::shared_ptr<ServedSnapshot> service()
    {
        auto made = std::make_shared<ServedSnapshot>();
        ServedStreamRow row;
        row.summary.streamName = "orders";
        made->streams.push_back(row);
        return made;
    }
    static void show(QWidget& page, int width)
    {
        page.resize(width, 560);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
    }

private slots:
    void initTestCase() { QCoreApplication::installTranslator(&m_english); }

    void streamsNeverScrollSideways()
    {
        StreamsPage page;
        page.present(service(), 0);
        page.choose("orders");
        auto* table = page.findChild<WatchTable*>(QStringLiteral("streams"));
        for (const int width : {1'440, 1'024, 1'440}) {
            show(page, width);
            QCOMPARE(table->horizontalScrollBar()->maximum(), 0);
            for (const int kept : {0, 3, 5, 6, 7, 8}) // what the card does not say
                QVERIFY2(!table->isColumnHidden(kept), qPrintable(QString::number(kept)));
        }
        show(page, 3'000);
        QCOMPARE(table->horizontalHeader()->hiddenSectionCount(), 0);
    }

    void clientsFitTheirWidth()
    {
        ClientsPage page;
        page.present(sample::traffic(), {}, {}, 0);
        const auto* table = page.findChild<WatchTable*>(QStringLiteral("clients"));
        for (const int width : {1'440, 1'024, 1'440}) {
            show(page, width);
            QCOMPARE(table->horizontalScrollBar()->maximum(), 0);
            for (const int kept : {0, 1, 2, 4, 5, 6, 7, 8, 9})
                QVERIFY2(!table->isColumnHidden(kept), qPrintable(QString::number(kept)));
        }
        show(page, 3'000);
        QCOMPARE(table->horizontalHeader()->hiddenSectionCount(), 0);
    }

    void theMessageOfAnErrorTakesTheRoomThatIsLeft()
    {
        auto traffic = std::make_shared<endpoint::TrafficReport>();
        traffic->errors.push_back({});
        ErrorsPage page;
        page.present(traffic, 0);
        auto* table = page.findChild<WatchTable*>(QStringLiteral("errors"));
        int before = 0;
        for (const int width : {1'024, 1'440}) {
            show(page, width);
            QCOMPARE(table->horizontalScrollBar()->maximum(), 0);
            QVERIFY(table->columnWidth(6) >= 30 * table->fontMetrics().averageCharWidth());
            QVERIFY(table->columnWidth(6) > before);
            before = table->columnWidth(6);
            QCOMPARE(table->columnViewportPosition(6) + before, table->viewport()->width());
        }
    }

    void aStreamsCardTellsWhatItsChannelsDelivered()
    {
        StreamsPage page;
        const auto none = service();
        page.present(none, 0);
        page.choose("orders");
        show(page, 1'440);
        auto* channels = page.findChild<QLabel*>(QStringLiteral("channels"));
        QVERIFY(!channels->isVisible());
        const auto some = service();
        some->channels.push_back({.channelId = "1",
                                  .channelName = "archive",
                                  .streamName = "orders",
                                  .objects = 1,
                                  .records = 1'200,
                                  .waitingBytes = 2'048});
        some->channels.push_back(
            {.channelId = "2", .channelName = "other", .streamName = "clicks"});
        page.present(some, 0);
        QVERIFY(channels->isVisible());
        QVERIFY2(channels->text().contains(
                     QStringLiteral("1,200 records delivered in 1 object, 2.00 KiB waiting")),
                 qPrintable(channels->text()));
        QVERIFY(!channels->text().contains(QStringLiteral("other")));
        QVERIFY(!channels->text().contains(QStringLiteral("lost")));
        const auto trouble = service();
        trouble->channels.push_back(some->channels.front());
        trouble->channels.front().lostRecords = 1;
        trouble->channels.front().trouble = "No space.";
        page.present(trouble, 0);
        QVERIFY(channels->text().contains(QStringLiteral("1 record lost")));
        QVERIFY(channels->text().contains(QStringLiteral("No")));
        page.present(none, 0);
        QVERIFY(!channels->isVisible());
    }

    void anEdgeThatWasDraggedStays()
    {
        auto traffic = std::make_shared<endpoint::TrafficReport>();
        traffic->errors.push_back({});
        ErrorsPage page;
        page.present(traffic, 0);
        show(page, 1'440);
        auto* table = page.findChild<WatchTable*>(QStringLiteral("errors"));
        table->horizontalHeader()->resizeSection(1, 333);
        show(page, 1'024);
        QCOMPARE(table->columnWidth(1), 333);
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::StreamsPageTest)
#include "tst_streams_page.moc"
