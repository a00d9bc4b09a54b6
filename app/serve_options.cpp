#include "app/serve_options.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace shardscope {
namespace {

tl::unexpected<Error> wrong(std::string sentence)
{
    return fail(ErrorCode::BadInput, std::move(sentence));
}

std::string shown(const std::string& value)
{
    return '"' + value + '"';
}

Result<void> addAddress(const char* option, const std::string& value,
                        std::vector<endpoint::ListenAddress>& addresses)
{
    auto address = endpoint::ListenAddress::parse(value);
    if (!address)
        return wrong(std::string(option) + ": " + address.error().message);
    addresses.push_back(*std::move(address));
    return {};
}

Result<void> takeText(const char* option, const std::string& value, std::string& target)
{
    if (value.empty())
        return wrong(std::string(option) + ": must not be empty");
    target = value;
    return {};
}

/// `NAME:4` or `NAME:on-demand`. The name's own rules are the service's to tell.
Result<void> addStream(const std::string& value, std::vector<CreateStream>& create)
{
    const std::size_t colon = value.rfind(':');
    const auto refuse = [&] {
        return wrong("--create: must be NAME:SHARDS or NAME:on-demand, such as demo:2, not "
                     + shown(value));
    };
    if (colon == std::string::npos || colon == 0)
        return refuse();
    CreateStream stream {.streamName = value.substr(0, colon)};
    const std::string rest = value.substr(colon + 1);
    if (rest == "on-demand") {
        stream.mode = StreamMode::OnDemand;
    } else {
        std::int64_t shards = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), shards);
        if (error != std::errc {} || end != rest.data() + rest.size() || shards < 1)
            return refuse();
        stream.shardCount = shards;
    }
    create.push_back(std::move(stream));
    return {};
}

/// `service`, `off`, or the kinds that hold: `write,read`.
Result<void> takeLimits(const std::string& value, ThrottlingSwitches& switches)
{
    if (value == "service") {
        switches = {};
        return {};
    }
    switches = {.write = false, .read = false, .control = false, .quotas = false};
    if (value == "off")
        return {};
    struct Kind {
        std::string_view name;
        bool ThrottlingSwitches::*on;
    };
    static constexpr Kind kKinds[] = {{"write", &ThrottlingSwitches::write},
                                      {"read", &ThrottlingSwitches::read},
                                      {"control", &ThrottlingSwitches::control},
                                      {"quotas", &ThrottlingSwitches::quotas}};
    for (std::size_t at = 0; at <= value.size();) {
        const std::size_t comma = std::min(value.find(',', at), value.size());
        const std::string_view word = std::string_view(value).substr(at, comma - at);
        const auto* const kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                              [&](const Kind& k) { return k.name == word; });
        if (kind == std::end(kKinds))
            return wrong("--limits: must be service, off, or a list of write, read, control and "
                         "quotas, not "
                         + shown(value));
        switches.*kind->on = true;
        at = comma + 1;
    }
    return {};
}

/// `service`, `none`, or one figure in milliseconds for every change.
Result<void> takeDelays(const std::string& value, ServiceTimings& timings)
{
    if (value == "service") {
        timings = {};
        return {};
    }
    std::int64_t ms = 0;
    if (value != "none") {
        const auto read = integerValue("--delays", value, 0, 3'600'000);
        if (!read)
            return wrong("--delays: must be service, none or milliseconds up to 3600000, not "
                         + shown(value));
        ms = *read;
    }
    timings.create = timings.update = timings.reshard = SimDuration::millis(ms);
    return {};
}

Result<void> takeAccount(const std::string& value, std::string& account)
{
    if (value.size() != 12 || value.find_first_not_of("0123456789") != std::string::npos)
        return wrong("--account: must be 12 digits, not " + shown(value));
    account = value;
    return {};
}

Result<void> takeRegion(const std::string& value, std::string& region)
{
    constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    if (value.empty() || value.size() > 32
        || value.find_first_not_of(kLetters) != std::string::npos)
        return wrong("--region: must be a region's name such as us-east-1, not " + shown(value));
    region = value;
    return {};
}

