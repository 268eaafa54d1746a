//! URLs that mean harm: none of them gets as far as a connection.

use std::sync::Arc;

use weighbridge_egress::{Client, Denial, Parts, Reach, Refusal, Request, Resolve, Resolving};
use weighbridge_model::package::HostRule;

use super::platform::{now, rule, trusted};

/// Nobody may even be asked for an address.
struct NoResolver;

impl Resolve for NoResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        panic!("asked for {host}")
    }
}

fn client(rules: Vec<HostRule>) -> Client {
    let reach = Reach { manifest: rules, ..Reach::default() };
    Client::new(Parts { resolver: Arc::new(NoResolver), ..Parts::new(reach, trusted(), now()) })
}

async fn denial(client: &Client, url: &str) -> &'static str {
    let request = Request { method: "GET".into(), url: url.into(), ..Request::default() };
    match client.send(request).await {
        Err(Refusal::Denied(denial)) => denial.code(),
        other => panic!("{url}: {other:?}"),
    }
}

const HOSTILE: &[(&str, &str)] = &[
    ("", "egress.url"),
    ("api.example.com", "egress.url"),
    ("//api.example.com/", "egress.url"),
    ("https:api.example.com", "egress.url"),
    ("https:/api.example.com", "egress.url"),
    ("https:///api.example.com", "egress.url"),
    ("https:\\\\api.example.com", "egress.url"),
    ("https://", "egress.url"),
    ("https://:443/", "egress.url"),
    ("ftp://api.example.com/", "egress.url"),
    ("file:///etc/passwd", "egress.url"),
    ("gopher://api.example.com/", "egress.url"),
    ("javascript://api.example.com/%0aalert(1)", "egress.url"),
    ("data:text/plain,https://api.example.com/", "egress.url"),
    ("blob:https://api.example.com/", "egress.url"),
    (" https://api.example.com/", "egress.url"),
    ("https://api.example.com/ x", "egress.url"),
    ("https://api.exam\tple.com/", "egress.url"),
    ("https://api.example.com/\r\nX-Evil: 1", "egress.url"),
    ("https://api.example.com\n/", "egress.url"),
    ("https://api.example.com\0/", "egress.url"),
    ("https://api.example.com\\@evil.test/", "egress.url"),
    ("https://api.example.com/\\evil", "egress.url"),
    ("https://evil.test\\.example.com/", "egress.url"),
    ("https://user@api.example.com/", "egress.url"),
    ("https://user:password@api.example.com/", "egress.url"),
    ("https://@api.example.com/", "egress.url"),
    ("https://api.example.com:443@evil.test/", "egress.url"),
    ("https://api.example.com%2f@evil.test/", "egress.url"),
    ("https://api%2eexample.com/", "egress.url"),
    ("https://api.example.com%00.evil.test/", "egress.url"),
    ("https://api\u{3002}example.com/", "egress.url"),
    ("https://\u{ff41}pi.example.com/", "egress.url"),
    ("https://ap\u{131}.example.com/", "egress.url"),
    ("https://api\u{ad}.example.com/", "egress.url"),
    ("https://api.example.com:0/", "egress.url"),
    ("https://api.example.com:65536/", "egress.url"),
    ("https://api.example.com:44a/", "egress.url"),
    ("https://api.example.com:443:80/", "egress.url"),
    ("https://api.example.com./", "egress.not_in_manifest"),
    ("https://.api.example.com/", "egress.not_in_manifest"),
    ("https://api.example.com.evil.test/", "egress.not_in_manifest"),
    ("https://evil.test/?x=api.example.com", "egress.not_in_manifest"),
    ("https://evil.test/#@api.example.com", "egress.not_in_manifest"),
    ("https://evil.test#.api.example.com", "egress.not_in_manifest"),
    ("https://evilapi.example.com/", "egress.not_in_manifest"),
    ("https://api.example.com:444/", "egress.not_in_manifest"),
    ("http://api.example.com/", "egress.not_in_manifest"),
    ("http://api.example.com:443/", "egress.not_in_manifest"),
    ("https://localhost/", "egress.not_in_manifest"),
    ("https://localhost./", "egress.not_in_manifest"),
    ("https://127.0.0.1/", "egress.not_in_manifest"),
    ("https://127.1/", "egress.url"),
    ("https://127.0.1/", "egress.url"),
    ("https://2130706433/", "egress.url"),
    ("https://0x7f000001/", "egress.url"),
    ("https://0x7f.0.0.1/", "egress.url"),
    ("https://0177.0.0.1/", "egress.url"),
    ("https://127.0.0.1./", "egress.url"),
    ("https://0/", "egress.url"),
    ("https://256.256.256.256/", "egress.url"),
    ("https://[::1]/", "egress.not_in_manifest"),
    ("https://[::1%25eth0]/", "egress.url"),
    ("https://[::ffff:127.0.0.1]/", "egress.not_in_manifest"),
    ("https://[::]/", "egress.not_in_manifest"),
    ("https://[v1.api]/", "egress.url"),
    ("https://[::1/", "egress.url"),
    ("https://::1/", "egress.url"),
    ("https://[fd00:ec2::254]/", "egress.not_in_manifest"),
];

#[tokio::test]
async fn refuses_every_hostile_url() {
    let client = client(vec![rule("api.example.com")]);
    for (url, code) in HOSTILE {
        assert_eq!(denial(&client, url).await, *code, "{url:?}");
    }
}

#[tokio::test]
async fn refuses_everything_where_nothing_is_allowed() {
    assert_eq!(denial(&client(Vec::new()), "https://api.example.com/").await, "egress.not_in_manifest");
}

#[tokio::test]
async fn refuses_what_the_manifest_allows_and_the_grant_does_not() {
    let reach = Reach {
        manifest: vec![rule("*.example.com")],
        granted: Some(vec![rule("api.example.com")]),
        ..Reach::default()
    };
    let client = Client::new(Parts { resolver: Arc::new(NoResolver), ..Parts::new(reach, trusted(), now()) });
    assert_eq!(denial(&client, "https://files.example.com/").await, "egress.not_granted");
}

#[tokio::test]
async fn checks_an_address_that_stands_in_the_url_without_a_resolver() {
    for (host, url) in [
        ("169.254.169.254", "https://169.254.169.254/latest/meta-data"),
        ("10.0.0.1", "https://10.0.0.1/"),
        ("[::1]", "https://[::1]/"),
        ("[::1]", "https://[0:0:0:0:0:0:0:1]/"),
        ("[::ffff:127.0.0.1]", "https://[::ffff:127.0.0.1]/"),
        ("[64:ff9b::7f00:1]", "https://[64:ff9b::127.0.0.1]/"),
    ] {
        assert_eq!(denial(&client(vec![rule(host)]), url).await, "egress.address", "{url}");
    }
}

#[test]
fn every_denial_says_what_to_do() {
    let denial = Denial::NotGranted { place: "https://api.example.com:443".into() };
    assert!(denial.to_string().ends_with("; an operator can add it"));
}
