#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QTest>

#include "core/engine/requests.h"
#include "tests/support/window_fixture.h"
#include "ui/actions.h"
#include "ui/dialogs/producer_dialog.h"
#include "ui/dialogs/reshard_dialogs.h"
#include "ui/dialogs/stream_dialogs.h"
#include "ui/docks/stream_panel.h"
#include "ui/english.h"

namespace shardscope::ui {

/// Dialogs as a person fills them: by key and click.
class DialogsTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;

    static void clickButton(QWidget* in, const QString& words)
    {
        for (auto* button : in->findChildren<QPushButton*>())
            if (button->text() == words) {
                button->click();
                return;
            }
        QFAIL(qPrintable(words));
    }
    /// By an action, or by a button of the stream's panel.
    template <typename T> static QPointer<T> opened(WindowFixture& f, const char* action)
    {
        f.window->resize(1'440, 900);
        f.window->show();
        if (!QTest::qWaitForWindowExposed(f.window.get()))
            return nullptr;
        f.window->presentNow();
        if (QAction* a = f.window->actions()[QString::fromUtf8(action)])
            a->trigger();
        else
            clickButton(f.window->findChild<StreamPanel*>(), QString::fromUtf8(action));
        QPointer<T> form = f.window->findChild<T*>();
        if (form && QTest::qWaitForWindowExposed(form))
            return form;
        return nullptr;
    }
    static void type(QDialog* form, const char* field, const char* text)
    {
        auto* w = form->findChild<QWidget*>(QString::fromLatin1(field));
        QVERIFY2(w != nullptr && w->isVisible(), field);
        w->setFocus();
        QTest::keyClick(w, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(w, QString::fromLatin1(text));
        QTest::keyClick(w, Qt::Key_Tab);
    }
    static void choose(QDialog* form, const char* field, int index)
    {
        auto* box = form->findChild<QComboBox*>(QString::fromLatin1(field));
        QVERIFY2(box != nullptr && box->isVisible(), field);
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Home);
        for (int i = 0; i < index; ++i)
            QTest::keyClick(box, Qt::Key_Down);
        QCOMPARE(box->currentIndex(), index);
    }
    static void press(QDialog* form, QDialogButtonBox::ButtonRole role)
    {
        auto* box = form->findChild<QDialogButtonBox*>();
        for (QAbstractButton* b : box->buttons())
            if (box->buttonRole(b) == role) {
                QTest::mouseClick(b, Qt::LeftButton);
                return;
            }
        QFAIL("no such button");
    }
    static QString problemOf(const QDialog* form)
    {
        const auto* label = form->findChild<QLabel*>(QStringLiteral("problem"));
        return label->isVisible() ? label->text() : QString();
    }

private slots:
    void initTestCase() { QCoreApplication::installTranslator(&m_english); }

    void aProducerIsTypedIn()
    {
        WindowFixture f;
        const auto form = opened<ProducerDialog>(f, "stream.addProducer");
        QVERIFY(form != nullptr);
        type(form, "name", "tills");
        type(form, "rate", "750");
        type(form, "size", "2048");
        press(form, QDialogButtonBox::AcceptRole);
        const auto* act = f.lastAct<AddProducer>();
        QVERIFY(act != nullptr);
        QCOMPARE(act->spec.name, std::string("tills"));
        QCOMPARE(act->spec.rate.recordsPerSecond, 750.0);
        QCOMPARE(act->spec.size.bytes, 2'048.0);
        QTRY_VERIFY(form == nullptr || !form->isVisible());
    }

    void aBadRateIsSaidAndTheFormStays()
    {
        WindowFixture f;
        const auto form = opened<ProducerDialog>(f, "stream.addProducer");
        QVERIFY(form != nullptr);
        type(form, "name", "tills");
        choose(form, "curve", static_cast<int>(RateSpec::Curve::Steps));
        type(form, "steps", "30s");
        press(form, QDialogButtonBox::AcceptRole);
        QVERIFY(form->isVisible());
        QVERIFY(f.lastAct<AddProducer>() == nullptr);
        QCOMPARE(problemOf(form),
                 QStringLiteral("Steps: “30s” is not a step; write time and factor, e.g. 30s:20 "
                                "2m:1."));
        type(form, "steps", "30s:20");
        QVERIFY(problemOf(form).isEmpty());
        press(form, QDialogButtonBox::AcceptRole);
        const auto* act = f.lastAct<AddProducer>();
        QVERIFY(act != nullptr);
        QCOMPARE(act->spec.rate.steps.size(), std::size_t {1});
        QCOMPARE(act->spec.rate.steps[0].factor, 20.0);
    }

    void aRateTakesNoLetters()
    {
        WindowFixture f;
        const auto form = opened<ProducerDialog>(f, "stream.addProducer");
        QVERIFY(form != nullptr);
        type(form, "rate", "a5x0");
        QCOMPARE(form->spec().rate.recordsPerSecond, 50.0);
    }

    void cancelSendsNothing()
    {
        WindowFixture f;
        const auto form = opened<ProducerDialog>(f, "stream.addProducer");
        QVERIFY(form != nullptr);
        type(form, "name", "tills");
        press(form, QDialogButtonBox::RejectRole);
        QTRY_VERIFY(form == nullptr || !form->isVisible());
        QVERIFY(f.lastAct<AddProducer>() == nullptr);
    }

    void whatTheServiceRefusesKeepsTheFormOpen()
    {
        WindowFixture f;
        f.answer = fail(ErrorCode::LimitExceeded, "The account has no shard left.");
        const auto form = opened<SplitDialog>(f, "stream.splitAt");
        QVERIFY(form != nullptr);
        press(form, QDialogButtonBox::AcceptRole);
        QVERIFY(form != nullptr && form->isVisible());
        QCOMPARE(problemOf(form), QStringLiteral("The account has no shard left."));
    }

    void aSplitPointIsTypedIn()
    {
        WindowFixture f;
        const auto form = opened<SplitDialog>(f, "stream.splitAt");
        QVERIFY(form != nullptr);
        type(form, "where", "100");
        press(form, QDialogButtonBox::AcceptRole);
        QVERIFY(f.lastRequest<SplitShard>() == nullptr);
        QVERIFY(problemOf(form).startsWith(QStringLiteral("Point: “100” is not a share")));
        type(form, "where", "25");
        press(form, QDialogButtonBox::AcceptRole);
        const auto* request = f.lastRequest<SplitShard>();
        QVERIFY(request != nullptr);
        QCOMPARE(request->shardToSplit, std::string("shardId-000000000002"));
        const HashKeyRange range = f.now->find(ShardSlot(2))->range;
        const auto at = parseHashKey(request->newStartingHashKey);
        QVERIFY(at.has_value());
        const double part = (at->fraction() - range.start.fraction()) / range.width();
        QVERIFY2(std::abs(part - 0.25) < 1e-6, qPrintable(QString::number(part)));
    }

    void tabGoesThroughTheFieldsAndThenTheButtons()
    {
        WindowFixture f;
        const auto form = opened<SplitDialog>(f, "stream.splitAt");
        QVERIFY(form != nullptr);
        for (const char* field : {"shard", "how", "where"}) {
            QCOMPARE(form->focusWidget()->objectName(), QString::fromLatin1(field));
            QTest::keyClick(form->focusWidget(), Qt::Key_Tab);
        }
        QCOMPARE(qobject_cast<QPushButton*>(form->focusWidget())->text(), QStringLiteral("Split"));
    }

    void aPolicyIsTypedInAndDetached()
    {
        {
            WindowFixture f;
            const auto form = opened<PolicyDialog>(f, "Scaling policy…");
            QVERIFY(form != nullptr);
            choose(form, "design", 2);
            type(form, "up", "60");
            type(form, "down", "60");
            press(form, QDialogButtonBox::AcceptRole);
            QVERIFY(f.lastAct<AttachPolicy>() == nullptr);
            QVERIFY(problemOf(form).startsWith(QStringLiteral("Scale down below:")));
            type(form, "down", "59");
            press(form, QDialogButtonBox::AcceptRole);
            const auto* act = f.lastAct<AttachPolicy>();
            QVERIFY(act != nullptr && act->policy.has_value());
            QCOMPARE(static_cast<int>(act->policy->design), 1);
            QCOMPARE(act->policy->upPercent, 60.0);
            QCOMPARE(act->policy->downPercent, 59.0);
        }
        WindowFixture f;
        const auto form = opened<PolicyDialog>(f, "Scaling policy…");
        QVERIFY(form != nullptr);
        choose(form, "design", 0);
        press(form, QDialogButtonBox::AcceptRole);
        const auto* act = f.lastAct<AttachPolicy>();
        QVERIFY(act != nullptr && !act->policy.has_value());
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::DialogsTest)
#include "tst_dialogs.moc"
