//! Digests over parts, which never run into each other.

use weighbridge_model::digest::Digest;

#[test]
fn is_the_plain_sha_256_of_one_run_of_bytes() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Digest::of(b"").to_string(), empty);
    assert_eq!(empty.to_uppercase().parse(), Ok(Digest::of(b"")));
}

#[test]
fn differs_wherever_parts_are_cut_otherwise() {
    let lists: [(&str, &[&[u8]]); 7] = [
        ("a", &[b"bc"]),
        ("a", &[b"b", b"c"]),
        ("ab", &[b"c"]),
        ("abc", &[]),
        ("a", &[b"bc", b""]),
        ("a", &[b"", b"bc"]),
        ("", &[b"abc"]),
    ];
    let digests: std::collections::BTreeSet<Digest> =
        lists.iter().map(|(domain, parts)| Digest::of_parts(domain, parts)).collect();
    assert_eq!(digests.len(), lists.len());
}

#[test]
fn prefixes_each_part_by_its_length_as_stored_hashes_expect() {
    let encoded = b"\0\0\0\0\0\0\0\x01d\0\0\0\0\0\0\0\x02ab\0\0\0\0\0\0\0\0";
    assert_eq!(Digest::of_parts("d", &[b"ab", b""]), Digest::of(encoded));
}

#[test]
fn refuses_a_text_that_is_no_digest() {
    let digest = Digest::of(b"").to_string();
    for text in ["", "e3b0", &digest[1..], &format!("{digest}00"), &digest.replace('e', "g")] {
        assert!(text.parse::<Digest>().is_err(), "{text}");
    }
}
