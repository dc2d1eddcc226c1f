#include <string.h>

#include "bukti/crypto.h"

#include "der.h"
#include "profile.h"

#define RETURN_MALFORMED(err, what) return bkt_fail(err, BKT_E_FORMAT, what)

/* one Attribute of RFC 5652 5.3: type, and the one value of its SET */
static enum bkt_status take_attribute(struct bkt_span *in, const char *name,
    const void *oid, size_t n_oid, struct bkt_span *value, struct bkt_err *err)
{
	struct bkt_span seq, set;
	int tag = bkt_der_peek(*in);

	if (tag == -1)
		return bkt_fail(
		    err, BKT_E_FORMAT, "seal has no signed attribute %s", name);
	if (!bkt_der_take(in, BKT_DER_SEQUENCE, &seq) ||
	    bkt_der_peek(seq) != BKT_DER_OID)
		RETURN_MALFORMED(err, "signed attribute of a seal is not DER");
	if (!bkt_der_literal(&seq, oid, n_oid))
		return bkt_fail(err, BKT_E_FORMAT,
		    "seal has another signed attribute where %s belongs", name);
	if (!bkt_der_take(&seq, BKT_DER_SET, &set) || seq.len != 0)
		return bkt_fail(
		    err, BKT_E_FORMAT, "signed attribute %s is not DER", name);
	*value = set;
	return BKT_OK;
}

/*
 * RFC 5035 4: one ESSCertIDv2, hash SHA-256 by default and therefore absent,
 * issuerSerial as one directoryName and the serial number.
 */
static bool read_ess(struct bkt_span value, const struct bkt_der_cert *cert,
    struct bkt_sha256 *out)
{
	struct bkt_span v2, certs, id, hash, issuer_serial, names, dir;

	if (!bkt_der_take(&value, BKT_DER_SEQUENCE, &v2) || value.len != 0 ||
	    !bkt_der_take(&v2, BKT_DER_SEQUENCE, &certs) || v2.len != 0 ||
	    !bkt_der_take(&certs, BKT_DER_SEQUENCE, &id) || certs.len != 0 ||
	    !bkt_der_take(&id, BKT_DER_OCTETS, &hash) ||
	    hash.len != sizeof(out->b) ||
	    !bkt_der_take(&id, BKT_DER_SEQUENCE, &issuer_serial) ||
	    id.len != 0 ||
	    !bkt_der_take(&issuer_serial, BKT_DER_SEQUENCE, &names) ||
	    !bkt_der_take(&names, BKT_DER_CONTEXT_4, &dir) || names.len != 0)
		return false;
	memcpy(out->b, hash.ptr, sizeof(out->b));
	return bkt_span_eq(dir, cert->issuer) &&
	       bkt_span_eq(issuer_serial, cert->serial);
}

/*
 * The order is that of DER for a SET OF: by encoding, and the third octets
 * (the lengths 0x18, 0x1c or 0x1e, 0x2f, and more) settle it.
 */
static enum bkt_status read_attributes(
    const struct bkt_der_cert *cert, struct bkt_seal *s, struct bkt_err *err)
{
	struct bkt_span in = s->signed_attrs, v, digest;

	BKT_TRY(take_attribute(
	    &in, "contentType", BKT_OCTETS(BKT_OID_CONTENT_TYPE), &v, err));
	if (!bkt_der_literal(&v, BKT_OCTETS(BKT_OID_DATA)) || v.len != 0)
		RETURN_MALFORMED(
		    err, "contentType of a seal is not once id-data");
	BKT_TRY(take_attribute(
	    &in, "signingTime", BKT_OCTETS(BKT_OID_SIGNING_TIME), &v, err));
	if (!bkt_der_time(&v, &s->signing_time_utc_s) || v.len != 0)
		RETURN_MALFORMED(
		    err, "signingTime of a seal is not once a UTC time");
	BKT_TRY(take_attribute(
	    &in, "messageDigest", BKT_OCTETS(BKT_OID_MESSAGE_DIGEST), &v, err));
	if (!bkt_der_take(&v, BKT_DER_OCTETS, &digest) || v.len != 0 ||
	    digest.len != sizeof(s->content_sha256.b))
		RETURN_MALFORMED(
		    err, "messageDigest of a seal is not once 32 octets");
	memcpy(s->content_sha256.b, digest.ptr, digest.len);
	BKT_TRY(take_attribute(&in, "signingCertificateV2",
	    BKT_OCTETS(BKT_OID_SIGNING_CERTIFICATE_V2), &v, err));
	if (!read_ess(v, cert, &s->cert_sha256))
		RETURN_MALFORMED(err,
		    "signingCertificateV2 of a seal does not once name its "
		    "certificate by SHA-256, issuer and serial number");
	if (in.len != 0)
		RETURN_MALFORMED(
		    err, "seal has more than the four signed attributes");
	return BKT_OK;
}