Result<void> takeMemory(const std::string& value, Bytes& memory)
{
    const auto bytes = parseBytes(value);
    if (!bytes || *bytes < static_cast<double>(16_MiB) || *bytes > static_cast<double>(1'024_GiB))
        return wrong("--memory: must be an amount between 16MiB and 1024GiB such as 1GiB, not "
                     + shown(value));
    memory = static_cast<Bytes>(*bytes);
    return {};
}

Result<void> takeLog(const std::string& value, ServeOptions::Log& log)
{
    if (value != "text" && value != "json")
        return wrong("--log: must be text or json, not " + shown(value));
    log = value == "json" ? ServeOptions::Log::Json : ServeOptions::Log::Text;
    return {};
}

Result<void> takeQuota(const char* option, const std::string& value,
                       std::optional<std::int64_t>& quota)
{
    const auto read = integerValue(option, value, 1, 1'000'000);
    if (!read)
        return tl::unexpected(read.error());
    quota = *read;
    return {};
}

Result<void> takeCommitInterval(const std::string& value, SimDuration& interval)
{
    const auto duration = parseDuration(value);
    if (!duration || *duration > SimDuration::seconds(10))
        return wrong("--commit-interval: must be between 0ms and 10s, not " + shown(value));
    interval = *duration;
    return {};
}

std::function<Result<void>(const std::string&)> sets(bool& flag)
{
    return [&flag](const std::string&) {
        flag = true;
        return Result<void> {};
    };
}

/// Who may come in from where: beyond this machine only with keys that are checked and with TLS.
Result<void> checkReach(const ServeOptions& o)
{
    if (o.insecure)
        return {};
    const auto beyond = [](const endpoint::ListenAddress& a) { return !a.loopback(); };
    const auto plain = std::find_if(o.listen.begin(), o.listen.end(), beyond);
    if (plain != o.listen.end())
        return wrong("--listen " + plain->text()
                     + " can be reached from other machines without TLS: use --tls-listen with "
                       "--credentials FILE, or say --insecure");
    const auto tls = std::find_if(o.tlsListen.begin(), o.tlsListen.end(), beyond);
    if (tls != o.tlsListen.end() && o.credentials.empty())
        return wrong("--tls-listen " + tls->text()
                     + " can be reached from other machines and every key would be accepted: name "
                       "the keys with --credentials FILE, or say --insecure");
    return {};
}

Result<void> checkTogether(const ServeOptions& o)
{
    if (o.tlsCertificate.empty() != o.tlsKey.empty())
        return wrong("--tls-certificate and --tls-key go together: name both files");
    if (!o.tlsCertificate.empty() && o.tlsListen.empty())
        return wrong("--tls-certificate needs --tls-listen ADDR:PORT");
    return checkReach(o);
}

} // namespace

std::vector<Option> serveOptionList(ServeOptions& o)
{
    using Text = const std::string&;
    return {
        {"--listen", "ADDR:PORT", "HTTP/1.1 and HTTP/2; 127.0.0.1:4567 unless given; repeatable",
         [&o](Text v) { return addAddress("--listen", v, o.listen); }},
        {"--tls-listen", "ADDR:PORT", "the same over TLS, such as 127.0.0.1:4568; repeatable",
         [&o](Text v) { return addAddress("--tls-listen", v, o.tlsListen); }},
        {"--tls-certificate", "FILE", "PEM; unless given, one for localhost is made and kept",
         [&o](Text v) { return takeText("--tls-certificate", v, o.tlsCertificate); }},
        {"--tls-key", "FILE", "PEM, of that certificate",
         [&o](Text v) { return takeText("--tls-key", v, o.tlsKey); }},
        {"--data", "DIR", "keeps everything in this folder; unless given, in memory",
         [&o](Text v) { return takeText("--data", v, o.data); }},
        {"--commit-interval", "0ms", "how long a commit may gather; more is faster and later",
         [&o](Text v) { return takeCommitInterval(v, o.commitInterval); }},
        {"--keys", "FILE", "master keys for encryption at rest; DIR/keys.json unless given",
         [&o](Text v) { return takeText("--keys", v, o.keys); }},
        {"--channels", "DIR",
         "stands for S3: channels deliver to DIR/BUCKET; in --data unless given",
         [&o](Text v) { return takeText("--channels", v, o.channels); }},
        {"--agent", "FILE", "follows log files into streams, as this agent.json says",
         [&o](Text v) { return takeText("--agent", v, o.agent); }},
        {"--readers", "FILE",
         "runs these readers beside the clients: Lambda, Firehose, KCL, queries",
         [&o](Text v) { return takeText("--readers", v, o.readers); }},
        {"--memory", "1GiB", "for records in memory",
         [&o](Text v) { return takeMemory(v, o.service.memoryBudget); }},
        {"--limits", "service|off|LIST", "which limits hold: write,read,control,quotas",
         [&o](Text v) { return takeLimits(v, o.service.throttling); }},
        {"--shard-limit", "N", "shards of the account, 20000 unless given",
         [&o](Text v) { return takeQuota("--shard-limit", v, o.service.account.shards); }},
        {"--on-demand-limit", "N", "on-demand streams of the account, 50 unless given",
         [&o](Text v) {
             return takeQuota("--on-demand-limit", v, o.service.account.onDemandStreams);
         }},
        {"--advantage", "", "an On-demand Advantage account", sets(o.service.advantage)},
        {"--delays", "service|none|MS", "how long creating, updating and resharding take",
         [&o](Text v) { return takeDelays(v, o.service.timings); }},
        {"--credentials", "FILE", "checks every signature against the keys in this file",
         [&o](Text v) { return takeText("--credentials", v, o.credentials); }},
        {"--insecure", "", "lets other machines in without keys and TLS", sets(o.insecure)},
        {"--account", "000000000000", "the account id in ARNs",
         [&o](Text v) { return takeAccount(v, o.service.accountId); }},
        {"--region", "us-east-1", "the Region in ARNs and signatures",
         [&o](Text v) { return takeRegion(v, o.service.region); }},
        {"--create", "NAME:SHARDS|NAME:on-demand",
         "makes this stream if it is not there; repeatable",
         [&o](Text v) { return addStream(v, o.create); }},
        {"--threads", "1", "of the network",
         [&o](Text v) -> Result<void> {
             const auto read = integerValue("--threads", v, 1, 64);
             if (!read)
                 return tl::unexpected(read.error());
             o.threads = *read;
             return {};
         }},
        {"--window", "", "shows it in the Monitor workspace", sets(o.window)},
        {"--log", "text|json", "one line a happening on standard error",
         [&o](Text v) { return takeLog(v, o.log); }},
        {"--help", "", "this text", sets(o.help)},
    };
}

Result<ServeOptions> parseServeOptions(std::span<const std::string> arguments)
{
    ServeOptions options;
    const auto read = readArguments(
        arguments, serveOptionList(options), [](const std::string& word) -> Result<void> {
            return wrong("serve takes no bare words; " + shown(word) + " is one");
        });
    if (!read)
        return tl::unexpected(read.error());
    if (options.listen.empty() && options.tlsListen.empty())
        options.listen.push_back({.host = "127.0.0.1", .port = 4567});
    if (auto ok = checkTogether(options); !ok)
        return tl::unexpected(ok.error());
    return options;
}

} // namespace shardscope
