#include "core/endpoint/connect_lines.h"

namespace shardscope::endpoint {
namespace {

std::string quoted(const std::string& text)
{
    return '"' + text + '"';
}

ConnectLine awsCli(const ConnectTo& to, const std::string& certificate)
{
    const std::string ask
        = "aws --endpoint-url " + to.url + " --region " + to.region + " kinesis list-streams";
    std::string program;
    if (to.anyKey)
        program += "export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n";
    if (!certificate.empty())
        program += "export AWS_CA_BUNDLE=" + certificate + '\n';
    return {"AWS CLI", (certificate.empty() ? "" : "AWS_CA_BUNDLE=" + certificate + ' ') + ask,
            program + ask + '\n'};
}

ConnectLine python(const ConnectTo& to, const std::string& certificate)
{
    const std::string where
        = "endpoint_url=" + quoted(to.url) + ", region_name=" + quoted(to.region);
    const std::string verify = certificate.empty() ? "" : "verify=" + quoted(certificate);
    std::string program = "import boto3\n\nkinesis = boto3.client(\n    \"kinesis\", " + where;
    if (to.anyKey)
        program += ",\n    aws_access_key_id=\"local\", aws_secret_access_key=\"local\"";
    if (!verify.empty())
        program += ",\n    " + verify;
    return {"Python",
            "boto3.client(\"kinesis\", " + where + (verify.empty() ? "" : ", " + verify) + ')',
            program + ")\nprint(kinesis.list_streams())\n"};
}

ConnectLine javaScript(const ConnectTo& to, const std::string& certificate)
{
    const std::string where = "endpoint: " + quoted(to.url) + ", region: " + quoted(to.region);
    const std::string trust
        = certificate.empty() ? "" : "// run with NODE_EXTRA_CA_CERTS=" + certificate;
    std::string program = "import { KinesisClient, ListStreamsCommand } from "
                          "\"@aws-sdk/client-kinesis\";\n\n"
        + (trust.empty() ? "" : trust + '\n') + "const kinesis = new KinesisClient({\n  " + where;
    if (to.anyKey)
        program += ",\n  credentials: { accessKeyId: \"local\", secretAccessKey: \"local\" }";
    return {"JavaScript",
            "new KinesisClient({ " + where + " })" + (trust.empty() ? "" : "  " + trust),
            program + ",\n});\nconsole.log(await kinesis.send(new ListStreamsCommand({})));\n"};
}

/// What Java trusts is its key store's: there is no line for that.
ConnectLine java(const ConnectTo& to)
{
    const std::string url = ".endpointOverride(URI.create(" + quoted(to.url) + "))";
    const std::string region = ".region(Region.of(" + quoted(to.region) + "))";
    std::string program
        = "KinesisClient kinesis = KinesisClient.builder()\n    " + url + "\n    " + region + '\n';
    if (to.anyKey)
        program += "    .credentialsProvider(StaticCredentialsProvider.create(\n"
                   "        AwsBasicCredentials.create(\"local\", \"local\")))\n";
    return {"Java", "KinesisAsyncClient.builder()" + url + region + ".build()",
            program + "    .build();\nSystem.out.println(kinesis.listStreams());\n"};
}

} // namespace

std::vector<ConnectLine> connectLines(const ConnectTo& to)
{
    const std::string certificate
        = to.url.starts_with("https:") ? to.certificateFile : std::string();
    return {awsCli(to, certificate), python(to, certificate), javaScript(to, certificate),
            java(to)};
}

} // namespace shardscope::endpoint
