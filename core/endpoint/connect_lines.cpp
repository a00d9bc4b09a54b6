#include "core/endpoint/connect_lines.h"

namespace shardscope::endpoint {

std::vector<ConnectLine> connectLines(const std::string& url, const std::string& region,
                                      const std::string& certificateFile)
{
    const bool trust = url.starts_with("https:") && !certificateFile.empty();
    const std::string bundle = trust ? "AWS_CA_BUNDLE=" + certificateFile + ' ' : std::string();
    const std::string verify = trust ? ", verify=\"" + certificateFile + '"' : std::string();
    std::vector<ConnectLine> lines {
        {"AWS CLI",
         bundle + "aws --endpoint-url " + url + " --region " + region + " kinesis list-streams"},
        {"Python",
         "boto3.client(\"kinesis\", endpoint_url=\"" + url + "\", region_name=\"" + region + '"'
             + verify + ')'},
        {"JavaScript",
         "new KinesisClient({ endpoint: \"" + url + "\", region: \"" + region + "\" })"
             + (trust ? "  // NODE_EXTRA_CA_CERTS=" + certificateFile : std::string())},
        {"Java",
         "KinesisAsyncClient.builder().endpointOverride(URI.create(\"" + url
             + "\")).region(Region.of(\"" + region + "\")).build()"},
    };
    return lines;
}

} // namespace shardscope::endpoint
