#include "core/consumers/flink_job.h"

#include <array>
#include <charconv>

namespace shardscope {
namespace {

using A = AnalyticsSpec::Aggregate;
using W = AnalyticsSpec::Window;

/// A Java string literal.
std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string millis(SimDuration d)
{
    return "Duration.ofMillis(" + std::to_string(d.inMillis()) + ")";
}

std::string number(double value)
{
    std::array<char, 32> text {};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end.ptr};
}

std::string sourceText(const ConsumerSpec& spec, const AnalyticsSpec& job,
                       const FlinkSource& source)
{
    std::string out = "        Configuration config = new Configuration();\n"
                      "        config.setString(\"aws.region\", "
        + quoted(source.region) + ");\n";
    if (!source.endpoint.empty())
        out += "        config.setString(\"aws.endpoint\", " + quoted(source.endpoint)
            + ");\n"
              "        config.setString(\"aws.trust.all.certificates\", \"true\");\n";
    out += "        config.setString(\"source.init.position\", \"";
    out += spec.start == StartPosition::Latest ? "LATEST" : "TRIM_HORIZON";
    out += "\");\n";
    if (job.fanOut)
        out += "        config.setString(\"source.reader.type\", \"EFO\");\n"
               "        config.setString(\"source.efo.consumer.name\", "
            + quoted(spec.name) + ");\n";
    else
        out += "        config.setString(\"source.shard.get-records.max-record-count\", \""
            + std::to_string(spec.recordsPerCall) + "\");\n";
    return out
        + "        KinesisStreamsSource<Event> source = KinesisStreamsSource.<Event>builder()\n"
          "                .setStreamArn("
        + quoted(source.streamArn)
        + ")\n"
          "                .setSourceConfig(config)\n"
          "                .setDeserializationSchema(new EventSchema())\n"
          "                .build();\n";
}

std::string watermarkText(const AnalyticsSpec& job)
{
    if (job.time == AnalyticsSpec::Time::Processing)
        return "WatermarkStrategy.<Event>noWatermarks()";
    std::string out = "WatermarkStrategy.<Event>forBoundedOutOfOrderness("
        + millis(job.outOfOrderness)
        + ")\n                .withTimestampAssigner((event, arrival) -> event.time)";
    if (job.idleness > SimDuration())
        out += "\n                .withIdleness(" + millis(job.idleness) + ")";
    return out;
}

std::string windowText(const AnalyticsSpec& job)
{
    const std::string time
        = job.time == AnalyticsSpec::Time::Event ? "EventTime" : "ProcessingTime";
    switch (job.window) {
    case W::Tumbling:
        return "Tumbling" + time + "Windows.of(" + millis(job.size) + ")";
    case W::Sliding:
        return "Sliding" + time + "Windows.of(" + millis(job.size) + ", " + millis(job.slide) + ")";
    case W::Session:
        break;
    }
    return time + "SessionWindows.withGap(" + millis(job.gap) + ")";
}

/// Of the values `v` of one key and window, sorted where the rank matters.
std::string valueText(const AnalyticsSpec& job)
{
    switch (job.aggregate) {
    case A::Sum:
        return "v.stream().mapToDouble(d -> d).sum()";
    case A::Average:
        return "v.stream().mapToDouble(d -> d).average().orElse(0)";
    case A::Minimum:
        return "Collections.min(v)";
    case A::Maximum:
        return "Collections.max(v)";
    case A::Percentile:
        return "v.stream().sorted().skip((long) Math.max(0, Math.ceil(" + number(job.percentile)
            + " / 100 * v.size()) - 1)).findFirst().get()";
    case A::Share:
        return "100.0 * v.stream().filter(d -> d >= " + number(job.threshold)
            + ").count() / v.size()";
    case A::TopK:
        if (!job.value.empty())
            return "v.stream().mapToDouble(d -> d).sum()";
        break;
    case A::Count:
        break;
    }
    return "(double) v.size()";
}

std::string schemaText(const AnalyticsSpec& job)
{
    std::string key = "\"\"";
    if (job.keyBy == kByPartitionKey)
        key = "record.partitionKey()";
    else if (job.keyBy == kByShard)
        key = "shardId";
    else if (!job.keyBy.empty())
        key = "json.required(" + quoted(job.keyBy) + ").asText()";
    std::string time = "record.approximateArrivalTimestamp().toEpochMilli()";
    std::string text;
    if (!job.timeField.empty()) {
        text = "            JsonNode ts = json.required(" + quoted(job.timeField) + ");\n";
        time = "ts.isNumber() ? ts.asLong() : Instant.parse(ts.asText()).toEpochMilli()";
    }
    const bool hasValue = !job.value.empty() && job.aggregate != A::Count;
    const bool json = hasValue || !job.timeField.empty() || key.starts_with("json");
    std::string out
        = "    /** A record that lacks a field is left out. */\n"
          "    public static class EventSchema implements KinesisDeserializationSchema<Event> {\n"
          "        private static final ObjectMapper MAPPER = new ObjectMapper();\n\n"
          "        @Override\n"
          "        public void deserialize(Record record, String stream, String shardId, "
          "Collector<Event> out) throws IOException {\n";
    if (json)
        out += "            JsonNode json;\n"
               "            try {\n"
               "                json = MAPPER.readTree(record.data().asByteArray());\n"
               "            } catch (JsonProcessingException notJson) {\n"
               "                return;\n"
               "            }\n";
    for (const std::string& field : {key.starts_with("json") ? job.keyBy : std::string(),
                                     hasValue ? job.value : std::string(), job.timeField})
        if (!field.empty())
            out += "            if (!json.hasNonNull(" + quoted(field) + ")) return;\n";
    out += text;
    out += "            out.collect(new Event(" + key + ", ";
    out += hasValue ? "json.get(" + quoted(job.value) + ").asDouble()" : "1";
    return out + ", " + time
        + "));\n"
          "        }\n\n"
          "        @Override\n"
          "        public TypeInformation<Event> getProducedType() {\n"
          "            return TypeInformation.of(Event.class);\n"
          "        }\n"
          "    }\n";
}

constexpr std::string_view kImports
    = "import com.fasterxml.jackson.core.JsonProcessingException;\n"
      "import com.fasterxml.jackson.databind.JsonNode;\n"
      "import com.fasterxml.jackson.databind.ObjectMapper;\n"
      "import java.io.IOException;\n"
      "import java.time.Duration;\n"
      "import java.time.Instant;\n"
      "import java.util.*;\n"
      "import org.apache.flink.api.common.eventtime.WatermarkStrategy;\n"
      "import org.apache.flink.api.common.typeinfo.TypeInformation;\n"
      "import org.apache.flink.configuration.Configuration;\n"
      "import org.apache.flink.connector.kinesis.source.KinesisStreamsSource;\n"
      "import org.apache.flink.connector.kinesis.source.serialization."
      "KinesisDeserializationSchema;\n"
      "import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;\n"
      "import org.apache.flink.streaming.api.functions.windowing.*;\n"
      "import org.apache.flink.streaming.api.windowing.assigners.*;\n"
      "import org.apache.flink.streaming.api.windowing.windows.TimeWindow;\n"
      "import org.apache.flink.util.Collector;\n"
      "import software.amazon.awssdk.services.kinesis.model.Record;\n\n";

constexpr std::string_view kEvent = "    public static class Event {\n"
                                    "        public String key;\n"
                                    "        public double value;\n"
                                    "        public long time;\n"
                                    "        public Event() {}\n"
                                    "        public Event(String key, double value, long time) {\n"
                                    "            this.key = key;\n"
                                    "            this.value = value;\n"
                                    "            this.time = time;\n"
                                    "        }\n"
                                    "    }\n\n";

/// What is done when a window fires: per key, or of all keys the largest k.
std::string processText(const AnalyticsSpec& job)
{
    const bool top = job.aggregate == A::TopK;
    std::string out = top
        ? "                .process(new ProcessAllWindowFunction<Event, String, TimeWindow>() {\n"
          "                    @Override\n"
          "                    public void process(Context context, Iterable<Event> events, "
          "Collector<String> out) {\n"
        : "                .process(new ProcessWindowFunction<Event, String, String, TimeWindow>() "
          "{\n"
          "                    @Override\n"
          "                    public void process(String key, Context context, Iterable<Event> "
          "events, Collector<String> out) {\n";
    if (top)
        out += "                        Map<String, List<Double>> byKey = new HashMap<>();\n"
               "                        for (Event e : events)\n"
               "                            byKey.computeIfAbsent(e.key, k -> new "
               "ArrayList<>()).add(e.value);\n"
               "                        byKey.entrySet().stream()\n"
               "                                .sorted(Comparator.comparingDouble((Map.Entry<"
               "String, List<Double>> e) -> -answer(e.getValue()))\n"
               "                                        .thenComparing(Map.Entry::getKey))\n"
               "                                .limit("
            + std::to_string(job.k)
            + ")\n"
              "                                .forEach(e -> out.collect(context.window() + \" \" "
              "+ "
              "e.getKey() + \" \" + answer(e.getValue())));\n";
    else
        out += "                        List<Double> v = new ArrayList<>();\n"
               "                        for (Event e : events)\n"
               "                            v.add(e.value);\n"
               "                        out.collect(context.window() + \" \" + key + \" \" + "
               "answer(v));\n";
    return out + "                    }\n                })\n";
}

} // namespace

