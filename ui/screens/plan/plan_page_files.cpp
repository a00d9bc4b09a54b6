#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QSaveFile>

#include "core/planner/metrics_import.h"
#include "core/planner/plan_json.h"
#include "core/planner/plan_scenario.h"
#include "core/planner/price_list.h"
#include "core/planner/report/plan_report.h"
#include "core/planner/report/plan_snippets.h"
#include "core/scenario/scenario_json.h"
#include "ui/export/plan_pdf.h"
#include "ui/screens/plan/plan_form.h"
#include "ui/screens/plan/plan_page.h"
#include "ui/text.h"

namespace shardscope::ui {

void PlanPage::askImport()
{
    const QStringList paths = QFileDialog::getOpenFileNames(
        this, tr("Metrics"), {},
        tr("CloudWatch's JSON, CSV and traces (*.json *.csv *.tsv *.txt);;All files (*)"));
    if (!paths.isEmpty())
        importMetrics(paths);
}

void PlanPage::importMetrics(const QStringList& paths)
{
    std::vector<MetricsFile> files;
    for (const QString& path : paths)
        files.push_back({{}, toStd(path), {}, {}});
    QGuiApplication::setOverrideCursor(Qt::WaitCursor);
    auto measured = readMetrics(files);
    QGuiApplication::restoreOverrideCursor();
    if (!measured) {
        emit complain(toQt(measured.error().message));
        return;
    }
    std::vector<PlanStream> streams;
    for (MeasuredStream& stream : *measured) {
        PlanWorkload workload;
        workload.name = stream.name;
        streams.push_back({workload, std::make_shared<const MeasuredStream>(std::move(stream))});
    }
    m_form->setStreams(std::move(streams));
    emit report(tr("%n stream(s) measured.", nullptr, static_cast<int>(measured->size())));
}

void PlanPage::askPrices()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Price list"), {}, tr("Price books and AWS price lists (*.json);;All files (*)"));
    if (path.isEmpty())
        return;
    const auto book = readPriceFile(toStd(path));
    if (!book) {
        emit complain(toQt(book.error().message));
        return;
    }
    m_form->addPrices(*book);
    emit report(
        tr("Prices of %n Region(s) taken in.", nullptr, static_cast<int>(book->regions.size())));
}

void PlanPage::askExport()
{
    const StreamPlan* plan = stream();
    if (plan == nullptr)
        return;
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export the plan"), toQt(plan->name) + QStringLiteral("-plan.html"),
        tr("Report (*.html);;PDF (*.pdf);;Markdown (*.md);;Series (*.csv);;The plan as data "
           "(*.plan.json);;AWS CLI "
           "(*.sh);;CloudFormation (*.yaml);;Terraform (*.tf);;Scenario of the busiest hour "
           "(*.scenario.json)"));
    if (path.isEmpty())
        return;
    if (const auto written = exportTo(path); !written)
        emit complain(toQt(written.error().message));
    else
        emit report(tr("Written to %1.").arg(path));
}

Result<void> PlanPage::exportTo(const QString& path) const
{
    const StreamPlan* plan = stream();
    if (plan == nullptr || option() == nullptr)
        return fail(ErrorCode::BadInput, toStd(tr("There is no plan yet to export.")));
    const PlanStream& asked = m_request->streams[m_form->stream()];
    std::string text;
    if (path.endsWith(QStringLiteral(".pdf")))
        return writePlanPdf(*m_result, toStd(path));
    if (path.endsWith(QStringLiteral(".html")))
        text = planHtml(*m_result);
    else if (path.endsWith(QStringLiteral(".md")))
        text = planMarkdown(*m_result);
    else if (path.endsWith(QStringLiteral(".csv")))
        text = planCsv(*m_result);
    else if (path.endsWith(QStringLiteral(".sh")))
        text = planCli(*plan, *option(), asked.workload, m_result->region);
    else if (path.endsWith(QStringLiteral(".yaml")))
        text = planCloudFormation(*plan, *option(), asked.workload);
    else if (path.endsWith(QStringLiteral(".tf")))
        text = planTerraform(*plan, *option(), asked.workload);
    else if (path.endsWith(QStringLiteral(".plan.json")))
        text = planJson(*m_result);
    else if (path.endsWith(QStringLiteral(".json")))
        text = writeScenario(planScenario(*m_request, asked, worstHourOf(*plan, *option())));
    else
        return fail(
            ErrorCode::BadInput,
            toStd(tr("%1: its name must end in .html, .pdf, .md, .csv, .sh, .yaml, .tf or .json.")
                      .arg(path)));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(text)) < 0
        || !file.commit())
        return fail(ErrorCode::Io, toStd(tr("%1: cannot be written").arg(path)));
    return {};
}

} // namespace shardscope::ui
