// The part of libsrtp 3's API that mediasoup calls, with SRTP itself on OpenSSL (srtp/session.hpp).
// Names and numbers are libsrtp's; what a call does is said where it differs from what its name says.
#pragma once

#include <cstddef>
#include <cstdint>

/** The most bytes that libsrtp adds to a packet, a tag and a master key identifier. Ours adds at most 20. */
#define SRTP_MAX_TRAILER_LEN 144

enum srtp_err_status_t
{
	srtp_err_status_ok            = 0,
	srtp_err_status_fail          = 1,
	srtp_err_status_bad_param     = 2,
	srtp_err_status_alloc_fail    = 3,
	srtp_err_status_dealloc_fail  = 4,
	srtp_err_status_init_fail     = 5,
	srtp_err_status_terminus      = 6,
	srtp_err_status_auth_fail     = 7,
	srtp_err_status_cipher_fail   = 8,
	srtp_err_status_replay_fail   = 9,
	srtp_err_status_replay_old    = 10,
	srtp_err_status_algo_fail     = 11,
	srtp_err_status_no_such_op    = 12,
	srtp_err_status_no_ctx        = 13,
	srtp_err_status_cant_check    = 14,
	srtp_err_status_key_expired   = 15,
	srtp_err_status_socket_err    = 16,
	srtp_err_status_signal_err    = 17,
	srtp_err_status_nonce_bad     = 18,
	srtp_err_status_read_fail     = 19,
	srtp_err_status_write_fail    = 20,
	srtp_err_status_parse_err     = 21,
	srtp_err_status_encode_err    = 22,
	srtp_err_status_semaphore_err = 23,
	srtp_err_status_pfkey_err     = 24,
	srtp_err_status_bad_mki       = 25,
	srtp_err_status_pkt_idx_old   = 26,
	srtp_err_status_pkt_idx_adv   = 27,
	srtp_err_status_buffer_small  = 28,
	srtp_err_status_cryptex_err   = 29
};

enum srtp_profile_t
{
	srtp_profile_aes128_cm_sha1_80 = 1,
	srtp_profile_aes128_cm_sha1_32 = 2,
	srtp_profile_aead_aes_128_gcm  = 7,
	srtp_profile_aead_aes_256_gcm  = 8
};

enum srtp_ssrc_type_t
{
	ssrc_undefined    = 0,
	ssrc_specific     = 1,
	ssrc_any_inbound  = 2,
	ssrc_any_outbound = 3
};

struct srtp_ssrc_t
{
	srtp_ssrc_type_t type;
	unsigned int value;
};

enum srtp_event_t
{
	event_ssrc_collision,
	event_key_soft_limit,
	event_key_hard_limit,
	event_packet_index_limit
};

struct srtp_event_data_t
{
	srtp_event_t event;
};

using srtp_event_handler_func_t = void(srtp_event_data_t*);

namespace mirolive::srtp
{
	class Session;
	struct Policy;
} // namespace mirolive::srtp

using srtp_t        = mirolive::srtp::Session*;
using srtp_policy_t = mirolive::srtp::Policy*;

srtp_err_status_t srtp_init();
srtp_err_status_t srtp_shutdown();
const char* srtp_get_version_string();
/** The handler is never called: a session has one direction, so nothing collides; a limit is the call's own answer. */
srtp_err_status_t srtp_install_event_handler(srtp_event_handler_func_t* handler);

size_t srtp_profile_get_master_key_length(srtp_profile_t profile);
size_t srtp_profile_get_master_salt_length(srtp_profile_t profile);

srtp_err_status_t srtp_policy_create(srtp_policy_t* policy);
void srtp_policy_destroy(srtp_policy_t policy);
/** Only ssrc_any_inbound and ssrc_any_outbound: a session takes whatever SSRC comes. */
srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc);
srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile);
/** After the profile, which says how long key and salt are. Master key identifiers are refused. */
srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen);
srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow);
/** Only 1024, the size that mediasoup sets. */
srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size);

srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy);
srtp_err_status_t srtp_dealloc(srtp_t session);
/** `ssrc` in network byte order. */
srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc);

// From one buffer to another or in place. `*outLen`: the room there is, then what was written.
srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t mkiIndex);
srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen);
srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t mkiIndex);
srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen);
