#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/planner/plan.h"
#include "core/planner/report/svg.h"

/// A plan as a document, before it is Markdown, HTML or PDF: what stands in which order.
namespace shardscope::report {

struct Paragraph {
    std::string text;
    bool strong = false; ///< an answer
};
struct Bullets {
    std::vector<std::string> items;
};
struct Table {
    struct Column {
        std::string title;
        bool number = false; ///< flush right
    };
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;
    int marked = -1; ///< row that stands out
};
struct Picture {
    std::string words; ///< what it shows
    std::function<std::string(const SvgColours&)> draw; ///< an SVG document
};
using Block = std::variant<Paragraph, Bullets, Table, Picture>;

struct Section {
    int level = 2; ///< of its heading: 1 … 3
    std::string title;
    std::vector<Block> blocks;
};

/// Keeps references into `result`, which must outlive it.
[[nodiscard]] std::vector<Section> planDocument(const PlanResult& result);

} // namespace shardscope::report
