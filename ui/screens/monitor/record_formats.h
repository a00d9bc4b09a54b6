#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <string_view>
#include <vector>

#include "core/endpoint/inflate.h"
#include "core/engine/requests.h"

/// What can be said about a record's bytes; nothing here trusts them.
namespace shardscope::ui {

enum class DataKind { Empty, Text, Json, Aggregate, Gzip, Binary };
[[nodiscard]] DataKind kindOf(std::string_view data);
[[nodiscard]] QString kindText(DataKind kind);

/// What is inside a gzip, at most `most` bytes of it; none for everything else. However far it
/// would swell, no more than that is held.
[[nodiscard]] std::optional<endpoint::Inflated> unpacked(std::string_view data, std::size_t most);

/// Whether the bytes occur in the data, or in the first 64 KiB of what is packed in it. What is
/// unpacked for it is taken from `budget`, bytes; when that is spent, packed data has no hit.
[[nodiscard]] bool holds(std::string_view data, std::string_view bytes, std::size_t* budget);

/// The beginning on one line: text as it is, what it is otherwise.
[[nodiscard]] QString preview(std::string_view data, std::size_t most);
/// UTF-8, with a sign for every byte that is none; JSON indented. At most `most` bytes are read.
[[nodiscard]] QString dataText(std::string_view data, std::size_t most);
/// The same text with lines beyond 1,000 letters continued on the next one: a line is laid out as a
/// whole, and one of 256 KiB holds the window up for seconds.
[[nodiscard]] QString withShortLines(const QString& text);
/// Sixteen bytes a line: offset, hexadecimal, letters. At most `most` bytes are shown.
[[nodiscard]] QString hexDump(std::string_view data, std::size_t most);

struct DiffLine {
    enum class Kind { Same, Gone, New } kind = Kind::Same;
    QString text;
};
/// Line by line, JSON indented first. Of texts beyond 400 lines the rest is left out.
[[nodiscard]] std::vector<DiffLine> diffLines(std::string_view before, std::string_view after);

/// The parts of a sequence number, and how the record was stored, one fact on a line.
[[nodiscard]] QStringList recordFacts(const RecordPage::Row& record, std::string_view key);

/// What a shell takes to read this record again with the AWS CLI.
[[nodiscard]] QString cliCommand(const QString& url, const std::string& stream,
                                 const SequenceNumber& number);

} // namespace shardscope::ui
