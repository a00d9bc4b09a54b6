#include "core/planner/report/plan_report.h"

#include <algorithm>

#include "core/base/json_writer.h"
#include "core/planner/report/plan_document.h"

namespace shardscope {
namespace {

using namespace report;

template <typename... Ts> struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <typename... Ts> Overloaded(Ts...) -> Overloaded<Ts...>;

/// What Markdown gives a meaning, taken as it stands.
std::string plain(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '|' || c == '*' || c == '_' || c == '`' || c == '<' || c == '['
            || c == '#')
            out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

void putTable(std::string& out, const Table& table)
{
    for (const Table::Column& column : table.columns)
        out += "| " + plain(column.title) + ' ';
    out += "|\n";
    for (const Table::Column& column : table.columns)
        out += column.number ? "| ---: " : "| --- ";
    out += "|\n";
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const char* strong = static_cast<int>(r) == table.marked ? "**" : "";
        for (const std::string& cell : table.rows[r])
            out += "| " + (cell.empty() ? std::string() : strong + plain(cell) + strong) + ' ';
        out += "|\n";
    }
    out += '\n';
}

/// The inside of an HTML document; a picture is whatever `picture` makes of it.
template <typename PictureText>
std::string htmlBody(const std::vector<Section>& sections, const PictureText& picture)
{
    std::string out;
    for (const Section& section : sections) {
        const std::string h = std::string(1, 'h') + std::to_string(section.level);
        out += '<' + h + '>' + escaped(section.title) + "</" + h + ">\n";
        for (const Block& block : section.blocks)
            std::visit(Overloaded {
                           [&](const Paragraph& p) {
                               out += (p.strong ? "<p class=\"answer\"><b>" : "<p>")
                                   + escaped(p.text) + (p.strong ? "</b></p>\n" : "</p>\n");
                           },
                           [&](const Bullets& b) {
                               out += "<ul>\n";
                               for (const std::string& item : b.items)
                                   out += "<li>" + escaped(item) + "</li>\n";
                               out += "</ul>\n";
                           },
                           [&](const Table& t) {
                               out += "<div class=\"wide\"><table cellspacing=\"0\" "
                                      "cellpadding=\"4\">\n<tr>";
                               for (const Table::Column& c : t.columns)
                                   out += std::string("<th align=\"")
                                       + (c.number ? "right" : "left") + "\">" + escaped(c.title)
                                       + "</th>";
                               out += "</tr>\n";
                               for (std::size_t r = 0; r < t.rows.size(); ++r) {
                                   const bool marked = static_cast<int>(r) == t.marked;
                                   out += marked ? "<tr class=\"marked\">" : "<tr>";
                                   for (std::size_t i = 0; i < t.rows[r].size(); ++i)
                                       out += std::string("<td align=\"")
                                           + (t.columns[i].number ? "right" : "left") + "\">"
                                           + (marked ? "<b>" : "") + escaped(t.rows[r][i])
                                           + (marked ? "</b>" : "") + "</td>";
                                   out += "</tr>\n";
                               }
                               out += "</table></div>\n";
                           },
                           [&](const Picture& p) { out += picture(p); },
                       },
                       block);
    }
    return out;
}

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #1f2430; --page: #f4f5f8; --card: #ffffff; --faint: #5d6577; --line: #dde1e9; --mark: #eaf2ff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --page: #14171e; --card: #1c2029; --faint: #a2a9b8; --line: #343a48; --mark: #24344f; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 28px; margin: 40px 0 8px; } h1:first-child { margin-top: 0; }
h2 { font-size: 18px; margin: 36px 0 8px; }
p { margin: 6px 0; } p.answer { font-size: 20px; line-height: 1.35; margin: 4px 0 12px; }
ul { margin: 8px 0; padding-left: 22px; } li { margin: 3px 0; }
.wide { overflow-x: auto; margin: 14px 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 13.5px; }
th { color: var(--faint); font-weight: 600; font-size: 12px; } th, td { padding: 7px 10px; white-space: nowrap; }
tr + tr td { border-top: 1px solid var(--line); } tr.marked td { background: var(--mark); }
figure { margin: 14px 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px; }
figure svg { display: block; width: 100%; height: auto; } .dark { display: none; }
@media (prefers-color-scheme: dark) { .light { display: none; } .dark { display: block; } }
@media print { body { background: #fff; } .dark { display: none; } .light { display: block; } figure, .wide { break-inside: avoid; } }
)";

} // namespace

std::string planMarkdown(const PlanResult& result)
{
    std::string out;
    for (const Section& section : planDocument(result)) {
        out += std::string(static_cast<std::size_t>(section.level), '#') + ' '
            + plain(section.title) + "\n\n";
        for (const Block& block : section.blocks)
            std::visit(Overloaded {
                           [&](const Paragraph& p) {
                               out += (p.strong ? "**" + plain(p.text) + "**" : plain(p.text))
                                   + "\n\n";
                           },
                           [&](const Bullets& b) {
                               for (const std::string& item : b.items)
                                   out += "- " + plain(item) + '\n';
                               out += '\n';
                           },
                           [&](const Table& t) { putTable(out, t); },
                           [](const Picture&) {},
                       },
                       block);
    }
    return out;
}

std::string planHtml(const PlanResult& result)
{
    const std::vector<Section> sections = planDocument(result);
    const std::string body = htmlBody(sections, [](const Picture& p) {
        return "<figure><div class=\"light\">\n" + p.draw(lightColours())
            + "</div><div class=\"dark\" aria-hidden=\"true\">\n" + p.draw(darkColours())
            + "</div></figure>\n";
    });
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Plan "
           "of "
        + escaped(sections.front().title) + "</title>\n<style>" + kStyle
        + "</style>\n</head>\n<body><main>\n" + body + "</main></body>\n</html>\n";
}

PrintablePlan printablePlan(const PlanResult& result)
{
    PrintablePlan out;
    out.html = htmlBody(planDocument(result), [&out](const Picture& p) {
        out.pictures.push_back(p.draw(lightColours()));
        return "<p><img src=\"picture-" + std::to_string(out.pictures.size() - 1) + "\"></p>\n";
    });
    return out;
}

std::string planCsv(const PlanResult& result)
{
    std::string out = "timeUtc,stream,mode,offeredRecordsPerSecond,offeredBytesPerSecond,"
                      "usePercent,peakPercent,attempts,"
                      "refused,lost,shards,maxIteratorAgeSeconds,usd\n";
    for (const StreamPlan& stream : result.streams)
        for (const PlanOption& option : stream.options)
            for (std::size_t h = 0; h < option.hours.size(); ++h) {
                const PlanHour& hour = option.hours[h];
                out += toIso(stream.start + SimDuration::hours(static_cast<std::int64_t>(h))) + ','
                    + stream.name + ',' + wordOf(option.mode);
                for (const double value :
                     {hour.offeredRecords, hour.offeredBytes, hour.usePercent, hour.peakPercent,
                      hour.attempts, hour.refused, hour.lost, hour.shards, hour.maxAgeSeconds})
                    out += ',' + numberText(value);
                out += ',' + (hour.usd ? numberText(*hour.usd) : std::string()) + '\n';
            }
    return out;
}

} // namespace shardscope
