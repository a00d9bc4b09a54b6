#include "app/serve.h"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <iostream>

#include "app/ending_signals.h"
#include "app/headless.h"
#include "app/serve_log.h"
#include "app/served_endpoint.h"
#include "core/base/json_writer.h"
#include "core/endpoint/connect_lines.h"

namespace shardscope {
namespace {

int help(ServeOptions options)
{
    std::cout << "shardscope serve [OPTIONS]\n"
                 "    a local stream service that AWS SDKs, the CLI, KPL and KCL can use, until it "
                 "is interrupted\n\n"
              << optionsHelp(serveOptionList(options))
              << "\nWithout --data everything is forgotten at the end. Durations: 250ms 30s 5m 2h "
                 "30d.\n";
    return kDone;
}

/// The line that says it is ready, and lines to paste below it.
std::string readyText(const ServedEndpoint& served, const ServeOptions& options)
{
    const std::vector<std::string> urls = served.urls();
    std::string text = "ready";
    for (const std::string& url : urls)
        text += ' ' + url;
    text += '\n';
    if (!served.fingerprint().empty())
        text += "  certificate  SHA-256 " + served.fingerprint() + '\n';
    if (!served.certificateFile().empty())
        text += "  trust it     AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS=" + served.certificateFile()
            + '\n';
    text += served.checksSignatures()
        ? "  keys         those of " + options.credentials + '\n'
        : "  keys         any, such as AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n";
    text += "  data         "
        + (options.data.empty() ? "in memory, forgotten at the end" : options.data) + '\n';
    for (const auto& line : endpoint::connectLines({.url = urls.front(),
                            .region = options.service.region,
                            .certificateFile = served.certificateFile()})) {
        std::string client = line.client;
        client.resize(11, ' ');
        text += "  " + client + "  " + line.text + '\n';
    }
    return text;
}

std::string readyJson(const ServedEndpoint& served, const ServeOptions& options)
{
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Line);
    json.name("ready");
    json.beginList(JsonWriter::Layout::Line);
    for (const std::string& url : served.urls())
        json.text(url);
    json.endList();
    json.name("region");
    json.text(options.service.region);
    if (!served.fingerprint().empty()) {
        json.name("certificate");
        json.text(served.certificateFile());
        json.name("fingerprint");
        json.text(served.fingerprint());
    }
    json.endObject();
    return json.take();
}

/// Tells what happens until a signal comes.
void serveUntilSignal(ServedEndpoint& served, ServeLog& log, const sigset_t& signals)
{
    constexpr timespec kLook {0, 500'000'000};
    while (sigtimedwait(&signals, nullptr, &kLook) < 0) {
        const auto snapshot = served.service().snapshot();
        log.look(*snapshot, *served.traffic());
        log.lookAtFiles(snapshot->now, served.followed());
    }
}

int serve(const ServeOptions& options)
{
    const sigset_t signals = holdEndingSignals();
    std::signal(SIGPIPE, SIG_IGN);
    auto opened = ServedEndpoint::open(options);
    if (!opened)
        return complain(opened.error(),
                        opened.error().code == ErrorCode::Io ? kFailed : kWrongUsage);
    ServedEndpoint& served = **opened;
    ServeLog log(options.log);
    const auto now = [&] { return served.service().snapshot()->now; };
    for (const std::string& warning : served.warnings())
        log.say(now(), "warning", warning);
    std::cout << (options.log == ServeOptions::Log::Json ? readyJson(served, options)
                                                         : readyText(served, options))
              << std::flush;
    serveUntilSignal(served, log, signals);
    log.say(now(), "stop", "ending: answering what is under way");
    if (auto ended = served.close(); !ended)
        return complain(ended.error(), kFailed);
    return kDone;
}

} // namespace

int serveCommand(std::span<const std::string> arguments)
{
    const auto options = parseServeOptions(arguments);
    if (!options)
        return complain(options.error(), kWrongUsage);
    if (options->help)
        return help(*options);
    return serve(*options);
}

} // namespace shardscope