/* issuerAndSerialNumber, the only identifier for a version 1 SignerInfo */
static bool take_sid(struct bkt_span *in, const struct bkt_der_cert *cert)
{
	struct bkt_span sid;

	return bkt_der_take(in, BKT_DER_SEQUENCE, &sid) &&
	       bkt_der_literal(&sid, cert->issuer.ptr, cert->issuer.len) &&
	       bkt_der_literal(&sid, cert->serial.ptr, cert->serial.len) &&
	       sid.len == 0;
}

static enum bkt_status read_signature(struct bkt_span *in,
    const struct bkt_der_key *key, struct bkt_seal *s, struct bkt_err *err)
{
	s->rsa = key->rsa;
	if (key->rsa ? !bkt_der_literal(in, BKT_OCTETS(BKT_ALG_RSA))
		     : !bkt_der_literal(in, BKT_OCTETS(BKT_ALG_ECDSA_SHA256)))
		RETURN_MALFORMED(
		    err, "seal's signature algorithm is not that of its key");
	if (!bkt_der_take(in, BKT_DER_OCTETS, &s->signature))
		RETURN_MALFORMED(err, "seal has no signature value");
	if (key->rsa ? !bkt_der_rsa_shape(s->signature, key)
		     : !bkt_der_ecdsa_shape(s->signature))
		RETURN_MALFORMED(
		    err, "seal's signature value does not fit its key");
	return BKT_OK;
}

/* RFC 5652 5.3 */
static enum bkt_status read_signer(struct bkt_span in,
    const struct bkt_der_cert *cert, const struct bkt_der_key *key,
    struct bkt_seal *s, struct bkt_err *err)
{
	if (!bkt_der_literal(&in, BKT_OCTETS(BKT_INTEGER_1)))
		RETURN_MALFORMED(err, "SignerInfo is not version 1");
	if (!take_sid(&in, cert))
		RETURN_MALFORMED(err,
		    "SignerInfo does not name the seal's certificate by "
		    "issuer and serial number");
	if (!bkt_der_literal(&in, BKT_OCTETS(BKT_ALG_SHA256)))
		RETURN_MALFORMED(err, "SignerInfo's digest is not SHA-256 "
				      "with absent parameters");
	if (bkt_der_peek(in) != BKT_DER_CONTEXT_0)
		RETURN_MALFORMED(err, "seal has no signed attributes");
	if (!bkt_der_take(&in, BKT_DER_CONTEXT_0, &s->signed_attrs))
		RETURN_MALFORMED(err, "signed attributes are not DER");
	BKT_TRY(read_attributes(cert, s, err));
	BKT_TRY(read_signature(&in, key, s, err));
	if (bkt_der_peek(in) == BKT_DER_CONTEXT_1)
		RETURN_MALFORMED(err, "seal has unsigned attributes");
	if (in.len != 0)
		RETURN_MALFORMED(
		    err, "SignerInfo has bytes after its signature");
	return BKT_OK;
}

static enum bkt_status read_certificate(struct bkt_span *in,
    struct bkt_der_cert *cert, struct bkt_der_key *key, struct bkt_seal *s,
    struct bkt_err *err)
{
	struct bkt_span set;

