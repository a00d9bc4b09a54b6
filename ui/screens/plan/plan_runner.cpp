#include "ui/screens/plan/plan_runner.h"

#include "ui/text.h"

namespace shardscope::ui {
namespace {

constexpr int kSoonMs = 250;
constexpr int kLookMs = 100;

} // namespace

PlanRunner::PlanRunner(QObject* parent)
    : QObject(parent)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoonMs);
    m_look.setInterval(kLookMs);
    connect(&m_soon, &QTimer::timeout, this, &PlanRunner::begin);
    connect(&m_look, &QTimer::timeout, this, [this] { emit progressed(m_progress->done.load()); });
}

PlanRunner::~PlanRunner()
{
    if (m_thread.joinable()) {
        m_progress->cancelled = true;
        m_thread.join();
    }
}

void PlanRunner::ask(PlanRequest request)
{
    m_wanted = std::move(request);
    m_soon.start();
}

void PlanRunner::askNow(PlanRequest request)
{
    m_wanted = std::move(request);
    m_soon.stop();
    begin();
}

void PlanRunner::begin()
{
    if (m_thread.joinable()) {
        // The one under way is given up; its end begins the next.
        m_again = true;
        m_progress->cancelled = true;
        return;
    }
    m_progress = std::make_shared<PlanProgress>();
    emit progressed(0);
    m_look.start();
    m_thread = std::thread([this, request = m_wanted, progress = m_progress] {
        auto result = plan(request, *progress);
        QMetaObject::invokeMethod(
            this, [this, result = std::move(result)] { end(result); }, Qt::QueuedConnection);
    });
}

void PlanRunner::end(const Result<PlanResult>& result)
{
    m_thread.join();
    m_look.stop();
    if (m_again) {
        m_again = false;
        begin();
    } else if (result) {
        emit progressed(1);
        emit finished(std::make_shared<const PlanResult>(*result));
    } else {
        emit failed(toQt(result.error().message));
    }
}

} // namespace shardscope::ui
