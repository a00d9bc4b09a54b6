#include "core/planner/report/plan_snippets.h"

#include <cctype>
#include <cmath>
#include <cstdio>

#include "core/planner/report/report_text.h"

namespace shardscope {
namespace {

using namespace report;

bool onDemand(const PlanOption& option)
{
    return option.mode == PlanMode::Standard || option.mode == PlanMode::Advantage;
}

/// Of a stream's name, which may hold dots and dashes, a name that templates accept.
std::string identifier(const std::string& name, bool camel)
{
    std::string out;
    bool upper = camel;
    for (const char c : name) {
        const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (!letter) {
            upper = camel;
            if (!camel)
                out += '_';
            continue;
        }
        out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = false;
    }
    if (out.empty() || std::isdigit(static_cast<unsigned char>(out[0])) != 0)
        out.insert(0, camel ? "Stream" : "stream_");
    return out;
}

int fanOutReaders(const PlanWorkload& workload)
{
    return static_cast<int>(std::lround(workload.fanOutReaders.middle()));
}

/// When a step of a schedule is called for: a quarter of an hour ahead on the way up, on the hour
/// on the way down; days as cron names them.
struct Call {
    int hour = 0, minute = 0;
    std::string days;
    std::int64_t shards = 1;
};
std::vector<Call> callsOf(const PlanOption& option)
{
    bool both = false;
    for (const ScheduleStep& step : option.schedule)
        both = both || step.weekend;
    std::vector<Call> calls;
    for (std::size_t i = 0; i < option.schedule.size(); ++i) {
        const ScheduleStep& step = option.schedule[i];
        const std::size_t last = option.schedule.size() - 1;
        const std::int64_t before = option.schedule[i == 0 ? last : i - 1].shards;
        if (before == step.shards && !both)
            continue;
        Call call {step.hour, 0, !both ? "*" : step.weekend ? "SAT,SUN" : "MON-FRI", step.shards};
        if (step.shards > before) {
            call.minute = 45;
            call.hour = (step.hour + 23) % 24;
            if (step.hour == 0 && both)
                call.days = step.weekend ? "FRI,SAT" : "SUN-THU";
        }
        calls.push_back(call);
    }
    return calls;
}

std::string cronOf(const Call& call)
{
    return "cron(" + std::to_string(call.minute) + ' ' + std::to_string(call.hour)
        + (call.days == "*" ? " * * ? *)" : " ? * " + call.days + " *)");
}

std::string headComment(const StreamPlan& stream, const PlanOption& option)
{
    return "# " + stream.name + ": " + titleOf(option.mode) + ", " + shards(option) + " shards, "
        + usd(option.usd) + " a month by plan.\n";
}

std::string policyComment(const PlanOption& option)
{
    return option.mode == PlanMode::Policy ? "# The auto-scaling policy is a program of its own, "
                                             "such as kinesis-scaling-utils; it is not made "
                                             "here.\n"
                                           : "";
}

} // namespace

std::string planCli(const StreamPlan& stream, const PlanOption& option,
                    const PlanWorkload& workload, const std::string& region)
{
    const std::string aws = "aws kinesis --region " + region + ' ';
    const std::string name = "--stream-name '" + stream.name + "'";
    std::string out
        = "#!/bin/sh\n" + headComment(stream, option) + policyComment(option) + "set -eu\n";
    if (option.mode == PlanMode::Advantage)
        out += "# The account's commitment of 25 MiB/s each way, for all of its on-demand "
               "streams.\n"
            + aws
            + "update-account-settings --minimum-throughput-billing-commitment Status=ENABLED\n";
    out += aws + "create-stream " + name;
    if (onDemand(option))
        out += " --stream-mode-details StreamMode=ON_DEMAND";
    else
        out += " --shard-count " + std::to_string(option.shardsFirst);
    if (option.mode == PlanMode::Advantage && option.warmMiBps)
        out += " --warm-throughput-mi-bps " + std::to_string(*option.warmMiBps);
    out += "\n" + aws + "wait stream-exists " + name + "\n";
    if (workload.retentionHours > 24)
        out += aws + "increase-stream-retention-period " + name + " --retention-period-hours "
            + std::to_string(workload.retentionHours) + "\n";
    if (fanOutReaders(workload) > 0) {
        out += "arn=$(" + aws + "describe-stream-summary " + name
            + " --query StreamDescriptionSummary.StreamARN --output text)\n";
        for (int i = 1; i <= fanOutReaders(workload); ++i)
            out += aws + "register-stream-consumer --stream-arn \"$arn\" --consumer-name 'reader-"
                + std::to_string(i) + "'\n";
    }
    if (option.mode == PlanMode::Schedule) {
        out += "# By the hour, UTC; each call goes to double or half at most. Call these from "
               "cron:\n";
        for (const Call& call : callsOf(option)) {
            char time[48];
            std::snprintf(time, sizeof time, "# %d %d * * %s  ", call.minute, call.hour,
                          call.days.c_str());
            out += time + aws + "update-shard-count " + name
                + " --scaling-type UNIFORM_SCALING --target-shard-count "
                + std::to_string(call.shards) + "\n";
        }
    }
    return out;
}

std::string planCloudFormation(const StreamPlan& stream, const PlanOption& option,
                               const PlanWorkload& workload)
{
    const std::string id = identifier(stream.name, true);
    std::string out = headComment(stream, option) + policyComment(option)
        + "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  " + id
        + ":\n    Type: AWS::Kinesis::Stream\n    Properties:\n      Name: '" + stream.name
        + "'\n      RetentionPeriodHours: " + std::to_string(workload.retentionHours)
        + "\n      StreamModeDetails:\n        StreamMode: "
        + (onDemand(option) ? "ON_DEMAND" : "PROVISIONED") + "\n";
    if (!onDemand(option))
        out += "      ShardCount: " + std::to_string(option.shardsFirst) + "\n";
    if (option.mode == PlanMode::Advantage && option.warmMiBps)
        out += "      # Needs the account's minimum throughput billing commitment.\n      "
               "WarmThroughputMiBps: "
            + std::to_string(*option.warmMiBps) + "\n";
    for (int i = 1; i <= fanOutReaders(workload); ++i)
        out += "  " + id + "Reader" + std::to_string(i)
            + ":\n    Type: AWS::Kinesis::StreamConsumer\n    Properties:\n      ConsumerName: "
              "reader-"
            + std::to_string(i) + "\n      StreamARN: !GetAtt " + id + ".Arn\n";
    if (option.mode != PlanMode::Schedule)
        return out;
    out += "  " + id
        + "SchedulerRole:\n    Type: AWS::IAM::Role\n    Properties:\n"
          "      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n"
          "          - Effect: Allow\n            Principal: {Service: scheduler.amazonaws.com}\n"
          "            Action: sts:AssumeRole\n      Policies:\n        - PolicyName: "
          "update-shard-count\n"
          "          PolicyDocument:\n            Version: '2012-10-17'\n            Statement:\n"
          "              - Effect: Allow\n                Action: kinesis:UpdateShardCount\n"
          "                Resource: !GetAtt "
        + id + ".Arn\n";
    int number = 0;
    for (const Call& call : callsOf(option))
        out += "  " + id + "Shards" + std::to_string(++number)
            + ":\n    Type: AWS::Scheduler::Schedule\n    Properties:\n      ScheduleExpression: '"
            + cronOf(call)
            + "'\n      ScheduleExpressionTimezone: UTC\n      FlexibleTimeWindow: {Mode: 'OFF'}\n "
              "     Target:\n"
              "        Arn: arn:aws:scheduler:::aws-sdk:kinesis:updateShardCount\n        RoleArn: "
              "!GetAtt "
            + id + "SchedulerRole.Arn\n        Input: '{\"StreamName\": \"" + stream.name
            + "\", \"TargetShardCount\": " + std::to_string(call.shards)
            + ", \"ScalingType\": \"UNIFORM_SCALING\"}'\n";
    return out;
}

std::string planTerraform(const StreamPlan& stream, const PlanOption& option,
                          const PlanWorkload& workload)
{
    const std::string id = identifier(stream.name, false);
    const std::string arn = "aws_kinesis_stream." + id + ".arn";
    std::string out = headComment(stream, option) + policyComment(option)
        + "resource \"aws_kinesis_stream\" \"" + id + "\" {\n  name             = \"" + stream.name
        + "\"\n  retention_period = " + std::to_string(workload.retentionHours) + "\n";
    if (!onDemand(option))
        out += "  shard_count      = " + std::to_string(option.shardsFirst) + "\n";
    out += std::string("\n  stream_mode_details {\n    stream_mode = \"")
        + (onDemand(option) ? "ON_DEMAND" : "PROVISIONED") + "\"\n  }\n";
    if (option.mode == PlanMode::Schedule)
        out += "\n  lifecycle {\n    ignore_changes = [shard_count] # the schedule below changes "
               "it\n  }\n";
    out += "}\n";
    if (option.mode == PlanMode::Advantage)
        out += "\n# Advantage is a setting of the account; switch it on and set the stream's warm "
               "throughput with the "
               "AWS CLI.\n";
    for (int i = 1; i <= fanOutReaders(workload); ++i)
        out += "\nresource \"aws_kinesis_stream_consumer\" \"" + id + "_reader_" + std::to_string(i)
            + "\" {\n  name       = \"reader-" + std::to_string(i) + "\"\n  stream_arn = " + arn
            + "\n}\n";
    if (option.mode != PlanMode::Schedule)
        return out;
    out += "\nresource \"aws_iam_role\" \"" + id + "_scheduler\" {\n  name = \"" + id
        + "-scheduler\"\n  assume_role_policy = jsonencode({\n"
          "    Version = \"2012-10-17\"\n    Statement = [{\n      Effect    = \"Allow\"\n"
          "      Principal = { Service = \"scheduler.amazonaws.com\" }\n      Action    = "
          "\"sts:AssumeRole\"\n"
          "    }]\n  })\n}\n\nresource \"aws_iam_role_policy\" \""
        + id + "_scheduler\" {\n  role = aws_iam_role." + id
        + "_scheduler.id\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = "
          "[{\n"
          "      Effect   = \"Allow\"\n      Action   = \"kinesis:UpdateShardCount\"\n      "
          "Resource = "
        + arn + "\n    }]\n  })\n}\n";
    int number = 0;
    for (const Call& call : callsOf(option)) {
        ++number;
        out += "\nresource \"aws_scheduler_schedule\" \"" + id + "_shards_"
            + std::to_string(++number) + "\" {\n  name                         = \"" + id
            + "-shards-" + std::to_string(number) + "\"\n  schedule_expression          = \""
            + cronOf(call)
            + "\"\n  schedule_expression_timezone = \"UTC\"\n\n  flexible_time_window {\n    mode "
              "= \"OFF\"\n  }\n\n"
              "  target {\n    arn      = "
              "\"arn:aws:scheduler:::aws-sdk:kinesis:updateShardCount\"\n"
              "    role_arn = aws_iam_role."
            + id + "_scheduler.arn\n    input = jsonencode({\n      StreamName       = \""
            + stream.name + "\"\n      TargetShardCount = " + std::to_string(call.shards)
            + "\n      ScalingType      = \"UNIFORM_SCALING\"\n    })\n  }\n}\n";
    }
    return out;
}

} // namespace shardscope
