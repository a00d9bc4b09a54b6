#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>

#include "tests/support/monitor_fixture.h"
#include "ui/dialogs/endpoint_dialogs.h"
#include "ui/dialogs/form_dialog.h"
#include "ui/english.h"
#include "ui/screens/explore/explore_board.h"
#include "ui/screens/monitor/endpoint_pane.h"
#include "ui/screens/monitor/monitor_page.h"
#include "ui/screens/monitor/watch_table.h"
#include "ui/text.h"

namespace shardscope::ui {

/// The Monitor as a person uses it, on an endpoint that writes down what it is asked for.
class MonitorPageTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;

    struct Shown {
        FakeEndpoint endpoint;
        std::unique_ptr<MonitorPage> page;

        explicit Shown(const std::function<void(FakeEndpoint&)>& prepare = {})
        {
            if (prepare)
                prepare(endpoint);
            page = std::make_unique<MonitorPage>(endpoint.deck());
            page->resize(1'440, 800);
            page->show();
            if (!QTest::qWaitForWindowExposed(page.get()))
                qFatal("the page was not exposed");
            page->presentNow();
        }
        template <typename T> [[nodiscard]] T* find(const char* name) const
        {
            return page->findChild<T*>(QString::fromLatin1(name));
        }
        /// The dialog that is open, of such a name.
        [[nodiscard]] QDialog* dialog(const char* name) const
        {
            for (QDialog* d : page->findChildren<QDialog*>(QString::fromLatin1(name)))
                if (d->isVisible())
                    return d;
            return nullptr;
        }
    };

    /// What stands in a list is read without widening a column or scrolling sideways.
    static void columnsAreWhole(QTreeWidget* list)
    {
        for (QTreeWidgetItemIterator at(list); *at; ++at)
            for (int i = 0; i < list->columnCount(); ++i)
                QVERIFY2(list->columnWidth(i)
                             > list->fontMetrics().horizontalAdvance((*at)->text(i)),
                         qPrintable((*at)->text(i)));
        QVERIFY(list->header()->length() <= list->viewport()->width());
    }
    static void press(const QWidget* in, const QString& words)
    {
        for (auto* button : in->findChildren<QPushButton*>())
            if (button->text().remove(u'&') == words && button->isVisible()) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        QFAIL(qPrintable(words));
    }
    static void type(const QWidget* in, const char* field, const QString& text)
    {
        auto* w = in->findChild<QWidget*>(QString::fromLatin1(field));
        QVERIFY2(w != nullptr && w->isVisible(), field);
        w->setFocus();
        QTest::keyClick(w, Qt::Key_A, Qt::ControlModifier);
        const QStringList lines = text.split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (i > 0)
                QTest::keyClick(w, Qt::Key_Return);
            QTest::keyClicks(w, lines[i]);
        }
    }
    static QString problemOf(const QWidget* form)
    {
        const auto* label = form->findChild<QLabel*>(QStringLiteral("problem"));
        return label->isVisible() ? label->text() : QString();
    }

private slots:
    void initTestCase() { QCoreApplication::installTranslator(&m_english); }

    void whileItIsOffThePageSaysWhatItWouldBe()
    {
        Shown s([](FakeEndpoint& e) { e.state = {}; });
        QVERIFY(s.find<QWidget>("endpointOff")->isVisible());
        QVERIFY(!s.find<QWidget>("endpointBar")->isVisible());
        QTest::mouseClick(s.find<QPushButton>("switchOn"), Qt::LeftButton);
        QCOMPARE(s.endpoint.switchedOn.size(), std::size_t {1});
        QCOMPARE(s.endpoint.switchedOn[0].listen, std::string("127.0.0.1:4567"));
        QVERIFY(s.endpoint.switchedOn[0].tlsListen.empty());
        QVERIFY(s.endpoint.switchedOn[0].dataFolder.empty());
        QVERIFY(s.endpoint.watched.empty());
    }

