#include "core/endpoint/wire_errors.h"

#include <cstdlib>
#include <optional>

namespace shardscope::endpoint {
namespace {

WireError kinesisError(ErrorCode code)
{
    switch (code) {
    case ErrorCode::AccessDenied:
        return {"AccessDeniedException", 400};
    case ErrorCode::ExpiredIterator:
        return {"ExpiredIteratorException", 400};
    case ErrorCode::ExpiredNextToken:
        return {"ExpiredNextTokenException", 400};
    case ErrorCode::InternalFailure:
    case ErrorCode::Io:
        return {"InternalFailure", 500};
    case ErrorCode::InvalidArgument:
        return {"InvalidArgumentException", 400};
    case ErrorCode::DryRunOperation:
        return {"DryRunOperationException", 400};
    case ErrorCode::KmsAccessDenied:
        return {"KMSAccessDeniedException", 400};
    case ErrorCode::KmsDisabled:
        return {"KMSDisabledException", 400};
    case ErrorCode::KmsInvalidState:
        return {"KMSInvalidStateException", 400};
    case ErrorCode::KmsNotFound:
        return {"KMSNotFoundException", 400};
    case ErrorCode::KmsOptInRequired:
        return {"KMSOptInRequired", 400};
    case ErrorCode::KmsThrottling:
        return {"KMSThrottlingException", 400};
    case ErrorCode::LimitExceeded:
        return {"LimitExceededException", 400};
    case ErrorCode::ProvisionedThroughputExceeded:
        return {"ProvisionedThroughputExceededException", 400};
    case ErrorCode::ResourceInUse:
        return {"ResourceInUseException", 400};
    case ErrorCode::ResourceNotFound:
        return {"ResourceNotFoundException", 400};
    case ErrorCode::Validation:
    case ErrorCode::BadInput:
        return {"ValidationException", 400};
    case ErrorCode::Busy:
        return {"ServiceUnavailable", 503};
    }
    std::abort();
}

/// What the metrics' and the keys' services call by other names.
std::optional<WireError> ownName(ErrorCode code, ApiService service)
{
    struct Name {
        ApiService service;
        ErrorCode code;
        WireError error;
    };
    static constexpr Name kNames[] {
        {ApiService::CloudWatch, ErrorCode::InvalidArgument, {"InvalidParameterValue", 400}},
        {ApiService::CloudWatch, ErrorCode::Validation, {"ValidationError", 400}},
        {ApiService::CloudWatch, ErrorCode::BadInput, {"ValidationError", 400}},
        {ApiService::CloudWatch, ErrorCode::ExpiredNextToken, {"InvalidNextToken", 400}},
        {ApiService::CloudWatch, ErrorCode::InternalFailure, {"InternalServiceFault", 500}},
        {ApiService::Kms, ErrorCode::InvalidArgument, {"ValidationException", 400}},
        {ApiService::Kms, ErrorCode::KmsNotFound, {"NotFoundException", 400}},
        {ApiService::Kms, ErrorCode::ResourceNotFound, {"NotFoundException", 400}},
        {ApiService::Kms, ErrorCode::KmsDisabled, {"DisabledException", 400}},
        {ApiService::Kms, ErrorCode::ResourceInUse, {"AlreadyExistsException", 400}},
        {ApiService::Kms, ErrorCode::InternalFailure, {"KMSInternalException", 500}},
    };
    for (const Name& name : kNames)
        if (name.service == service && name.code == code)
            return name.error;
    return std::nullopt;
}

} // namespace

WireError wireError(ErrorCode code, ApiService service)
{
    return ownName(code, service).value_or(kinesisError(code));
}

} // namespace shardscope::endpoint
