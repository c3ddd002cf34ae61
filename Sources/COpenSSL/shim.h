// The one door to OpenSSL's digests. Only Datasets imports it.
#include <openssl/evp.h>