    void theFormIsWhatIsSwitchedOn()
    {
        Shown s([](FakeEndpoint& e) { e.state = {}; });
        auto* off = s.find<EndpointOff>("endpointOff");
        type(off, "listen", QStringLiteral("127.0.0.1:9000"));
        for (QCheckBox* box : off->findChildren<QCheckBox*>())
            QTest::keyClick(box, Qt::Key_Space);
        type(off, "tlsListen", QStringLiteral("127.0.0.1:9001"));
        type(off, "dataFolder", QStringLiteral("/tmp/streams"));
        QTest::keyClick(s.find<QLineEdit>("dataFolder"), Qt::Key_Return);
        QCOMPARE(s.endpoint.switchedOn.size(), std::size_t {1});
        QCOMPARE(s.endpoint.switchedOn[0].listen, std::string("127.0.0.1:9000"));
        QCOMPARE(s.endpoint.switchedOn[0].tlsListen, std::string("127.0.0.1:9001"));
        QCOMPARE(s.endpoint.switchedOn[0].dataFolder, std::string("/tmp/streams"));
    }

    void whyItCouldNotStartIsSaidAndItCannotBeAskedTwice()
    {
        Shown s([](FakeEndpoint& e) {
            e.state = {};
            e.state.trouble = "127.0.0.1:4567 is taken by another program.";
        });
        QCOMPARE(s.find<QLabel>("trouble")->text(), toQt(s.endpoint.state.trouble));
        s.endpoint.state.switching = true;
        s.page->presentNow();
        QVERIFY(!s.find<QPushButton>("switchOn")->isEnabled());
        QTest::keyClick(s.find<QLineEdit>("listen"), Qt::Key_Return);
        QVERIFY(s.endpoint.switchedOn.empty());
    }

    void theTroubleOfTheDiskStandsInABannerUntilItIsPutAway()
    {
        Shown s([](FakeEndpoint& e) {
            auto now = std::make_shared<ServedSnapshot>(*sample::served({.store = true}));
            now->store->trouble = "No space left on the device: puts are refused.";
            e.now = now;
        });
        auto* banner = s.find<QWidget>("troubleBanner");
        QVERIFY(banner->isVisible());
        QVERIFY(s.find<QLabel>("endpointTrouble")->text().contains(QStringLiteral("No space")));
        press(banner, QStringLiteral("Put away"));
        s.page->presentNow();
        QVERIFY(!banner->isVisible());
    }

    void stoppingIsAskedForWhileClientsAreConnected()
    {
        Shown s;
        QTest::mouseClick(s.find<QPushButton>("switchOff"), Qt::LeftButton);
        QCOMPARE(s.endpoint.switchedOff, 0);
        QDialog* ask = s.dialog("switchOffDialog");
        QVERIFY(ask != nullptr);
        QVERIFY(ask->findChild<QLabel*>(QStringLiteral("summary"))
                    ->text()
                    .startsWith(QStringLiteral("14 connections")));
        // Enter keeps it: the safe button is the one that has the focus.
        QTest::keyClick(ask, Qt::Key_Escape);
        QCOMPARE(s.endpoint.switchedOff, 0);
        QTest::mouseClick(s.find<QPushButton>("switchOff"), Qt::LeftButton);
        press(s.dialog("switchOffDialog"), QStringLiteral("Switch off"));
        QCOMPARE(s.endpoint.switchedOff, 1);
    }

    void withNobodyThereAndAFolderItStopsAtOnce()
    {
        Shown s([](FakeEndpoint& e) {
            e.traffic = std::make_shared<endpoint::TrafficReport>();
            e.state.dataFolder = "/srv/shardscope";
        });
        QTest::mouseClick(s.find<QPushButton>("switchOff"), Qt::LeftButton);
        QCOMPARE(s.endpoint.switchedOff, 1);
    }

    void anAddressIsCopied()
    {
        Shown s;
        QTest::mouseClick(s.find<QToolButton>("copyUrl"), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("http://127.0.0.1:4567"));
    }