std::string flinkJob(const ConsumerSpec& spec, const FlinkSource& source)
{
    const AnalyticsSpec job = resolved(spec.analytics);
    std::string out(kImports);
    out += "public class StreamJob {\n    public static void main(String[] args) throws Exception "
           "{\n";
    out += sourceText(spec, job, source);
    out += "        StreamExecutionEnvironment env = "
           "StreamExecutionEnvironment.getExecutionEnvironment();\n"
           "        env.setParallelism("
        + std::to_string(job.parallelism) + ");\n        env.enableCheckpointing("
        + std::to_string(job.checkpointInterval.inMillis()) + ");\n";
    out += "        env.fromSource(source, " + watermarkText(job) + ", " + quoted(spec.name)
        + ")\n";
    const bool top = job.aggregate == A::TopK;
    if (!top)
        out += "                .keyBy(event -> event.key)\n";
    out += std::string("                .") + (top ? "windowAll(" : "window(") + windowText(job)
        + ")\n";
    if (job.time == AnalyticsSpec::Time::Event && job.allowedLateness > SimDuration())
        out += "                .allowedLateness(" + millis(job.allowedLateness) + ")\n";
    out += processText(job);
    out += "                .print();\n        env.execute(" + quoted(spec.name) + ");\n    }\n\n";
    out += "    static double answer(List<Double> v) {\n        return " + valueText(job)
        + ";\n    }\n\n";
    out += kEvent;
    return out + schemaText(job) + "}\n";
}

} // namespace shardscope
