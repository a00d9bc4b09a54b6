#include <QTest>

#include "core/engine/limits.h"
#include "tests/core/engine/api_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

const ResourceRef kStreamRef {.streamName = kName};
const ResourceRef kConsumerRef {
    .kind = ResourceRef::Kind::Consumer, .streamName = kName, .consumerName = "reader"};

std::map<std::string, std::string> many(int count)
{
    std::map<std::string, std::string> tags;
    for (int i = 0; i < count; ++i)
        tags.emplace(std::string("key") + std::to_string(100 + i), "v");
    return tags;
}

std::string denying(const std::string& action)
{
    return R"({"Statement":{"Effect":"Deny","Principal":{"AWS":"000000000000"},"Action":"kinesis:)"
        + action + "\"}}";
}

/// A stream with an ACTIVE consumer.
struct TagsWorld : ApiWorld {
    TagsWorld()
        : ApiWorld(provisioned(1), unhurriedOptions())
    {
        std::ignore = ask<ConsumerDescription>(
            RegisterStreamConsumer {kName, "reader", {{"made", "with"}}});
        wait(SimDuration::seconds(1));
    }
    std::map<std::string, std::string> tags(const ResourceRef& resource)
    {
        return ask<TagsResult>(ListTagsForResource {resource}).tags;
    }
};

} // namespace

/// Tags and resource policies.
class ServiceTagsTest : public QObject {
    Q_OBJECT

private slots:
    void tagsAreAddedReplacedAndRemoved()
    {
        TagsWorld w;
        QVERIFY(w.handle(AddTags {kStreamRef, {{"a", "1"}, {"b", "2"}}}));
        QVERIFY(w.handle(AddTags {kStreamRef, {{"b", "3"}, {"c", ""}}, true}));
        QCOMPARE(w.tags(kStreamRef),
                 (std::map<std::string, std::string> {{"a", "1"}, {"b", "3"}, {"c", ""}}));
        QVERIFY(w.handle(RemoveTags {kStreamRef, {"a", "absent"}}));
        QCOMPARE(w.tags(kStreamRef), (std::map<std::string, std::string> {{"b", "3"}, {"c", ""}}));
        QCOMPARE(w.tags(kConsumerRef), (std::map<std::string, std::string> {{"made", "with"}}));
        QVERIFY(w.handle(AddTags {kConsumerRef, {{"x", "y"}}, true}));
        QVERIFY(w.handle(RemoveTags {kConsumerRef, {"made"}, true}));
        QCOMPARE(w.tags(kConsumerRef), (std::map<std::string, std::string> {{"x", "y"}}));
    }

    void aResourceHasFiftyAtMost()
    {
        TagsWorld w;
        QCOMPARE(w.codeOf(AddTags {kStreamRef, many(51)}),
                 std::optional(ErrorCode::InvalidArgument));
        QVERIFY(w.handle(AddTags {kStreamRef, many(50)}));
        QVERIFY(w.handle(AddTags {kStreamRef, many(50)})); // the same keys again
        QCOMPARE(w.textOf(AddTags {kStreamRef, {{"one more", ""}}}),
                 std::string("Failed to add tags to stream orders under account 000000000000 "
                             "because it cannot have more than 50 tags associated with it."));
        QCOMPARE(w.codeOf(AddTags {kStreamRef, many(200)}),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(AddTags {kStreamRef, many(201)}), std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(AddTags {kStreamRef, {}}), std::optional(ErrorCode::Validation));
    }

