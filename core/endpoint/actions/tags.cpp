#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Member kAddMembers[] {kByName, kByArn, kById, {"Tags", &kTags, true}};
constexpr Shape kAdd {.members = kAddMembers};
constexpr Member kRemoveMembers[] {kByName, kByArn, kById, {"TagKeys", &kTagKeys, true}};
constexpr Shape kRemove {.members = kRemoveMembers};
constexpr Shape kTagLimit {.type = ShapeType::Integer, .least = 1, .most = 50};
constexpr Member kListMembers[] {
    kByName, kByArn, kById, {"ExclusiveStartTagKey", &kTagKey}, {"Limit", &kTagLimit}};
constexpr Shape kList {.members = kListMembers};

constexpr Member kTagMembers[] {{"Tags", &kTags, true}, {"ResourceARN", &kArn, true}, kById};
constexpr Shape kTag {.members = kTagMembers};
constexpr Member kUntagMembers[] {
    {"TagKeys", &kTagKeys, true}, {"ResourceARN", &kArn, true}, kById};
constexpr Shape kUntag {.members = kUntagMembers};
constexpr Member kResourceMembers[] {{"ResourceARN", &kArn, true}, kById};
constexpr Shape kResource {.members = kResourceMembers};
constexpr Shape kPolicy {.type = ShapeType::Text};
constexpr Member kPolicyMembers[] {{"ResourceARN", &kArn, true}, kById, {"Policy", &kPolicy, true}};
constexpr Shape kPutPolicy {.members = kPolicyMembers};

Result<ResourceRef> streamRef(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map(
        [](std::string name) { return ResourceRef {.streamName = std::move(name)}; });
}

Result<ResourceRef> resourceOf(const Input& in, const ArnScope& scope)
{
    if (auto ok = refuseStreamId(in); !ok)
        return tl::unexpected(ok.error());
    return parseResourceArn(in.textOr("ResourceARN"), scope);
}

Result<ApiRequest> readAdd(const Input& in, const ArnScope& scope)
{
    return streamRef(in, scope).map([&](ResourceRef of) -> ApiRequest {
        return AddTags {std::move(of), in.textMap("Tags"), false};
    });
}

Result<ApiRequest> readTag(const Input& in, const ArnScope& scope)
{
    return resourceOf(in, scope).map([&](ResourceRef of) -> ApiRequest {
        return AddTags {std::move(of), in.textMap("Tags"), true};
    });
}

Result<ApiRequest> readRemove(const Input& in, const ArnScope& scope)
{
    return streamRef(in, scope).map([&](ResourceRef of) -> ApiRequest {
        return RemoveTags {std::move(of), in.texts("TagKeys"), false};
    });
}

Result<ApiRequest> readUntag(const Input& in, const ArnScope& scope)
{
    return resourceOf(in, scope).map([&](ResourceRef of) -> ApiRequest {
        return RemoveTags {std::move(of), in.texts("TagKeys"), true};
    });
}

Result<ApiRequest> readList(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        return ListTagsForStream {std::move(name), in.text("ExclusiveStartTagKey"),
                                  in.integer("Limit")};
    });
}

template <typename Request> Result<ApiRequest> readResource(const Input& in, const ArnScope& scope)
{
    return resourceOf(in, scope).map(
        [](ResourceRef of) -> ApiRequest { return Request {std::move(of)}; });
}

Result<ApiRequest> readPutPolicy(const Input& in, const ArnScope& scope)
{
    return resourceOf(in, scope).map([&](ResourceRef of) -> ApiRequest {
        return PutResourcePolicy {std::move(of), in.textOr("Policy")};
    });
}

void writeTags(WireWriter& out, const TagsResult& result)
{
    out.beginList("Tags");
    for (const auto& [key, value] : result.tags) {
        out.beginMap();
        out.member("Key", key);
        out.member("Value", value);
        out.endMap();
    }
    out.endList();
}

void writeList(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& result = std::get<TagsResult>(answer);
    out.beginMap();
    writeTags(out, result);
    out.flag("HasMoreTags", result.hasMoreTags);
    out.endMap();
}

void writeResourceTags(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    out.beginMap();
    writeTags(out, std::get<TagsResult>(answer));
    out.endMap();
}

void writePolicy(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    out.beginMap();
    out.member("Policy", std::get<ResourcePolicyResult>(answer).policy);
    out.endMap();
}

} // namespace

const Action kAddTagsToStream {.name = "AddTagsToStream", .input = &kAdd, .read = readAdd};
const Action kRemoveTagsFromStream {
    .name = "RemoveTagsFromStream", .input = &kRemove, .read = readRemove};
const Action kListTagsForStream {
    .name = "ListTagsForStream", .input = &kList, .read = readList, .write = writeList};
const Action kTagResource {.name = "TagResource", .input = &kTag, .read = readTag};
const Action kUntagResource {.name = "UntagResource", .input = &kUntag, .read = readUntag};
const Action kListTagsForResource {.name = "ListTagsForResource",
                                   .input = &kResource,
                                   .read = readResource<ListTagsForResource>,
                                   .write = writeResourceTags};
const Action kPutResourcePolicy {
    .name = "PutResourcePolicy", .input = &kPutPolicy, .read = readPutPolicy};
const Action kGetResourcePolicy {.name = "GetResourcePolicy",
                                 .input = &kResource,
                                 .read = readResource<GetResourcePolicy>,
                                 .write = writePolicy};
const Action kDeleteResourcePolicy {.name = "DeleteResourcePolicy",
                                    .input = &kResource,
                                    .read = readResource<DeleteResourcePolicy>};

} // namespace shardscope::endpoint::actions
