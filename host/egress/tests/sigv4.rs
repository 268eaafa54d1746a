//! Signatures as AWS's own examples have them.

use weighbridge_egress::sigv4::{Canonical, Signer, hex_sha256, query};
use weighbridge_model::time::Timestamp;

/// The examples of AWS's test suite for Signature Version 4.
const SUITE: Signer<'static> = Signer {
    access_key_id: "AKIDEXAMPLE",
    secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    region: "us-east-1",
    service: "service",
    now: Timestamp::from_millis(1_440_938_160_000),
};

/// The examples of the S3 documentation.
const S3: Signer<'static> = Signer {
    access_key_id: "AKIAIOSFODNN7EXAMPLE",
    secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    region: "us-east-1",
    service: "s3",
    now: Timestamp::from_millis(1_369_353_600_000),
};

/// `GET /path?query` and so on; `headers` are those beside host and date.
#[track_caller]
fn check(signer: &Signer<'_>, line: &str, headers: &[(&str, &str)], body: &str, signature: &str) {
    let (method, target) = line.split_once(' ').unwrap();
    let (path, asked) = target.split_once('?').unwrap_or((target, ""));
    let is_s3 = signer.service == "s3";
    let host = if is_s3 { "examplebucket.s3.amazonaws.com" } else { "example.amazonaws.com" };
    let (date, body_sha256) = (signer.date(), hex_sha256(body.as_bytes()));
    let mut all = vec![("host", host), ("x-amz-date", &date)];
    all.extend(is_s3.then_some(("x-amz-content-sha256", body_sha256.as_str())));
    all.extend(headers);
    let headers: Vec<_> = all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let query = query(asked);
    let canonical = Canonical { method, path, query: &query, headers: &headers, body_sha256: &body_sha256 };
    let authorization = signer.authorization(&canonical);
    assert_eq!(authorization.rsplit_once("Signature=").unwrap().1, signature, "{line}\n{authorization}");
}

#[test]
fn signs_the_plain_request_of_the_suite_word_by_word() {
    let headers = [("host".to_owned(), "example.amazonaws.com".to_owned()), ("x-amz-date".to_owned(), SUITE.date())];
    let body_sha256 = hex_sha256(b"");
    let canonical = Canonical { method: "GET", path: "/", query: "", headers: &headers, body_sha256: &body_sha256 };
    assert_eq!(
        SUITE.authorization(&canonical),
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    );
}

#[test]
fn signs_queries_in_one_order() {
    let by_name = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
    check(&SUITE, "GET /?Param2=value2&Param1=value1", &[], "", by_name);
    let by_value = "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694";
    check(&SUITE, "GET /?Param1=value2&Param1=value1", &[], "", by_value);
    let one = "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb";
    check(&SUITE, "GET /?Param1=value1", &[], "", one);
}

#[test]
fn signs_letters_of_every_kind() {
    let in_path = "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85";
    check(&SUITE, "GET /\u{1234}", &[], "", in_path);
    let in_query = "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04";
    check(&SUITE, "GET /?\u{1234}=bar", &[], "", in_query);
    let plain = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let in_path = "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f";
    check(&SUITE, &format!("GET /{plain}"), &[], "", in_path);
    let in_query = "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197";
    check(&SUITE, &format!("GET /?{plain}={plain}"), &[], "", in_query);
}

#[test]
fn signs_posts() {
    check(&SUITE, "POST /", &[], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    let with_query = "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11";
    check(&SUITE, "POST /?Param1=value1", &[], "", with_query);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let signature = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
    check(&SUITE, "POST /", &form, "Param1=value1", signature);
}

#[test]
fn signs_headers_in_order_and_trimmed() {
    let sorted = "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c";
    check(&SUITE, "POST /", &[("my-header1", "value1")], "", sorted);
    let trimmed = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736";
    check(&SUITE, "GET /", &[("my-header1", " value1"), ("my-header2", " \"a   b   c\"")], "", trimmed);
    let repeated = "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea";
    let values = [("my-header1", "value2"), ("my-header1", "value2"), ("my-header1", "value1")];
    check(&SUITE, "GET /", &values, "", repeated);
}

#[test]
fn signs_the_requests_of_the_s3_documentation() {
    let get = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    check(&S3, "GET /test.txt", &[("range", "bytes=0-9")], "", get);
    let put = "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd";
    let headers = [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")];
    check(&S3, "PUT /test$file.text", &headers, "Welcome to Amazon S3.", put);
    let lifecycle = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543";
    check(&S3, "GET /?lifecycle", &[], "", lifecycle);
    let list = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";
    check(&S3, "GET /?max-keys=2&prefix=J", &[], "", list);
}

#[test]
fn writes_a_query_in_one_way_however_it_came() {
    for (asked, written) in [
        ("b=2&a=1", "a=1&b=2"),
        ("acl", "acl="),
        ("a=%7e&b=%2F/", "a=~&b=%2F%2F"),
        ("a=x+y&b=x%20y", "a=x%20y&b=x%20y"),
        ("&&a=1&", "a=1"),
        ("a=1=2", "a=1%3D2"),
        ("", ""),
    ] {
        assert_eq!(query(asked), written);
    }
}

#[test]
fn shows_no_key_to_whoever_prints_a_signer() {
    assert!(!format!("{S3:?}").contains("EXAMPLEKEY"));
}
