#include "core/base/json_writer.h"
#include "core/planner/plan_json.h"

namespace shardscope {
namespace {

constexpr auto kLine = JsonWriter::Layout::Line;

/// Objects of `shardscope.plan/1`, field by field in a fixed order.
class PlanWriter {
public:
    [[nodiscard]] std::string write(const PlanResult& result)
    {
        m_json.beginObject();
        text("schema", "shardscope.plan/1");
        text("region", result.region);
        text("priceDate", result.priceDate);
        integer("days", result.days);
        number("targetRefusedPercent", 100 * result.targetRefused);
        m_json.name("seed");
        m_json.natural(result.seed);
        list("streams", result.streams, [this](const StreamPlan& s) { stream(s); });
        m_json.name("account");
        m_json.beginObject();
        money("cheapestProvisionedUsd", result.cheapestProvisionedUsd);
        money("standardUsd", result.standardUsd);
        money("advantageUsd", result.advantageUsd);
        bill("advantageBill", result.advantageBill);
        m_json.endObject();
        m_json.endObject();
        return m_json.take();
    }

private:
    void text(const char* name, std::string_view value)
    {
        m_json.name(name);
        m_json.text(value);
    }
    void number(const char* name, double value)
    {
        m_json.name(name);
        m_json.number(value);
    }
    void integer(const char* name, std::int64_t value)
    {
        m_json.name(name);
        m_json.integer(value);
    }
    void flag(const char* name, bool value)
    {
        m_json.name(name);
        m_json.flag(value);
    }
    /// A price that is missing makes null, never zero.
    void money(const char* name, const std::optional<double>& usd)
    {
        m_json.name(name);
        usd ? m_json.number(*usd) : m_json.null();
    }
    template <typename Items, typename Put>
    void list(const char* name, const Items& items, const Put& put)
    {
        m_json.name(name);
        m_json.beginList();
        for (const auto& item : items)
            put(item);
        m_json.endList();
    }

    void bill(const char* name, const Bill& lines)
    {
        list(name, lines, [this](const CostLine& line) {
            m_json.beginObject(kLine);
            text("item", line.item);
            number("quantity", line.quantity);
            text("unit", line.unit);
            money("price", line.price);
            money("usd", line.usd());
            m_json.endObject();
        });
    }

    void stream(const StreamPlan& s)
    {
        m_json.beginObject();
        text("name", s.name);
        flag("measured", s.measured);
        text("start", toIso(s.start));
        m_json.name("mean");
        rate(s.meanRecords, s.meanBytes);
        m_json.name("busiestMinute");
        rate(s.peakRecords, s.peakBytes);
        m_json.name("busiestSecond");
        rate(s.peakSecondRecords, s.peakSecondBytes);
        text("worstHour", toIso(s.worstHour));
        number("topKeyPercent", 100 * s.topKeyShare);
        integer("bareShards", s.bareShards);
        integer("fixedShards", s.fixedShards);
        text("bindingLimit", wordOf(s.binding));
        list("limits", s.uses, [this](const LimitUse& use) {
            m_json.beginObject(kLine);
            text("limit", wordOf(use.limit));
            number("percent", use.percent);
            number("shards", use.shards);
            text("formula", use.formula);
            m_json.endObject();
        });
        m_json.name("cheapest");
        if (s.cheapest < 0)
            m_json.null();
        else
            m_json.text(wordOf(s.options[static_cast<std::size_t>(s.cheapest)].mode));
        list("options", s.options, [this](const PlanOption& o) { option(o); });
        list("quantiles", s.quantiles, [this](const OptionQuantiles& q) {
            m_json.beginObject(kLine);
            text("mode", wordOf(q.mode));
            quantiles("shards", q.shards);
            if (q.usd)
                quantiles("usd", *q.usd);
            number("meetsTargetPercent", 100 * q.meetsTarget);
            m_json.endObject();
        });
        breakEven(s.breakEven);
        studies(s);
        list("notes", s.notes, [this](const std::string& note) { m_json.text(note); });
        m_json.endObject();
    }

    void rate(double records, double bytes)
    {
        m_json.beginObject(kLine);
        number("recordsPerSecond", records);
        number("bytesPerSecond", bytes);
        m_json.endObject();
    }

    void quantiles(const char* name, const Quantiles& q)
    {
        m_json.name(name);
        m_json.beginObject(kLine);
        number("p10", q.p10);
        number("p50", q.p50);
        number("p90", q.p90);
        m_json.endObject();
    }

