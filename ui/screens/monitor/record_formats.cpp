#include "ui/screens/monitor/record_formats.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <algorithm>
#include <array>

#include "core/base/md5.h"
#include "core/storage/aggregate_reader.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr std::size_t kJsonMost = 1U << 20; // beyond it the tree would not be read either
constexpr std::size_t kLooksAt = 4'096; // bytes that tell text from the rest
constexpr std::size_t kSearchInside = 64U << 10; // of what is packed
constexpr qsizetype kLineMost = 1'000; // letters of a line that is shown
constexpr std::size_t kHexRow = 16;
constexpr std::size_t kDiffLines = 400;

QString tr(const char* text)
{
    return QCoreApplication::translate("recordFormats", text);
}

QByteArray raw(std::string_view bytes)
{
    return QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

bool isGzip(std::string_view data)
{
    return data.size() > 18 && data.starts_with("\x1f\x8b\x08");
}

/// Control letters, and what is no UTF-8 well before the end, make it binary.
bool isText(std::string_view data)
{
    const std::string_view part = data.substr(0, kLooksAt);
    const bool control = std::any_of(part.begin(), part.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
    });
    if (control)
        return false;
    const QString read = QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
    const qsizetype bad = read.indexOf(QChar::ReplacementCharacter);
    return bad < 0 || (part.size() == kLooksAt && bad >= read.size() - 3);
}

QByteArray indented(std::string_view data)
{
    const std::string_view first = data.substr(0, data.find_first_not_of(" \t\r\n") + 1);
    if (data.size() > kJsonMost || first.empty() || (first.back() != '{' && first.back() != '['))
        return {};
    const QJsonDocument document = QJsonDocument::fromJson(raw(data));
    return document.isNull() ? QByteArray() : document.toJson(QJsonDocument::Indented);
}

QStringList linesOf(std::string_view data)
{
    QStringList lines = dataText(data, kJsonMost).split(u'\n');
    return lines.mid(0, static_cast<qsizetype>(kDiffLines));
}

} // namespace

std::optional<endpoint::Inflated> unpacked(std::string_view data, std::size_t most)
{
    return isGzip(data) ? std::optional(endpoint::inflateSome(data, most)) : std::nullopt;
}

bool holds(std::string_view data, std::string_view bytes, std::size_t* budget)
{
    if (data.find(bytes) != std::string_view::npos)
        return true;
    const auto inside = unpacked(data, std::min(kSearchInside, *budget));
    if (!inside)
        return false;
    *budget -= inside->bytes.size();
    return inside->bytes.find(bytes) != std::string::npos;
}

DataKind kindOf(std::string_view data)
{
    if (data.empty())
        return DataKind::Empty;
    if (looksAggregated(data))
        return DataKind::Aggregate;
    if (isGzip(data))
        return DataKind::Gzip;
    if (!isText(data))
        return DataKind::Binary;
    return indented(data).isEmpty() ? DataKind::Text : DataKind::Json;
}

QString kindText(DataKind kind)
{
    switch (kind) {
    case DataKind::Empty:
        return tr("empty");
    case DataKind::Text:
        return tr("text");
    case DataKind::Json:
        return tr("JSON");
    case DataKind::Aggregate:
        return tr("KPL aggregate");
    case DataKind::Gzip:
        return tr("gzip");
    case DataKind::Binary:
        return tr("binary");
    }
    return {};
}

QString preview(std::string_view data, std::size_t most)
{
    if (looksAggregated(data))
        return tr("KPL aggregate, %1").arg(format::bytes(static_cast<double>(data.size())));
    if (const auto inside = unpacked(data, most)) {
        const QString words = preview(inside->bytes, most);
        return inside->bytes.empty() ? tr("gzip, damaged") : tr("gzip · %1").arg(words);
    }
    const std::string_view part = data.substr(0, most);
    if (!isText(part.substr(0, std::max<std::size_t>(part.size(), 4) - 3)))
        return QString::fromLatin1(raw(part.substr(0, 32)).toHex(' '));
    QString text = QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
    text.replace(u'\n', QStringLiteral("⏎")).replace(u'\r', u' ').replace(u'\t', u' ');
    while (data.size() > most && text.endsWith(QChar::ReplacementCharacter))
        text.chop(1);
    return data.size() > most ? text + QStringLiteral("…") : text;
}

QString dataText(std::string_view data, std::size_t most)
{
    const QByteArray json = indented(data);
    if (!json.isEmpty())
        return QString::fromUtf8(json.left(static_cast<qsizetype>(most))).trimmed();
    const std::string_view part = data.substr(0, most);
    QString text = QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
    for (QChar& c : text)
        if (c.unicode() < 0x20 && c != u'\n' && c != u'\t')
            c = QChar(0x2400 + c.unicode()); // the sign that stands for it
    return text;
}

