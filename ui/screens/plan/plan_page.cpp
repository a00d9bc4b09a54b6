#include "ui/screens/plan/plan_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTabWidget>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/planner/plan_scenario.h"
#include "core/planner/report/plan_pictures.h"
#include "core/planner/report/report_text.h"
#include "ui/screens/monitor/watch_table.h"
#include "ui/screens/plan/measured_run.h"
#include "ui/screens/plan/options_model.h"
#include "ui/screens/plan/picture_view.h"
#include "ui/screens/plan/plan_form.h"
#include "ui/screens/plan/plan_runner.h"
#include "ui/text.h"
#include "ui/widgets/line_chart.h"

namespace shardscope::ui {
namespace {

const QList<int> kFormAndRest {3'000, 7'000};
const QList<int> kAnswerAndMonth {3'700, 6'300};

QScrollArea* scrolled(std::initializer_list<QWidget*> parts)
{
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(6, 6, 6, 6);
    for (QWidget* part : parts)
        column->addWidget(part);
    column->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidget(inside);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    return area;
}

/// A list of words, as rich text.
QString listOf(const QStringList& items)
{
    QString out = QStringLiteral("<ul style=\"margin-left:14px;-qt-list-indent:0;\">");
    for (const QString& item : items)
        out += QStringLiteral("<li style=\"margin-bottom:4px;\">") + item.toHtmlEscaped()
            + QStringLiteral("</li>");
    return out + QStringLiteral("</ul>");
}

QString billHtml(const PlanOption& option)
{
    QString out = QStringLiteral("<table cellspacing=\"0\" cellpadding=\"3\">");
    for (const CostLine& line : option.bill) {
        const QString price = line.price
            ? QStringLiteral("$%1").arg(QString::number(*line.price, 'g', 4))
            : PlanPage::tr("not in the price book");
        out += QStringLiteral("<tr><td>%1</td><td align=\"right\">%2</td><td>%3</td><td "
                              "align=\"right\">× %4</td>"
                              "<td align=\"right\"><b>%5</b></td></tr>")
                   .arg(PlanPage::tr(line.item).toHtmlEscaped(),
                        toQt(report::grouped(line.quantity, line.quantity < 100 ? 2 : 0)),
                        PlanPage::tr(line.unit).toHtmlEscaped(), price.toHtmlEscaped(),
                        toQt(report::usd(line.usd())));
    }
    out += QStringLiteral("<tr><td><b>%1</b></td><td></td><td></td><td></td><td "
                          "align=\"right\"><b>%2</b></td></tr>")
               .arg(PlanPage::tr("A month"), toQt(report::usd(option.usd)));
    return out + QStringLiteral("</table>");
}

} // namespace

PlanPage::PlanPage(PriceBook prices, std::vector<Source> sources, QWidget* parent)
    : QWidget(parent)
    , m_sources(std::move(sources))
    , m_form(new PlanForm(std::move(prices)))
    , m_runner(new PlanRunner(this))
    , m_model(new OptionsModel(this))
    , m_table(new WatchTable(m_model))
    , m_headline(new QLabel)
    , m_binding(new QLabel)
    , m_difference(new QLabel)
    , m_progress(new QProgressBar)
    , m_run(new QPushButton(tr("&Run this plan")))
    , m_pin(new QPushButton(tr("&Keep as A")))
    , m_export(new QPushButton(tr("E&xport…")))
    , m_fill(new QToolButton)
    , m_tabs(new QTabWidget)
    , m_load(new LineChart)
    , m_refused(new LineChart)
    , m_cost(new LineChart)
    , m_limits(new PictureView(tr("How far the busiest shard goes into each limit")))
    , m_heat(new PictureView(tr("Use of the busiest shard, hours by days")))
    , m_breakEven(new PictureView(tr("Cost of a month over the mean ingest")))
    , m_tornado(new PictureView(tr("What changes the cost most")))
    , m_formulas(new QTextBrowser)
    , m_words(new QTextBrowser)
{
    setObjectName(QStringLiteral("planPage"));
    setAccessibleName(tr("Plan"));
    auto* right = new QSplitter(Qt::Vertical);
    right->addWidget(answer());
    right->addWidget(details());
    right->setSizes(kAnswerAndMonth);
    right->setChildrenCollapsible(false);
    auto* whole = new QSplitter(Qt::Horizontal);
    whole->addWidget(m_form);
    whole->addWidget(right);
    whole->setSizes(kFormAndRest);
    whole->setChildrenCollapsible(false);
    m_form->setMinimumWidth(m_form->widget()->minimumSizeHint().width()
                            + m_form->verticalScrollBar()->sizeHint().width());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(whole);
    setFocusProxy(m_form);
    connectParts();
    present();
}

QWidget* PlanPage::answer()
{
    auto* part = new QWidget;
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(12, 8, 12, 4);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    large.setBold(true);
    m_headline->setFont(large);
    m_headline->setObjectName(QStringLiteral("planHeadline"));
    QFont bold = font();
    bold.setBold(true);
    m_binding->setFont(bold);
    m_binding->setObjectName(QStringLiteral("planBinding"));
    for (QLabel* label : {m_headline, m_binding, m_difference}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        column->addWidget(label);
    }
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(4);
    m_progress->setRange(0, 1'000);
    m_progress->setAccessibleName(tr("How far the plan is"));
    column->addWidget(m_progress);
    m_table->setObjectName(QStringLiteral("planOptions"));
    m_table->setAccessibleName(tr("Ways to run the stream"));
    m_table->setSortingEnabled(false);
    m_table->setWidths({.wanted = {28, 12, 12, 24, 9, 8, 11},
                        .least = {27, 9, 9, 17, 8, 7, 9},
                        .givesWay = {3, 5},
                        .stretch = 0});
    column->addWidget(m_table, 1);
    auto* row = new QHBoxLayout;
    m_run->setObjectName(QStringLiteral("planRun"));
    m_run->setToolTip(tr("Open the busiest hour of this plan on the live board, record by record"));
    m_pin->setObjectName(QStringLiteral("planPin"));
    m_pin->setCheckable(true);
    m_pin->setToolTip(tr("Put this plan aside and compare the next ones with it"));
    m_export->setObjectName(QStringLiteral("planExport"));
    m_export->setToolTip(tr("A report, the series, or how to make this stream elsewhere"));
    m_fill->setText(tr("Fill from"));
    m_fill->setToolTip(tr("Take what was measured in place of a description"));
    m_fill->setPopupMode(QToolButton::InstantPopup);
    m_fill->setObjectName(QStringLiteral("planFill"));
    auto* menu = new QMenu(m_fill);
    for (const Source& source : m_sources)
        connect(menu->addAction(source.words), &QAction::triggered, this,
                [this, &source] { fillFrom(source); });
    menu->addSeparator();
    connect(menu->addAction(tr("&Metrics of a file…")), &QAction::triggered, this,
            &PlanPage::askImport);
    connect(menu->addAction(tr("A &price list…")), &QAction::triggered, this, &PlanPage::askPrices);
    m_fill->setMenu(menu);
    for (QWidget* button : std::initializer_list<QWidget*> {m_run, m_fill, m_pin, m_export})
        row->addWidget(button);
    row->addStretch(1);
    column->addLayout(row);
    return part;
}

QWidget* PlanPage::details()
{
    m_tabs->setObjectName(QStringLiteral("planTabs"));
    m_tabs->setDocumentMode(true);
    auto* month = new QWidget;
    auto* column = new QVBoxLayout(month);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(4);
    m_load->setObjectName(QStringLiteral("planLoad"));
    column->addWidget(m_load, 5);
    column->addWidget(m_refused, 3);
    column->addWidget(m_cost, 3);
    m_tabs->addTab(month, tr("Month"));
    for (QTextBrowser* text : {m_formulas, m_words}) {
        text->setFrameShape(QFrame::NoFrame);
        text->setOpenLinks(false);
    }
    m_formulas->setAccessibleName(tr("Formulas"));
    m_words->setObjectName(QStringLiteral("planWords"));
    m_words->setAccessibleName(tr("Bill, advice and assumptions"));
    auto* limits = new QWidget;
    auto* limitColumn = new QVBoxLayout(limits);
    limitColumn->addWidget(m_limits);
    limitColumn->addWidget(m_formulas, 1);
    m_tabs->addTab(limits, tr("Limits and formulas"));
    m_tabs->addTab(m_words, tr("Bill and advice"));
    m_tabs->addTab(scrolled({m_heat}), tr("Hours and days"));
    m_tabs->addTab(scrolled({m_breakEven, m_tornado}), tr("Break-even and sensitivity"));
    return m_tabs;
}

void PlanPage::connectParts()
{
    connect(m_form, &PlanForm::changed, this, [this] {
        if (m_begun) {
            m_asked = m_form->request();
            m_runner->ask(m_asked);
        }
    });
    connect(m_form, &PlanForm::streamChosen, this, &PlanPage::present);
    connect(m_runner, &PlanRunner::progressed, this, [this](double done) {
        m_progress->setValue(static_cast<int>(done * 1'000));
        m_progress->setVisible(m_runner->working());
    });
    connect(m_runner, &PlanRunner::finished, this,
            [this](std::shared_ptr<const PlanResult> result) {
                m_result = std::move(result);
                m_request = m_asked;
                present();
                emit settled();
            });
    connect(m_runner, &PlanRunner::failed, this, [this](const QString& sentence) {
        emit complain(sentence);
        emit settled();
    });
    connect(m_table, &WatchTable::chosen, this, [this](int row) {
        const StreamPlan* plan = stream();
        if (plan == nullptr || row < 0)
            return;
        m_choseByHand = true;
        m_mode = plan->options[static_cast<std::size_t>(row)].mode;
        presentOption();
    });
    connect(m_pin, &QPushButton::toggled, this, &PlanPage::pin);
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (const StreamPlan* plan = stream(); plan != nullptr && option() != nullptr)
            emit runAsked(planScenario(*m_request, m_request->streams[m_form->stream()],
                                       worstHourOf(*plan, *option())));
    });
    connect(m_export, &QPushButton::clicked, this, &PlanPage::askExport);
}

void PlanPage::planNow()
{
    m_begun = true;
    m_asked = m_form->request();
    m_runner->askNow(m_asked);
}

bool PlanPage::working() const
{
    return m_runner->working();
}

void PlanPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!m_begun)
        planNow();
}

