#include <array>
#include <cmath>

#include "core/workload/payload.h"

namespace shardscope {
namespace {

constexpr std::array<std::string_view, 7> kPaths {
    "/", "/api/items", "/api/cart", "/api/login", "/static/app.js", "/api/search", "/health"};

int statusOf(std::uint64_t thousandth)
{
    if (thousandth < 930)
        return 200;
    if (thousandth < 955)
        return 304;
    if (thousandth < 985)
        return 404;
    return thousandth < 995 ? 500 : 503;
}

} // namespace

void writeLogLine(SizedObject& out, const PayloadFacts& f)
{
    const CounterRng& c = f.chance;
    const std::size_t path = c.below(1, kPaths.size());
    const int status = statusOf(c.below(2, 1000));
    // Answers are mostly quick with a long tail.
    const double ms = 3 * std::exp(3.2 * c.unit(3) * c.unit(4)) + (status >= 500 ? 900 : 0);
    std::string target(kPaths[path]);
    if (path == 1)
        target.append(1, '/').append(std::to_string(1000 + c.below(5, 90'000)));
    out.text("ts", toIso(SimTime::fromMillis(f.createdMs)));
    out.text("host", f.key);
    out.text("level", status >= 500 ? "error" : status == 404 ? "warn" : "info");
    out.text("method", path == 2 || path == 3 ? "POST" : "GET");
    out.text("path", target);
    out.integer("status", status);
    out.decimal("latency_ms", ms, 1);
    out.integer("bytes", status == 304 ? 0 : 180 + static_cast<std::int64_t>(c.below(6, 40'000)));
    out.text("ip", "198.51.100." + std::to_string(c.below(7, 254) + 1));
    out.integer("request", static_cast<std::int64_t>(f.number));
    out.text("proto", "HTTP/1.1");
    out.text("agent", c.below(8, 5) == 0 ? "curl/8.14.1" : "Mozilla/5.0 (X11; Linux x86_64)");
}

} // namespace shardscope
