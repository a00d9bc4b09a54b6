#pragma once

#include "core/base/result.h"
#include "core/engine/api.h"
#include "core/storage/key_ring.h"

/// The key service's operations on a key ring, with its checks and sentences. Errors are the key
/// service's own under the names that the stream service has for them (KmsNotFound for its
/// NotFoundException, ResourceInUse for AlreadyExistsException, and so on); Io when a change cannot
/// be kept.
namespace shardscope::kms {

[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const CreateKey& request, SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const DescribeKey& request, SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const ListKeys& request, SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const EnableKey& request, SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const DisableKey& request, SimTime now);
/// Answers the key with its deletion date.
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const ScheduleKeyDeletion& request,
                                       SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const CancelKeyDeletion& request,
                                       SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const RotateKeyOnDemand& request,
                                       SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const PutKeyPolicy& request, SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const GetKeyPolicy& request, SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const CreateAlias& request, SimTime now);
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const DeleteAlias& request, SimTime now);
/// alias/aws/kinesis is there always.
[[nodiscard]] Result<ApiAnswer> answer(KeyRing& ring, const ListAliases& request, SimTime now);

} // namespace shardscope::kms