const StreamPlan* PlanPage::stream() const
{
    return m_result && m_form->stream() < m_result->streams.size()
        ? &m_result->streams[m_form->stream()]
        : nullptr;
}

const PlanOption* PlanPage::option() const
{
    if (const StreamPlan* plan = stream())
        for (const PlanOption& option : plan->options)
            if (option.mode == m_mode)
                return &option;
    return nullptr;
}

void PlanPage::choose(PlanMode mode)
{
    const StreamPlan* plan = stream();
    for (std::size_t i = 0; plan != nullptr && i < plan->options.size(); ++i)
        if (plan->options[i].mode == mode)
            m_table->choose(static_cast<int>(i));
}

void PlanPage::pin(bool on)
{
    m_pinned.reset();
    if (on && m_result)
        m_pinned = PinnedPlan {m_result, m_form->stream(), m_mode};
    m_pin->setChecked(m_pinned.has_value());
    m_pin->setText(m_pinned ? tr("&Forget A") : tr("&Keep as A"));
    presentOption();
}

void PlanPage::fillFrom(const Source& source)
{
    const auto now = source.now();
    const auto measured = now ? measuredRun(*now) : nullptr;
    if (!measured) {
        emit complain(tr("There is no whole minute of that stream yet."));
        return;
    }
    PlanStream stream;
    stream.workload.name = measured->name;
    stream.workload.shardsNow = static_cast<std::int64_t>(measured->shards.size());
    stream.workload.retentionHours = now->stream.summary.retentionHours;
    stream.measured = measured;
    m_form->setStreams({stream});
    emit report(tr("The plan is filled from %1.").arg(toQt(measured->name)));
}