    void keysAndValuesHaveLengthsAndLetters_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("byResource");
        QTest::addColumn<int>("code");
        const int fine = -1;
        const int validation = static_cast<int>(ErrorCode::Validation);
        const int argument = static_cast<int>(ErrorCode::InvalidArgument);
        const auto long_ = [](int n) { return QString(n, QLatin1Char('a')); };
        QTest::newRow("the longest") << long_(128) << long_(256) << false << fine;
        QTest::newRow("128 letters of two bytes")
            << QString(128, QChar(0xe4)) << "v" << false << fine;
        QTest::newRow("no key") << ""
                                << "v" << false << validation;
        QTest::newRow("a key one too long") << long_(129) << "v" << false << validation;
        QTest::newRow("a value one too long") << "k" << long_(257) << false << validation;
        QTest::newRow("every mark") << " _./=+-%@:"
                                    << " _./=+-%@:" << false << fine;
        QTest::newRow("a colon by AddTagsToStream") << "a:b"
                                                    << "c:d" << false << fine;
        QTest::newRow("a colon by TagResource") << "a:b"
                                                << "c:d" << true << fine;
        QTest::newRow("an exclamation mark") << "a"
                                             << "b!" << true << argument;
        QTest::newRow("a tab") << "a\tb"
                               << "v" << true << argument;
    }
    void keysAndValuesHaveLengthsAndLetters()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        QFETCH(bool, byResource);
        QFETCH(int, code);
        TagsWorld w;
        const auto done = w.codeOf(
            AddTags {kStreamRef, {{key.toStdString(), value.toStdString()}}, byResource});
        QCOMPARE(done ? static_cast<int>(*done) : -1, code);
    }

    void keysToRemoveAreOneToFifty()
    {
        TagsWorld w;
        QCOMPARE(w.codeOf(RemoveTags {kStreamRef, {}}), std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(RemoveTags {kStreamRef, std::vector<std::string>(51, "k")}),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(RemoveTags {kStreamRef, std::vector<std::string>(50, "k")}), kFine);
        QCOMPARE(w.codeOf(RemoveTags {kStreamRef, {""}}), std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(RemoveTags {kStreamRef, {std::string(129, 'k')}}),
                 std::optional(ErrorCode::Validation));
    }

    void tagsOfAStreamComeInPages()
    {
        TagsWorld w;
        QVERIFY(w.handle(AddTags {kStreamRef, many(50)}));
        const auto all = w.ask<TagsResult>(ListTagsForStream {kName});
        QCOMPARE(all.tags.size(), std::size_t {50});
        QVERIFY(!all.hasMoreTags);
        const auto first = w.ask<TagsResult>(ListTagsForStream {.streamName = kName, .limit = 49});
        QVERIFY(first.hasMoreTags);
        const auto rest = w.ask<TagsResult>(ListTagsForStream {
            .streamName = kName, .exclusiveStartTagKey = first.tags.rbegin()->first});
        QCOMPARE(rest.tags.size(), std::size_t {1});
        QVERIFY(!rest.hasMoreTags);
        for (const std::int64_t wrong : {std::int64_t {0}, std::int64_t {51}})
            QCOMPARE(w.codeOf(ListTagsForStream {.streamName = kName, .limit = wrong}),
                     std::optional(ErrorCode::Validation));
    }

    void tagsGivenAtCreationAreSeenButNotChangedBeforeTheStreamIsActive()
    {
        ServiceOptions options = unhurriedOptions();
        options.timings.create = SimDuration::seconds(10);
        CreateStream create = provisioned(1);
        create.tags = {{"team", "a:b"}};
        ApiWorld w(create, options);
        QCOMPARE(w.ask<TagsResult>(ListTagsForStream {kName}).tags, create.tags);
        QCOMPARE(w.codeOf(AddTags {kStreamRef, {{"x", "y"}}}),
                 std::optional(ErrorCode::ResourceInUse));
        QCOMPARE(w.codeOf(RemoveTags {kStreamRef, {"team"}}),
                 std::optional(ErrorCode::ResourceInUse));
        w.wait(SimDuration::seconds(10));
        QCOMPARE(w.codeOf(AddTags {kStreamRef, {{"x", "y"}}}), kFine);
    }

    void whatIsNotThereHasNoTags()
    {
        TagsWorld w;
        ResourceRef other = kConsumerRef;
        other.consumerCreatedAt = 1;
        const ResourceRef channel {.kind = ResourceRef::Kind::Channel, .channelId = "none"};
        for (const ResourceRef& ref : {ResourceRef {.streamName = "another"}, other, channel})
            QCOMPARE(w.codeOf(ListTagsForResource {ref}),
                     std::optional(ErrorCode::ResourceNotFound));
    }

    void aPolicyIsReturnedUnchangedUntilItIsDeleted()
    {
        TagsWorld w;
        const std::string policy = denying("ListShards");
        QCOMPARE(w.codeOf(GetResourcePolicy {kStreamRef}),
                 std::optional(ErrorCode::ResourceNotFound));
        QVERIFY(w.handle(PutResourcePolicy {kStreamRef, policy}));
        QCOMPARE(w.ask<ResourcePolicyResult>(GetResourcePolicy {kStreamRef}).policy, policy);
        QVERIFY(w.handle(DeleteResourcePolicy {kStreamRef}));
        QCOMPARE(w.codeOf(DeleteResourcePolicy {kStreamRef}),
                 std::optional(ErrorCode::ResourceNotFound));
    }

    void aDenyIsEnforced()
    {
        TagsWorld w;
        QVERIFY(w.handle(PutResourcePolicy {kStreamRef, denying("ListShards")}));
        QCOMPARE(w.textOf(ListShards {.streamName = kName}),
                 std::string("User: arn:aws:iam::000000000000:root is not authorized to perform: "
                             "kinesis:ListShards on resource: "
                             "arn:aws:kinesis:us-east-1:000000000000:stream/orders with an "
                             "explicit deny in a resource-based policy"));
        QCOMPARE(w.codeOf(DescribeStreamSummary {kName}), kFine);
        QVERIFY(w.handle(PutResourcePolicy {kStreamRef, denying("DescribeStreamSummary")}));
        QCOMPARE(w.codeOf(ListShards {.streamName = kName}), kFine);
        QCOMPARE(w.codeOf(DescribeStreamSummary {kName}), std::optional(ErrorCode::AccessDenied));

        QVERIFY(w.handle(PutResourcePolicy {kConsumerRef, denying("DescribeStreamConsumer")}));
        QCOMPARE(w.codeOf(DescribeStreamConsumer {kName, "reader"}),
                 std::optional(ErrorCode::AccessDenied));
    }

    void aConsumerTakesAPolicyWhenItIsActive()
    {
        TagsWorld w;
        QVERIFY(w.handle(RegisterStreamConsumer {kName, "late"}));
        ResourceRef late = kConsumerRef;
        late.consumerName = "late";
        const PutResourcePolicy request {late, denying("SubscribeToShard")};
        QCOMPARE(w.codeOf(request), std::optional(ErrorCode::ResourceInUse));
        QCOMPARE(w.textOf(request),
                 "Consumer late with creation timestamp " + std::to_string(w.now.inSeconds())
                     + " under stream orders and account 000000000000 is not in ACTIVE status.");
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.codeOf(request), kFine);
        QVERIFY(w.handle(DeregisterStreamConsumer {kName, "late"}));
        QCOMPARE(w.codeOf(request), std::optional(ErrorCode::ResourceInUse));
    }

    void policiesAreChecked()
    {
        TagsWorld w;
        const ResourceRef channel {.kind = ResourceRef::Kind::Channel, .channelId = "none"};
        QCOMPARE(w.codeOf(PutResourcePolicy {kStreamRef, ""}),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(PutResourcePolicy {kStreamRef,
                                             std::string(limits::kResourcePolicyBytes + 1, ' ')}),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(PutResourcePolicy {kStreamRef, "{}"}),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(PutResourcePolicy {channel, denying("ListShards")}),
                 std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(PutResourcePolicy {{.streamName = "x"}, denying("ListShards")}),
                 std::optional(ErrorCode::ResourceNotFound));
    }
};

QTEST_APPLESS_MAIN(ServiceTagsTest)
#include "tst_service_tags.moc"