	if (bkt_der_peek(*in) != BKT_DER_CONTEXT_0)
		RETURN_MALFORMED(err, "seal has no certificate");
	if (!bkt_der_take(in, BKT_DER_CONTEXT_0, &set) ||
	    !bkt_der_take_whole(&set, BKT_DER_SEQUENCE, &s->cert))
		RETURN_MALFORMED(err, "seal's certificate is not DER");
	if (set.len != 0)
		RETURN_MALFORMED(err, "seal has more than one certificate");
	if (s->cert.len > BKT_CERT_MAX || !bkt_der_valid(s->cert) ||
	    !bkt_der_cert_pieces(s->cert, cert))
		RETURN_MALFORMED(err, "seal's certificate is not DER");
	if (!bkt_der_key_allowed(cert->spki, key))
		RETURN_MALFORMED(err,
		    "key of the seal's certificate is neither EC P-256 nor "
		    "RSA of 2048 to 8192 bits");
	return BKT_OK;
}

/* RFC 5652 5.1 */
static enum bkt_status read_signed_data(
    struct bkt_span in, struct bkt_seal *s, struct bkt_err *err)
{
	struct bkt_span encap, signers, signer;
	struct bkt_span algs;
	struct bkt_der_cert cert;
	struct bkt_der_key key;

	if (!bkt_der_literal(&in, BKT_OCTETS(BKT_INTEGER_1)))
		RETURN_MALFORMED(err, "SignedData is not version 1");
	if (!bkt_der_take(&in, BKT_DER_SET, &algs) ||
	    !bkt_der_literal(&algs, BKT_OCTETS(BKT_ALG_SHA256)) ||
	    algs.len != 0)
		RETURN_MALFORMED(err,
		    "SignedData's digests are not once SHA-256 "
		    "with absent parameters");
	if (!bkt_der_take(&in, BKT_DER_SEQUENCE, &encap) ||
	    !bkt_der_literal(&encap, BKT_OCTETS(BKT_OID_DATA)))
		RETURN_MALFORMED(err, "seal is not over plain data");
	if (encap.len != 0)
		RETURN_MALFORMED(err, "seal carries its content");
	BKT_TRY(read_certificate(&in, &cert, &key, s, err));
	if (bkt_der_peek(in) == BKT_DER_CONTEXT_1)
		RETURN_MALFORMED(err, "seal carries revocation lists");
	if (!bkt_der_take(&in, BKT_DER_SET, &signers) || in.len != 0 ||
	    !bkt_der_take(&signers, BKT_DER_SEQUENCE, &signer))
		RETURN_MALFORMED(err, "seal has no signer");
	if (signers.len != 0)
		RETURN_MALFORMED(err, "seal has more than one signer");
	return read_signer(signer, &cert, &key, s, err);
}

enum bkt_status bkt_seal_parse(
    struct bkt_span der, struct bkt_seal *out, struct bkt_err *err)
{
	struct bkt_span rest = der, info, data, signed_data;
	struct bkt_seal s = { .der = der };

	if (der.len == 0 || der.len > BKT_SEAL_MAX)
		return bkt_fail(err, BKT_E_FORMAT,
		    "seal is %zu bytes, want 1 to %d", der.len, BKT_SEAL_MAX);
	if (!bkt_der_take(&rest, BKT_DER_SEQUENCE, &info))
		RETURN_MALFORMED(err, "seal is not DER");
	if (rest.len != 0)
		return bkt_fail(err, BKT_E_FORMAT,
		    "seal has %zu bytes after its end", rest.len);
	if (!bkt_der_literal(&info, BKT_OCTETS(BKT_OID_SIGNED_DATA)))
		RETURN_MALFORMED(err, "seal is not SignedData");
	if (!bkt_der_take(&info, BKT_DER_CONTEXT_0, &data) || info.len != 0 ||
	    !bkt_der_take(&data, BKT_DER_SEQUENCE, &signed_data) ||
	    data.len != 0)
		RETURN_MALFORMED(err, "SignedData is not DER");
	BKT_TRY(read_signed_data(signed_data, &s, err));
	*out = s;
	return BKT_OK;
}