QString withShortLines(const QString& text)
{
    QString made;
    made.reserve(text.size() + text.size() / kLineMost);
    qsizetype line = 0;
    for (const QChar c : text) {
        if (c == u'\n')
            line = 0;
        else if (line >= kLineMost && !c.isLowSurrogate()) {
            made += u'\n';
            line = 1;
        } else
            ++line;
        made += c;
    }
    return made;
}

QString hexDump(std::string_view data, std::size_t most)
{
    static constexpr char digits[] = "0123456789abcdef";
    const std::string_view part = data.substr(0, most);
    std::string text;
    text.reserve(part.size() / kHexRow * 78 + 80);
    for (std::size_t at = 0; at < part.size(); at += kHexRow) {
        for (int shift = 28; shift >= 0; shift -= 4)
            text += digits[(at >> shift) & 15];
        text += "  ";
        std::string letters;
        for (std::size_t i = 0; i < kHexRow; ++i) {
            if (i == kHexRow / 2)
                text += ' ';
            if (at + i >= part.size()) {
                text += "   ";
                continue;
            }
            const auto byte = static_cast<unsigned char>(part[at + i]);
            text += digits[byte >> 4];
            text += digits[byte & 15];
            text += ' ';
            letters += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
        }
        text += ' ' + letters + '\n';
    }
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

std::vector<DiffLine> diffLines(std::string_view before, std::string_view after)
{
    const QStringList a = linesOf(before);
    const QStringList b = linesOf(after);
    // Length of the longest common rest of both, from every pair of places.
    const auto width = static_cast<std::size_t>(b.size()) + 1;
    std::vector<std::uint16_t> common((static_cast<std::size_t>(a.size()) + 1) * width);
    const auto cell = [&](qsizetype i, qsizetype j) -> std::uint16_t& {
        return common[static_cast<std::size_t>(i) * width + static_cast<std::size_t>(j)];
    };
    for (qsizetype i = a.size() - 1; i >= 0; --i)
        for (qsizetype j = b.size() - 1; j >= 0; --j)
            cell(i, j) = a[i] == b[j] ? static_cast<std::uint16_t>(cell(i + 1, j + 1) + 1)
                                      : std::max(cell(i + 1, j), cell(i, j + 1));
    std::vector<DiffLine> lines;
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            lines.push_back({DiffLine::Kind::Same, a[i]});
            ++i;
            ++j;
        } else if (i < a.size() && (j == b.size() || cell(i + 1, j) >= cell(i, j + 1))) {
            lines.push_back({DiffLine::Kind::Gone, a[i++]});
        } else {
            lines.push_back({DiffLine::Kind::New, b[j++]});
        }
    }
    return lines;
}

QStringList recordFacts(const RecordPage::Row& record, std::string_view key)
{
    const SequenceNumber& number = record.number;
    QStringList facts {
        tr("Sequence number   %1").arg(toQt(number.text())),
        tr("  shard           %1, opened %2 UTC")
            .arg(number.shard.value)
            .arg(format::dateTime(SimTime::fromSeconds(number.shardCreatedAt))),
        tr("  counter         %1, rising within the shard").arg(number.counter),
        tr("  second          %1 UTC").arg(format::dateTime(SimTime::fromSeconds(number.recordAt))),
        tr("Arrival           %1 %2 UTC")
            .arg(format::dateTime(SimTime::fromMillis(record.arrivalMs)).left(10),
                 format::clockExact(SimTime::fromMillis(record.arrivalMs))),
        tr("Encryption        %1")
            .arg(record.encrypted ? QStringLiteral("KMS") : QStringLiteral("NONE")),
    };
    if (record.keyless) {
        facts += tr("Partition key     none: the service chose the shard");
        return facts;
    }
    const HashKey hash = md5(key);
    facts += tr("MD5 of the key    %1").arg(toQt(toHex(hash)));
    facts += tr("  as hash key     %1").arg(toQt(toDecimal(hash)));
    facts += tr("  in the space    %1 (an explicit hash key may have placed it elsewhere)")
                 .arg(QLocale().toString(hash.fraction(), 'f', 4));
    return facts;
}

QString cliCommand(const QString& url, const std::string& stream, const SequenceNumber& number)
{
    return QStringLiteral("aws kinesis get-records --endpoint-url %1 --limit 1 --shard-iterator "
                          "\"$(aws kinesis get-shard-iterator --endpoint-url %1 --stream-name %2 "
                          "--shard-id %3 --shard-iterator-type AT_SEQUENCE_NUMBER "
                          "--starting-sequence-number %4 --query ShardIterator --output text)\"")
        .arg(url, toQt(stream), toQt(shardIdText(number.shard)), toQt(number.text()));
}

} // namespace shardscope::ui
