#include "core/storage/data_key.h"

#include <openssl/crypto.h>

namespace shardscope {

DataKey::~DataKey()
{
    OPENSSL_cleanse(bytes.data(), bytes.size());
}

} // namespace shardscope