void PlanPage::present()
{
    const StreamPlan* plan = stream();
    m_progress->setVisible(m_runner->working());
    for (QPushButton* button : {m_run, m_pin, m_export})
        button->setEnabled(plan != nullptr);
    if (plan == nullptr) {
        m_headline->setText(tr("Planning…"));
        m_binding->setText(tr("A month is simulated for each way to run the stream."));
        return;
    }
    m_headline->setText(toQt(report::headline(*plan, m_result->targetRefused)));
    m_binding->setText(toQt(report::bindingSentence(*plan)));
    if (option() == nullptr || !m_choseByHand)
        if (const PlanOption* best = report::chosen(*plan))
            m_mode = best->mode;
    const bool byHand = m_choseByHand;
    m_model->show(m_result, m_form->stream());
    choose(m_mode);
    m_choseByHand = byHand;
    presentOption();
}

void PlanPage::presentOption()
{
    const StreamPlan* plan = stream();
    const PlanOption* shown = option();
    if (plan == nullptr || shown == nullptr)
        return;
    const PinnedPlan* pinned = m_pinned ? &*m_pinned : nullptr;
    m_load->setModel(loadPlot(*plan, *shown, pinned));
    m_refused->setModel(refusedPlot(*plan, *shown, pinned));
    m_cost->setModel(costPlot(*plan, *shown, pinned));
    const PlanOption* a = pinned != nullptr ? pinned->option() : nullptr;
    m_difference->setText(a != nullptr ? differenceText(*a, *shown) : QString());
    m_difference->setVisible(a != nullptr);
    // Pictures keep the plan they are of.
    const auto kept = m_result;
    const std::size_t index = m_form->stream();
    const PlanMode mode = m_mode;
    const auto with = [kept, index, mode](auto draw) {
        return [kept, index, mode, draw](const report::SvgColours& c) {
            const StreamPlan& s = kept->streams[index];
            for (const PlanOption& o : s.options)
                if (o.mode == mode)
                    return draw(s, o, c);
            return std::string();
        };
    };
    m_limits->setPicture(with([](const StreamPlan& s, const PlanOption&,
                                 const report::SvgColours& c) { return report::limitsSvg(s, c); }));
    m_heat->setPicture(with(report::heatSvg));
    m_breakEven->setPicture(
        with([](const StreamPlan& s, const PlanOption&, const report::SvgColours& c) {
            return report::breakEvenSvg(s, c);
        }));
    m_tornado->setPicture(
        with([](const StreamPlan& s, const PlanOption&, const report::SvgColours& c) {
            return report::tornadoSvg(s, c);
        }));
    QStringList formulas;
    for (const LimitUse& use : plan->uses)
        formulas << tr("%1: %2.").arg(toQt(titleOf(use.limit)), toQt(use.formula));
    formulas << tr(
        "A shard takes 1 MiB/s and 1,000 records/s; readers share 2 MiB/s and 5 calls/s of it.");
    m_formulas->setHtml(listOf(formulas));

    QString words = QStringLiteral("<h4>%1</h4>").arg(toQt(titleOf(shown->mode)).toHtmlEscaped())
        + billHtml(*shown);
    if (!shown->remark.empty())
        words += QStringLiteral("<p>%1</p>").arg(toQt(shown->remark).toHtmlEscaped());
    if (!shown->schedule.empty())
        words += QStringLiteral("<p>%1</p>")
                     .arg(tr("Schedule (UTC): %1.")
                              .arg(toQt(report::scheduleText(*shown)))
                              .toHtmlEscaped());
    for (const OptionQuantiles& q : plan->quantiles)
        if (q.mode == shown->mode)
            words += QStringLiteral("<p>%1</p>")
                         .arg(tr("Over the ranges: %1 shards in one of two draws, %2 in nine of "
                                 "ten; %3 and %4 a "
                                 "month; the target is met in %5.")
                                  .arg(toQt(report::grouped(q.shards.p50)),
                                       toQt(report::grouped(q.shards.p90)),
                                       toQt(report::usd(q.usd ? std::optional(q.usd->p50)
                                                              : std::nullopt)),
                                       toQt(report::usd(q.usd ? std::optional(q.usd->p90)
                                                              : std::nullopt)),
                                       toQt(report::percent(100 * q.meetsTarget)))
                                  .toHtmlEscaped());
    const auto section = [&words](const QString& title, const std::vector<std::string>& lines) {
        QStringList items;
        for (const std::string& line : lines)
            items << toQt(line);
        if (!items.isEmpty())
            words += QStringLiteral("<h4>%1</h4>").arg(title) + listOf(items);
    };
    std::vector<std::string> advice;
    for (const PlanAdvice& a2 : plan->advice)
        advice.push_back(a2.text);
    section(tr("Advice, each planned out"), advice);
    section(tr("What this rests on"), plan->notes);
    section(tr("Where the figures come from"), {report::provenance(*m_result)});
    m_words->setHtml(words);
}

void PlanPage::restyle()
{
    for (PictureView* view : {m_limits, m_heat, m_breakEven, m_tornado})
        view->restyle();
    presentOption();
}

} // namespace shardscope::ui
