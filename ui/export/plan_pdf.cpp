#include "ui/export/plan_pdf.h"

#include <QAbstractTextDocumentLayout>
#include <QFile>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgRenderer>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QUrl>

#include "core/planner/report/plan_report.h"

namespace shardscope::ui {
namespace {

constexpr int kDpi = 300;
constexpr double kPointsToDots = kDpi / 72.0;
constexpr double kPageWidth = 595 - 2 * 48, kPageHeight = 842 - 2 * 54; ///< pt, inside the margins
constexpr double kFooter = 24; ///< pt
constexpr int kSharp = 3; ///< dots of a picture for each of its px

constexpr const char* kStyle
    = "body { color: #1f2430; font-size: 9pt; }"
      "h1 { font-size: 18pt; } h2 { font-size: 12pt; }"
      "p { font-size: 9pt; } p.answer { font-size: 11pt; }"
      "th { color: #5d6577; font-size: 6.5pt; } td { font-size: 7.5pt; }"
      "li { font-size: 8.5pt; margin-bottom: 2pt; }";

/// The picture as wide as a page, at a printer's sharpness.
QImage imageOf(const std::string& svg, QSizeF& size)
{
    QSvgRenderer renderer(QByteArray::fromStdString(svg));
    const QSizeF natural = renderer.defaultSize();
    size = QSizeF(kPageWidth, kPageWidth * natural.height() / natural.width());
    QImage image((natural * kSharp).toSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    return image;
}

/// A heading goes to the next page when what it heads does.
void keepHeadings(QTextDocument& document)
{
    const auto pageOf = [&document](const QTextBlock& block) {
        return static_cast<int>(document.documentLayout()->blockBoundingRect(block).bottom()
                                / document.pageSize().height());
    };
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        if (block.blockFormat().headingLevel() == 0 || !block.next().isValid()
            || pageOf(block) == pageOf(block.next()))
            continue;
        QTextBlockFormat format = block.blockFormat();
        format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
        QTextCursor(block).setBlockFormat(format);
    }
}

} // namespace

Result<void> writePlanPdf(const PlanResult& result, const std::string& path)
{
    const PrintablePlan printable = printablePlan(result);
    QTextDocument document;
    document.setDocumentMargin(0);
    document.setDefaultStyleSheet(QString::fromLatin1(kStyle));
    QString html = QString::fromStdString(printable.html);
    for (std::size_t i = 0; i < printable.pictures.size(); ++i) {
        QSizeF size;
        const QImage image = imageOf(printable.pictures[i], size);
        const QString name = QStringLiteral("picture-%1").arg(i);
        document.addResource(QTextDocument::ImageResource, QUrl(name), image);
        html.replace(QStringLiteral("src=\"%1\"").arg(name),
                     QStringLiteral("src=\"%1\" width=\"%2\" height=\"%3\"")
                         .arg(name)
                         .arg(qRound(size.width()))
                         .arg(qRound(size.height())));
    }
    html.replace(QStringLiteral("<table "), QStringLiteral("<table width=\"100%\" "));
    html.replace(QStringLiteral("<tr class=\"marked\">"),
                 QStringLiteral("<tr bgcolor=\"#eaf2ff\">"));
    document.setHtml(html);
    document.setPageSize(QSizeF(kPageWidth, kPageHeight - kFooter));
    keepHeadings(document);

    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::Io, path + ": cannot be written");
    QPdfWriter writer(&file);
    writer.setResolution(kDpi);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(48, 54, 48, 54), QPageLayout::Point);
    writer.setTitle(QStringLiteral("Plan"));
    QPainter painter(&writer);
    painter.scale(kPointsToDots, kPointsToDots);
    const int pages = document.pageCount();
    for (int page = 0; page < pages; ++page) {
        if (page > 0)
            writer.newPage();
        const QRectF shown(0, page * (kPageHeight - kFooter), kPageWidth, kPageHeight - kFooter);
        painter.save();
        painter.translate(0, -shown.top());
        document.drawContents(&painter, shown);
        painter.restore();
        QFont font;
        font.setPixelSize(7); // of the painter's points
        painter.setFont(font);
        painter.setPen(QColor(0x5d, 0x65, 0x77));
        painter.drawText(QRectF(0, kPageHeight - 12, kPageWidth, 12), Qt::AlignRight,
                         QStringLiteral("Shardscope plan, page %1 of %2").arg(page + 1).arg(pages));
    }
    painter.end();
    file.close();
    if (file.error() != QFileDevice::NoError)
        return fail(ErrorCode::Io, path + ": cannot be written");
    return {};
}

} // namespace shardscope::ui
