#include <array>
#include <cstdio>

#include "core/workload/payload.h"

namespace shardscope {
namespace {

constexpr std::array<std::string_view, 8> kSections {"shoes", "garden", "books", "kitchen",
                                                     "bikes", "toys",   "audio", "coats"};
constexpr std::array<std::string_view, 6> kCountries {"DE", "US", "FR", "IN", "BR", "JP"};
constexpr std::array<std::string_view, 4> kAgents {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/142.0 Mobile"};

/// Shares of a large shop's log: 96.7 % views, 2.5 % carts, 0.8 % purchases
/// (facts/scaling-and-pricing.md 8.2).
std::string_view funnelStep(std::uint64_t thousandth)
{
    return thousandth < 967 ? "view" : thousandth < 992 ? "cart" : "buy";
}

} // namespace

void writeClick(SizedObject& out, const PayloadFacts& f)
{
    const CounterRng& c = f.chance;
    const std::string_view step = funnelStep(c.below(1, 1000));
    const std::string_view section = kSections[c.below(2, kSections.size())];
    const std::uint64_t item = 1000 + c.below(3, 90'000);
    const double price = 5 + static_cast<double>(c.below(4, 19'500)) / 100;
    // A user's visits last about half an hour; then another session begins.
    const auto visit = static_cast<std::uint64_t>(f.createdMs / 1'800'000);
    std::array<char, 24> session {};
    std::snprintf(session.data(), session.size(), "%016llx",
                  static_cast<unsigned long long>(f.keyChance.bits(100 + visit)));
    std::string page(1, '/');
    page.append(section).append("/item-").append(std::to_string(item));

    out.text("event", step);
    out.text("user", f.key);
    out.text("ts", toIso(SimTime::fromMillis(f.createdMs)));
    out.text("session", session.data());
    out.text("page", step == "view" ? page : step == "cart" ? "/cart" : "/checkout/done");
    out.text("item", std::to_string(item));
    out.decimal("price", price, 2);
    out.text("currency", "EUR");
    out.integer("quantity", step == "view" ? 0 : 1 + static_cast<std::int64_t>(c.below(5, 3)));
    out.text("referrer", c.below(6, 3) == 0 ? "https://search.example/" : "/home");
    out.text("country", kCountries[f.keyChance.below(1, kCountries.size())]);
    out.text("agent", kAgents[f.keyChance.below(2, kAgents.size())]);
    out.text("ip", "203.0.113." + std::to_string(f.keyChance.below(3, 254) + 1));
    out.integer("viewport_width", f.keyChance.below(2, 4) % 2 == 0 ? 1440 : 390);
    out.integer("load_ms", 80 + static_cast<std::int64_t>(c.below(7, 1900)));
    out.integer("scroll_percent", static_cast<std::int64_t>(c.below(8, 101)));
    out.text("experiment", f.keyChance.below(4, 2) == 0 ? "checkout-a" : "checkout-b");
    out.text("campaign", c.below(9, 12) == 0 ? "autumn-sale" : "none");
    out.integer("n", static_cast<std::int64_t>(f.number));
}

} // namespace shardscope
