#include <QTest>

#include "core/engine/resource_policy.h"

using namespace shardscope;

namespace {

const std::string kAccount = "123456789012";
const std::string kArn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

Result<ResourcePolicy> read(const std::string& text,
                            ResourceRef::Kind kind = ResourceRef::Kind::Stream)
{
    return ResourcePolicy::read(text, kind, kArn, kAccount);
}

/// A policy of one statement.
std::string policy(const std::string& effect, const std::string& principal,
                   const std::string& action, const std::string& more = {})
{
    return R"({"Version":"2012-10-17","Statement":[{"Effect":")" + effect + R"(","Principal":)"
        + principal + R"(,"Action":)" + action + more + "}]}";
}

const std::string kOwner = R"({"AWS":"123456789012"})";

} // namespace

class ResourcePolicyTest : public QObject {
    Q_OBJECT

private slots:
    void aPolicyIsKeptAsItWasWritten()
    {
        const std::string text = policy("Allow", R"({"AWS":["999999999999"]})",
                                        R"(["kinesis:GetRecords", "kinesis:ListShards"])");
        const auto parsed = read(text);
        QVERIFY(parsed);
        QCOMPARE(parsed->text, text);
        QVERIFY(parsed->denied.empty());
        QVERIFY(parsed->permit("GetRecords", kArn, kAccount));
    }

    void onlyADenyOfTheOwnerIsEnforced_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("denied");
        const auto row = [](const char* name, const std::string& text, bool denied) {
            QTest::newRow(name) << QString::fromStdString(text) << denied;
        };
        const std::string put = R"("kinesis:PutRecord")";
        row("an Allow", policy("Allow", kOwner, put), false);
        row("a Deny of the account", policy("Deny", kOwner, put), true);
        row("a Deny of its root",
            policy("Deny", R"({"AWS":"arn:aws:iam::123456789012:root"})", put), true);
        row("a Deny of one of its users",
            policy("Deny", R"({"AWS":["999999999999","arn:aws:iam::123456789012:user/a"]})", put),
            true);
        row("a Deny of somebody else", policy("Deny", R"({"AWS":"999999999999"})", put), false);
        row("a Deny of another action", policy("Deny", kOwner, R"("kinesis:GetRecords")"), false);
        row("a Deny under a condition",
            policy("Deny", kOwner, put, R"(,"Condition":{"Bool":{"aws:SecureTransport":"false"}})"),
            false);
        row("a Deny on this stream", policy("Deny", kOwner, put, ",\"Resource\":\"" + kArn + "\""),
            true);
        row("a Deny on another stream",
            policy("Deny", kOwner, put, ",\"Resource\":[\"" + kArn + "2\"]"), false);
    }
    void onlyADenyOfTheOwnerIsEnforced()
    {
        QFETCH(QString, text);
        QFETCH(bool, denied);
        const auto parsed = read(text.toStdString());
        QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
        const auto permitted = parsed->permit("PutRecord", kArn, kAccount);
        QCOMPARE(!permitted.has_value(), denied);
        if (denied) {
            QCOMPARE(permitted.error().code, ErrorCode::AccessDenied);
            QVERIFY(permitted.error().message.find("kinesis:PutRecord on resource: " + kArn)
                    != std::string::npos);
        }
    }

    void whatIsNoPolicyIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QString::fromStdString(text);
        };
        const std::string put = R"("kinesis:PutRecord")";
        row("no JSON", "{");
        row("a list", "[]");
        row("no statement", "{}");
        row("an empty list of statements", R"({"Statement":[]})");
        row("a statement that is a word", R"({"Statement":["Deny"]})");
        row("an unknown effect", policy("Maybe", kOwner, put));
        row("no principal", R"({"Statement":{"Effect":"Allow","Action":"kinesis:PutRecord"}})");
        row("everybody", policy("Allow", R"("*")", put));
        row("everybody of AWS", policy("Allow", R"({"AWS":"*"})", put));
        row("no action", R"({"Statement":{"Effect":"Allow","Principal":"1"}})");
        row("every action", policy("Allow", kOwner, R"("kinesis:*")"));
        row("an action that cannot be shared",
            policy("Allow", kOwner, R"("kinesis:DeleteStream")"));
        row("another service's action", policy("Allow", kOwner, R"("sqs:PutRecord")"));
        row("an action that is a number", policy("Allow", kOwner, "7"));
        row("a resource that is a number", policy("Allow", kOwner, put, R"(,"Resource":7)"));
        row("nested a thousand times", std::string(2'000, '[') + std::string(2'000, ']'));
    }
    void whatIsNoPolicyIsRefused()
    {
        QFETCH(QString, text);
        const auto parsed = read(text.toStdString());
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
    }

    void consumersShareOtherActionsThanStreams()
    {
        using Kind = ResourceRef::Kind;
        const std::string subscribe = policy("Allow", kOwner, R"("kinesis:SubscribeToShard")");
        QVERIFY(read(subscribe, Kind::Consumer));
        QVERIFY(!read(subscribe, Kind::Stream));
        QVERIFY(!read(policy("Allow", kOwner, R"("kinesis:PutRecord")"), Kind::Consumer));
    }
};

QTEST_APPLESS_MAIN(ResourcePolicyTest)
#include "tst_resource_policy.moc"