    void option(const PlanOption& o)
    {
        m_json.beginObject();
        text("mode", wordOf(o.mode));
        flag("meetsTarget", o.meetsTarget);
        integer("shardsFirst", o.shardsFirst);
        integer("shardsLeast", o.shardsLeast);
        integer("shardsMost", o.shardsMost);
        integer("changes", o.changes);
        if (o.warmMiBps)
            integer("warmThroughputMiBps", *o.warmMiBps);
        number("refusedPercent", 100 * o.refusedShare);
        number("lostPercent", 100 * o.lostShare);
        number("peakPercent", o.peakPercent);
        m_json.name("worstSecond");
        if (o.worst.refused > 0) {
            m_json.beginObject(kLine);
            text("at", toIso(o.worst.at));
            number("refusedRecords", o.worst.refused);
            number("refusedPercent", 100 * o.worst.share);
            m_json.endObject();
        } else {
            m_json.null();
        }
        number("maxIteratorAgeMs", 1'000 * o.maxAgeSeconds);
        number("readPercent", o.readPercent);
        money("usdPerMonth", o.usd);
        bill("bill", o.bill);
        if (!o.schedule.empty())
            list("schedule", o.schedule, [this](const ScheduleStep& step) {
                m_json.beginObject(kLine);
                text("days", step.weekend ? "weekend" : "weekdays");
                integer("hour", step.hour);
                integer("shards", step.shards);
                m_json.endObject();
            });
        hours(o.hours);
        text("remark", o.remark);
        m_json.endObject();
    }

    /// Columns, one value an hour.
    void hours(const std::vector<PlanHour>& rows)
    {
        m_json.name("hours");
        m_json.beginObject();
        const auto column = [&](const char* name, auto value) {
            m_json.name(name);
            m_json.beginList(kLine);
            for (const PlanHour& hour : rows)
                m_json.number(value(hour));
            m_json.endList();
        };
        column("offeredRecordsPerSecond", [](const PlanHour& h) { return h.offeredRecords; });
        column("offeredBytesPerSecond", [](const PlanHour& h) { return h.offeredBytes; });
        column("peakPercent", [](const PlanHour& h) { return h.peakPercent; });
        column("usePercent", [](const PlanHour& h) { return h.usePercent; });
        column("refusedPercent",
               [](const PlanHour& h) { return h.attempts > 0 ? 100 * h.refused / h.attempts : 0; });
        column("lostRecords", [](const PlanHour& h) { return h.lost; });
        column("shards", [](const PlanHour& h) { return h.shards; });
        column("maxIteratorAgeMs", [](const PlanHour& h) { return 1'000 * h.maxAgeSeconds; });
        m_json.endObject();
    }

    void breakEven(const BreakEven& b)
    {
        m_json.name("breakEven");
        m_json.beginObject();
        m_json.name("utilisationPercent");
        b.utilisation ? m_json.number(100 * *b.utilisation) : m_json.null();
        m_json.name("advantageFromMiBps");
        b.advantageFromMiBps ? m_json.number(*b.advantageFromMiBps) : m_json.null();
        list("curve", b.curve, [this](const BreakEvenPoint& p) {
            m_json.beginObject(kLine);
            number("meanMiBps", p.meanMiBps);
            money("provisionedUsd", p.provisioned);
            money("standardUsd", p.standard);
            money("advantageUsd", p.advantage);
            m_json.endObject();
        });
        m_json.endObject();
    }

    void studies(const StreamPlan& s)
    {
        list("sensitivity", s.sensitivity, [this](const SensitivityRow& row) {
            m_json.beginObject(kLine);
            text("input", row.input);
            text("from", row.from);
            text("to", row.to);
            money("usdFrom", row.usdFrom);
            money("usdTo", row.usdTo);
            integer("shardsFrom", row.shardsFrom);
            integer("shardsTo", row.shardsTo);
            m_json.endObject();
        });
        list("advice", s.advice, [this](const PlanAdvice& a) {
            m_json.beginObject();
            text("text", a.text);
            text("mode", wordOf(a.mode));
            integer("shardsBefore", a.shardsBefore);
            integer("shardsAfter", a.shardsAfter);
            money("usdBefore", a.usdBefore);
            money("usdAfter", a.usdAfter);
            number("refusedPercentBefore", 100 * a.refusedBefore);
            number("refusedPercentAfter", 100 * a.refusedAfter);
            m_json.endObject();
        });
        list("skew", s.skew, [this](const SkewRow& row) {
            m_json.beginObject(kLine);
            integer("shards", row.shards);
            number("ratio", row.ratio);
            number("usableMiBps", row.usableMiBps);
            m_json.endObject();
        });
    }

    JsonWriter m_json;
};

} // namespace

std::string planJson(const PlanResult& result)
{
    return PlanWriter().write(result);
}

} // namespace shardscope