    void theFirstStreamIsWatchedUntilAnotherIsChosen()
    {
        Shown s;
        QCOMPARE(s.page->stream(), std::string("audit-log-of-everything"));
        QCOMPARE(s.endpoint.watched.back(), s.page->stream());
        auto* table = s.find<WatchTable>("streams");
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Down);
        QCOMPARE(s.page->stream(), std::string("clicks"));
        QCOMPARE(s.endpoint.watched.back(), s.page->stream());
        s.page->hide();
        QCOMPARE(s.endpoint.watched.back(), std::string());
    }

    void whoDeletesAStreamSeesTheNextOne()
    {
        Shown s;
        s.page->chooseStream("orders");
        auto less = std::make_shared<ServedSnapshot>(*s.endpoint.now);
        std::erase_if(less->streams,
                      [](const auto& r) { return r.summary.streamName == "orders"; });
        s.endpoint.now = less;
        s.page->presentNow();
        QCOMPARE(s.page->stream(), std::string("audit-log-of-everything"));
    }

    void enterOpensTheBoardOfAStream()
    {
        Shown s;
        s.page->chooseStream("orders");
        QTest::keyClick(s.find<WatchTable>("streams"), Qt::Key_Return);
        QCOMPARE(s.page->tab(), MonitorPage::Tab::Board);
        QVERIFY(s.page->board()->isVisible());
        QVERIFY(s.page->snapshot() != nullptr);
        // Of a stream whose board has not come yet nothing old is shown.
        s.page->chooseStream("clicks");
        QVERIFY(!s.page->board()->isVisible());
    }

    void withoutStreamsThePageOffersToMakeOne()
    {
        Shown s([](FakeEndpoint& e) { e.now = sample::served({.streams = 0, .board = false}); });
        QTest::mouseClick(s.find<QPushButton>("createFirst"), Qt::LeftButton);
        QVERIFY(s.dialog("createStreamDialog") != nullptr);
    }

    void aStreamIsCreated()
    {
        Shown s;
        s.page->createStream();
        QPointer<QDialog> form = s.dialog("createStreamDialog");
        QVERIFY(form != nullptr);
        QVERIFY(problemOf(form).isEmpty()); // nothing was typed yet
        type(form, "name", QStringLiteral("new stream"));
        QVERIFY(problemOf(form).startsWith(QStringLiteral("Name:")));
        type(form, "name", QStringLiteral("new_stream.1-x"));
        QVERIFY(problemOf(form).isEmpty());
        type(form, "shards", QStringLiteral("12"));
        type(form, "recordSize", QStringLiteral("2048"));
        type(form, "tags", QStringLiteral("team=data\n"));
        press(form, QStringLiteral("Create"));
        const auto* asked = s.endpoint.last<CreateStream>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->streamName, std::string("new_stream.1-x"));
        QCOMPARE(asked->shardCount.value(), 12);
        QCOMPARE(asked->maxRecordSizeKiB.value(), 2'048);
        QCOMPARE(asked->tags.at("team"), std::string("data"));
        QTRY_VERIFY(form == nullptr || !form->isVisible());
    }

    void anOnDemandStreamNamesNoShards()
    {
        Shown s;
        s.page->createStream();
        QDialog* form = s.dialog("createStreamDialog");
        type(form, "name", QStringLiteral("free"));
        QTest::keyClick(form->findChild<QComboBox*>(QStringLiteral("mode")), Qt::Key_Down);
        press(form, QStringLiteral("Create"));
        const auto* asked = s.endpoint.last<CreateStream>();
        QCOMPARE(asked->mode, StreamMode::OnDemand);
        QVERIFY(!asked->shardCount && !asked->maxRecordSizeKiB);
        QVERIFY(!asked->warmThroughputMiBps && !asked->recordDistribution);
    }

    void anOnDemandStreamMayBeWarmAndChooseItsShards()
    {
        Shown s;
        s.page->createStream();
        QDialog* form = s.dialog("createStreamDialog");
        const auto* warm = form->findChild<QSpinBox*>(QStringLiteral("warmThroughput"));
        QVERIFY(!warm->isVisible()); // of no use to a provisioned one
        type(form, "name", QStringLiteral("free"));
        QTest::keyClick(form->findChild<QComboBox*>(QStringLiteral("mode")), Qt::Key_Down);
        QVERIFY(warm->isVisible());
        QVERIFY(!form->findChild<QSpinBox*>(QStringLiteral("shards"))->isVisible());
        type(form, "warmThroughput", QStringLiteral("64"));
        QTest::keyClick(form->findChild<QComboBox*>(QStringLiteral("distribution")), Qt::Key_Down);
        press(form, QStringLiteral("Create"));
        const auto* asked = s.endpoint.last<CreateStream>();
        QCOMPARE(asked->warmThroughputMiBps.value(), 64);
        QCOMPARE(asked->recordDistribution.value(), RecordDistributionStrategy::Auto);
    }

    void whatTheServiceRefusesIsSaidInItsOwnWords()
    {
        Shown s;
        s.endpoint.answer = [](const ApiRequest&) -> Result<ApiAnswer> {
            return fail(ErrorCode::ResourceInUse, "Stream orders already exists.");
        };
        s.page->createStream();
        QDialog* form = s.dialog("createStreamDialog");
        type(form, "name", QStringLiteral("orders"));
        press(form, QStringLiteral("Create"));
        QVERIFY(form->isVisible());
        QCOMPARE(problemOf(form), QStringLiteral("Stream orders already exists."));
    }

    void aFormIsSentOnce()
    {
        Shown s;
        s.endpoint.holds = true;
        s.page->createStream();
        QPointer<QDialog> form = s.dialog("createStreamDialog");
        type(form, "name", QStringLiteral("slow"));
        press(form, QStringLiteral("Create"));
        QTest::keyClick(form->findChild<QLineEdit*>(QStringLiteral("name")), Qt::Key_Return);
        QCOMPARE(s.endpoint.times<CreateStream>(), 1);
        s.endpoint.answerAll();
        QTRY_VERIFY(form == nullptr || !form->isVisible());
    }

    void aStreamWithRecordsIsDeletedOnlyByItsName()
    {
        Shown s;
        s.page->chooseStream("orders");
        s.page->change(StreamChange::Delete);
        QDialog* form = s.dialog("deleteStreamDialog");
        press(form, QStringLiteral("Delete"));
        QVERIFY(s.endpoint.last<DeleteStream>() == nullptr);
        QVERIFY(!problemOf(form).isEmpty());
        QTest::keyClick(form->findChild<QCheckBox*>(QStringLiteral("consumers")), Qt::Key_Space);
        type(form, "name", QStringLiteral("orders"));
        press(form, QStringLiteral("Delete"));
        const auto* asked = s.endpoint.last<DeleteStream>();
        QVERIFY(asked != nullptr && asked->enforceConsumerDeletion);
        QCOMPARE(asked->streamName, std::string("orders"));
    }

    void anEmptyStreamIsDeletedWithoutTyping()
    {
        Shown s;
        s.page->chooseStream("payments");
        s.page->change(StreamChange::Delete);
        press(s.dialog("deleteStreamDialog"), QStringLiteral("Delete"));
        QCOMPARE(s.endpoint.last<DeleteStream>()->streamName, std::string("payments"));
    }

    void theModeIsTurned()
    {
        Shown s;
        s.page->chooseStream("clicks"); // on-demand
        s.page->change(StreamChange::Mode);
        press(s.dialog("modeDialog"), QStringLiteral("Make it provisioned"));
        const auto* asked = s.endpoint.last<UpdateStreamMode>();
        QCOMPARE(asked->streamName, std::string("clicks"));
        QCOMPARE(asked->mode, StreamMode::Provisioned);
    }

    void theShardCountIsChangedByTheDialogOfTheBoard()
    {
        Shown s;
        s.page->chooseStream("orders");
        s.page->change(StreamChange::ShardCount);
        QDialog* form = s.dialog("shardCountDialog");
        type(form, "count", QStringLiteral("6"));
        press(form, QStringLiteral("Update"));
        const auto* asked = s.endpoint.last<UpdateShardCount>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->streamName, std::string("orders"));
        QCOMPARE(asked->targetShardCount, 6);
    }

    void retentionGoesUpAndDownByRequestsOfItsOwn()
    {
        Shown s;
        s.page->chooseStream("orders"); // 48 h
        s.page->change(StreamChange::Retention);
        type(s.dialog("figureDialog"), "value", QStringLiteral("72"));
        press(s.dialog("figureDialog"), QStringLiteral("Change"));
        QCOMPARE(s.endpoint.last<IncreaseStreamRetentionPeriod>()->hours, 72);
        QTRY_VERIFY(s.dialog("figureDialog") == nullptr);
        s.page->change(StreamChange::Retention);
        QDialog* form = s.dialog("figureDialog");
        press(form, QStringLiteral("Change")); // it is so already
        QCOMPARE(s.endpoint.asked.size(), std::size_t {1});
        type(form, "value", QStringLiteral("24"));
        press(form, QStringLiteral("Change"));
        QCOMPARE(s.endpoint.last<DecreaseStreamRetentionPeriod>()->hours, 24);
    }

    void recordSizeAndWarmThroughputAreAskedFor()
    {
        Shown s;
        s.page->chooseStream("clicks");
        s.page->change(StreamChange::RecordSize);
        type(s.dialog("figureDialog"), "value", QStringLiteral("4096"));
        press(s.dialog("figureDialog"), QStringLiteral("Change"));
        QCOMPARE(s.endpoint.last<UpdateMaxRecordSize>()->maxRecordSizeKiB, 4'096);
        QTRY_VERIFY(s.dialog("figureDialog") == nullptr);
        s.page->change(StreamChange::WarmThroughput);
        type(s.dialog("figureDialog"), "value", QStringLiteral("100"));
        press(s.dialog("figureDialog"), QStringLiteral("Change"));
        QCOMPARE(s.endpoint.last<UpdateStreamWarmThroughput>()->warmThroughputMiBps, 100);
    }

    void shardMetricsAreSetByTheirDifference()
    {
        Shown s;
        s.page->chooseStream("orders"); // IncomingBytes
        s.page->change(StreamChange::Monitoring);
        QDialog* form = s.dialog("monitoringDialog");
        const auto boxes = form->findChildren<QCheckBox*>();
        QTest::keyClick(boxes[0], Qt::Key_Space);
        QTest::keyClick(boxes[1], Qt::Key_Space);
        press(form, QStringLiteral("Set"));
        QCOMPARE(s.endpoint.last<EnableEnhancedMonitoring>()->metrics,
                 std::set {ShardLevelMetric::IncomingRecords});
        QCOMPARE(s.endpoint.last<DisableEnhancedMonitoring>()->metrics,
                 std::set {ShardLevelMetric::IncomingBytes});
    }

    void tagsAreSetByTheirDifference()
    {
        Shown s;
        s.page->chooseStream("orders"); // environment=test, team=data
        s.page->change(StreamChange::Tags);
        QDialog* form = s.dialog("tagsDialog");
        type(form, "tags", QStringLiteral("team=web\ncost centre = 7"));
        press(form, QStringLiteral("Set"));
        const auto* added = s.endpoint.last<AddTags>();
        const auto* removed = s.endpoint.last<RemoveTags>();
        QVERIFY(added != nullptr && removed != nullptr);
        QCOMPARE(added->resource.streamName, std::string("orders"));
        QCOMPARE(added->tags,
                 (std::map<std::string, std::string> {{"team", "web"}, {"cost centre", "7"}}));
        QCOMPARE(removed->tagKeys, std::vector<std::string> {"environment"});
    }

    void aLineThatIsNoTagIsSaid()
    {
        Shown s;
        s.page->chooseStream("orders");
        s.page->change(StreamChange::Tags);
        QDialog* form = s.dialog("tagsDialog");
        type(form, "tags", QStringLiteral("team"));
        QVERIFY(problemOf(form).contains(QStringLiteral("team")));
        type(form, "tags", QStringLiteral("a=1\na=2"));
        QVERIFY(problemOf(form).contains(QStringLiteral("twice")));
        press(form, QStringLiteral("Set"));
        QVERIFY(s.endpoint.asked.empty());
    }

    void consumersAreRegisteredAndDeregistered()
    {
        Shown s;
        s.page->chooseStream("orders");
        s.page->change(StreamChange::Consumers);
        QDialog* form = s.dialog("consumersDialog");
        auto* list = form->findChild<QTreeWidget*>();
        QCOMPARE(list->topLevelItemCount(), 2);
        columnsAreWhole(list);
        type(form, "name", QStringLiteral("billing"));
        QTest::keyClick(form->findChild<QLineEdit*>(QStringLiteral("name")), Qt::Key_Return);
        QVERIFY(form->isVisible());
        QCOMPARE(s.endpoint.last<RegisterStreamConsumer>()->consumerName, std::string("billing"));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Home);
        press(form, QStringLiteral("Deregister"));
        QCOMPARE(s.endpoint.last<DeregisterStreamConsumer>()->consumerName,
                 std::string("fraud-check"));
    }

    void encryptionIsStartedStoppedAndItsKeysAreKept()
    {
        Shown s;
        s.page->chooseStream("orders");
        s.page->change(StreamChange::Encryption);
        QDialog* form = s.dialog("encryptionDialog");
        press(form, QStringLiteral("Stop encrypting"));
        QCOMPARE(s.endpoint.last<StopStreamEncryption>()->keyId, std::string("alias/aws/kinesis"));
        auto* keys = form->findChild<QTreeWidget*>();
        columnsAreWhole(keys);
        keys->setFocus();
        QTest::keyClick(keys, Qt::Key_Home);
        QTest::keyClick(keys, Qt::Key_End);
        press(form, QStringLiteral("Encrypt with it"));
        QCOMPARE(s.endpoint.last<StartStreamEncryption>()->keyId,
                 std::string("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"));
        press(form, QStringLiteral("Disable"));
        QVERIFY(s.endpoint.last<kms::DisableKey>() != nullptr);
        press(form, QStringLiteral("Rotate"));
        QVERIFY(s.endpoint.last<kms::RotateKeyOnDemand>() != nullptr);
        press(form, QStringLiteral("Delete"));
        QCOMPARE(s.endpoint.last<kms::ScheduleKeyDeletion>()->pendingWindowDays, 7);
        type(form, "description", QStringLiteral("for tests"));
        press(form, QStringLiteral("Create a key"));
        QCOMPARE(s.endpoint.last<kms::CreateKey>()->description, std::string("for tests"));
        s.endpoint.answer = [](const ApiRequest&) -> Result<ApiAnswer> {
            return fail(ErrorCode::KmsDisabled, "The key is disabled.");
        };
        press(form, QStringLiteral("Rotate"));
        QCOMPARE(form->findChild<QLabel*>(QStringLiteral("answer"))->text(),
                 QStringLiteral("The key is disabled."));
    }

    void aTestRecordIsPut()
    {
        Shown s;
        s.page->chooseStream("orders");
        s.endpoint.answer = [](const ApiRequest&) -> Result<ApiAnswer> {
            return ApiAnswer {PutResult {{1'767'614'400, ShardSlot(2), 7, 1'767'614'401}, {}}};
        };
        QSignalSpy said(s.page.get(), &MonitorPage::report);
        s.page->change(StreamChange::PutRecord);
        QDialog* form = s.dialog("putRecordDialog");
        type(form, "key", QStringLiteral("eu-west"));
        type(form, "hash", QStringLiteral("-1"));
        QVERIFY(problemOf(form).startsWith(QStringLiteral("Explicit hash key")));
        type(form, "hash", QStringLiteral("5"));
        type(form, "data", QStringLiteral("hello"));
        press(form, QStringLiteral("Put"));
        const auto* asked = s.endpoint.last<PutRecord>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->record.key(0), std::string_view("eu-west"));
        QCOMPARE(asked->record.data(0), std::string_view("hello"));
        QCOMPARE(asked->record.rows[0].hash, HashKey {5});
        QCOMPARE(said.count(), 1);
        QVERIFY(said[0][0].toString().startsWith(QStringLiteral("Stored on shard 2 under 4")));
    }

    void whatABatchCouldNotStoreIsSaid()
    {
        Shown s;
        s.page->chooseStream("orders");
        s.endpoint.answer = [](const ApiRequest&) -> Result<ApiAnswer> {
            PutRecordsResult result;
            result.failedRecordCount = 3;
            return ApiAnswer {result};
        };
        s.page->change(StreamChange::PutRecord);
        QDialog* form = s.dialog("putRecordDialog");
        type(form, "count", QStringLiteral("10"));
        press(form, QStringLiteral("Put"));
        QCOMPARE(s.endpoint.last<PutRecords>()->records.rows.size(), std::size_t {10});
        QVERIFY(form->isVisible());
        QVERIFY(problemOf(form).startsWith(QStringLiteral("3 of 10")));
    }

    void aThousandStreamsAreShownAndFiltered()
    {
        Shown s(
            [](FakeEndpoint& e) { e.now = sample::served({.streams = 1'000, .board = false}); });
        auto* table = s.find<WatchTable>("streams");
        QCOMPARE(table->shownRows(), 1'000);
        type(s.page.get(), "filter", QStringLiteral("stream-10999"));
        QCOMPARE(table->shownRows(), 1);
        QCOMPARE(s.find<QLabel>("streamCount")->text(), QStringLiteral("1 of 1000 streams"));
    }

    void clientsAndOperationsAreCounted()
    {
        Shown s;
        s.page->showTab(MonitorPage::Tab::Clients);
        auto* clients = s.find<WatchTable>("clients");
        QCOMPARE(clients->shownRows(), 3);
        // The busiest stands first.
        QCOMPARE(clients->model()->index(0, 0).data().toString(), QStringLiteral("KPL 1.0"));
        QCOMPARE(s.find<WatchTable>("operations")->shownRows(), 3);
        type(s.page.get(), "clientFilter", QStringLiteral("boto"));
        QCOMPARE(clients->shownRows(), 1);
        QCOMPARE(s.find<WatchTable>("operations")->shownRows(), 3);
    }

    void whileNobodyCallsTheLinesToPasteAreThere()
    {
        Shown s([](FakeEndpoint& e) { e.traffic = std::make_shared<endpoint::TrafficReport>(); });
        s.page->showTab(MonitorPage::Tab::Clients);
        auto* lines = s.find<QPlainTextEdit>("connectLines");
        QVERIFY(lines->isVisible());
        auto* kinds = s.find<QTabBar>("clientTabs");
        QCOMPARE(kinds->count(), 4);
        for (int kind = 0; kind < kinds->count(); ++kind) {
            kinds->setCurrentIndex(kind);
            QVERIFY(lines->toPlainText().contains(QStringLiteral("http://127.0.0.1:4567")));
        }
        QTest::mouseClick(s.find<QPushButton>("copyLines"), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), lines->toPlainText());
    }

    void theLinesToPasteAreSeenWhole()
    {
        Shown s;
        s.page->connectClient();
        QDialog* form = s.dialog("connectDialog");
        const auto* lines = form->findChild<QPlainTextEdit*>(QStringLiteral("connectLines"));
        QVERIFY(!lines->horizontalScrollBar()->isVisible());
    }

    void anErrorOpensTheRecordsOfItsStream()
    {
        Shown s;
        s.page->showTab(MonitorPage::Tab::Errors);
        auto* errors = s.find<WatchTable>("errors");
        QCOMPARE(errors->shownRows(), 3);
        QCOMPARE(errors->model()->index(0, 4).data().toString(),
                 QStringLiteral("ProvisionedThroughputExceededException"));
        errors->setFocus();
        errors->selectRow(0);
        QTest::keyClick(errors, Qt::Key_Return);
        QCOMPARE(s.page->tab(), MonitorPage::Tab::Records);
        QCOMPARE(s.page->stream(), std::string("orders"));
        // About that moment.
        s.page->presentNow();
        const auto* list = s.endpoint.last<ListShards>();
        QVERIFY(list != nullptr);
        QCOMPARE(list->filter->timestamp.value(),
                 s.endpoint.traffic->errors[0].at - SimDuration::seconds(1));
    }

    void anErrorAboutNoStreamSaysThatThereIsNone()
    {
        Shown s;
        s.page->showTab(MonitorPage::Tab::Errors);
        QSignalSpy said(s.page.get(), &MonitorPage::report);
        auto* errors = s.find<WatchTable>("errors");
        errors->selectRow(2); // about "order"
        errors->setFocus();
        QTest::keyClick(errors, Qt::Key_Return);
        QCOMPARE(said.count(), 1);
        QCOMPARE(s.page->tab(), MonitorPage::Tab::Errors);
    }

    void withoutErrorsItSaysSo()
    {
        Shown s([](FakeEndpoint& e) { e.traffic = std::make_shared<endpoint::TrafficReport>(); });
        s.page->showTab(MonitorPage::Tab::Errors);
        QVERIFY(!s.find<WatchTable>("errors")->isVisible());
    }

    void itRestsWhileItIsHidden()
    {
        Shown s;
        auto* beat = s.page->findChild<QTimer*>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(beat->isActive());
        s.page->hide();
        QVERIFY(!beat->isActive());
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::MonitorPageTest)
#include "tst_monitor_page.moc"
