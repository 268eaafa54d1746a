//! URLs that mean harm: none of them gets as far as a connection.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use weighbridge_egress::{Client, Denial, Parts, Reach, Refusal, Request, Resolve, Resolving};
use weighbridge_model::package::HostRule;

use super::platform::{now, rule, trusted};

mod urls;

use urls::{ADDRESSES, FINE, STRANGERS};

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

#[tokio::test]
async fn refuses_every_url_that_leads_elsewhere() {
    let client = client(vec![rule("api.example.com"), rule("*.wild.example.com")]);
    for (url, code) in STRANGERS {
        assert_eq!(denial(&client, url).await, *code, "{url:?}");
    }
}

#[tokio::test]
async fn refuses_every_address_that_is_not_public_even_where_the_manifest_has_it() {
    for (url, code) in ADDRESSES {
        let rules = HostRule::of_url(url).into_iter().collect();
        assert_eq!(denial(&client(rules), url).await, *code, "{url:?}");
    }
}

/// Remembers who was asked for, and knows an address that nobody granted.
#[derive(Default)]
struct Asked(Mutex<Vec<String>>);

impl Resolve for Asked {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        self.0.lock().unwrap().push(host.to_owned());
        Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) })
    }
}

#[tokio::test]
async fn asks_for_the_name_that_stands_in_a_good_url() {
    for (url, host) in FINE {
        let asked = Arc::new(Asked::default());
        let manifest = vec![rule("api.example.com"), rule("*.wild.example.com")];
        let reach = Reach { manifest, ..Reach::default() };
        let client = Client::new(Parts { resolver: asked.clone(), ..Parts::new(reach, trusted(), now()) });
        assert_eq!(denial(&client, url).await, "egress.address", "{url:?}");
        assert_eq!(asked.0.lock().unwrap().as_slice(), [*host], "{url:?}");
    }
}

#[tokio::test]
async fn refuses_a_url_of_no_end() {
    let url = format!("https://api.example.com/{}", "x".repeat(1 << 16));
    assert_eq!(denial(&client(vec![rule("api.example.com")]), &url).await, "egress.url");
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
