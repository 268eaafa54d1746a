//! A proxy of the configuration: what goes by it, what it is told, and what its refusals are called.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use weighbridge_egress::{Client, Credential, Parts, Proxy, Reach, Request, Resolve, Resolving, Secret, Secrets};
use weighbridge_model::package::{AuthMethod, AuthScheme, HostPattern};

use super::platform::{Platform, full, now, rule, trusted};

/// A proxy that opens tunnels to loopback, whatever name is asked for, and keeps the heads it was sent.
pub(crate) struct Tunnels {
    pub(crate) port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Tunnels {
    /// Answers with this status line; a tunnel begins after a 200.
    pub(crate) async fn start(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tunnels = Self { port: listener.local_addr().unwrap().port(), heads: Arc::default() };
        let heads = Arc::clone(&tunnels.heads);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, status, Arc::clone(&heads)));
            }
        });
        tunnels
    }

    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    pub(crate) fn proxy(&self, credential: Option<&str>, no_proxy: &[&str]) -> Proxy {
        let no_proxy: Vec<String> = no_proxy.iter().map(|text| (*text).to_owned()).collect();
        Proxy::new(&format!("http://127.0.0.1:{}", self.port), credential.map(Secret::new), &no_proxy).unwrap()
    }
}

async fn serve(mut stream: TcpStream, status: &str, heads: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    heads.lock().unwrap().push(head.clone());
    stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).await.ok()?;
    if status.starts_with("200") {
        let authority = head.strip_prefix("CONNECT ")?.split(' ').next()?;
        let port: u16 = authority.rsplit_once(':')?.1.parse().ok()?;
        let mut platform = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        copy_bidirectional(&mut stream, &mut platform).await.ok()?;
    }
    Some(())
}

/// Behind a proxy nobody here asks for the address of a name.
struct NoResolver;

impl Resolve for NoResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        Box::pin(async move { Err(std::io::Error::other(format!("{host} was asked for"))) })
    }
}

fn behind(platform: &Platform, proxy: Proxy) -> Parts {
    let reach = Reach { manifest: vec![rule(&platform.pattern())], granted: None, networks: Vec::new() };
    Parts { resolver: Arc::new(NoResolver), proxy: Some(proxy), ..Parts::new(reach, trusted(), now()) }
}

fn get(url: String) -> Request {
    Request { method: "GET".into(), url, ..Request::default() }
}

async fn code(client: &Client, url: String) -> &'static str {
    client.send(get(url)).await.unwrap_err().code()
}

#[tokio::test]
async fn leaves_by_another_proxy_from_when_it_is_configured_and_ends_what_it_began() {
    let platform = Platform::start(|_| full(200, "hi")).await;
    let (before, after) = (Tunnels::start("200 OK").await, Tunnels::start("200 OK").await);
    let client = Client::new(behind(&platform, before.proxy(None, &[])));
    let mut begun = client.send(get(platform.url("/one"))).await.unwrap();
    client.leave_by(trusted(), Some(after.proxy(Some("agent:word"), &[])));
    assert_eq!(&*begun.body.read_all().await.unwrap(), b"hi", "what is on its way ends as it began");
    client.send(get(platform.url("/two"))).await.unwrap();
    assert_eq!((before.heads().len(), after.heads().len()), (1, 1));
    assert!(after.heads()[0].contains("Basic "), "{:?}", after.heads());
    client.leave_by(trusted(), Some(before.proxy(None, &["*.test"])));
    let refused = code(&client, platform.url("/three")).await;
    assert_eq!((before.heads().len(), after.heads().len()), (1, 1), "no_proxy leaves it out: {refused}");
}

#[tokio::test]
async fn opens_a_tunnel_for_a_plain_target_too_and_uses_it_again() {
    let platform = Platform::start(|seen| full(200, seen.path.clone())).await;
    let tunnels = Tunnels::start("200 Connection established").await;
    let client = Client::new(behind(&platform, tunnels.proxy(None, &[])));
    for _ in 0..3 {
        let mut response = client.send(get(platform.url("/orders"))).await.unwrap();
        assert_eq!(&response.body.read_all().await.unwrap()[..], b"/orders");
    }
    let place = format!("platform.test:{}", platform.address.port());
    assert_eq!(tunnels.heads(), [format!("CONNECT {place} HTTP/1.1\r\nhost: {place}\r\n\r\n")]);
}

#[tokio::test]
async fn signs_in_at_the_proxy_and_nowhere_else() {
    let platform = Platform::start(|_| full(200, "")).await;
    let tunnels = Tunnels::start("200 OK").await;
    let proxy = tunnels.proxy(Some("agent:a password"), &[]);
    assert!(!format!("{proxy:?}").contains("password"), "{proxy:?}");
    let apply = AuthMethod::Bearer {};
    let hosts = vec![HostPattern::parse(&platform.pattern()).unwrap()];
    let scheme = AuthScheme { name: "key".into(), title: String::new(), secrets: Vec::new(), hosts, apply };
    let secrets: Secrets = [("token", Secret::new("the platform's token"))].into_iter().collect();
    let credentials = vec![Credential::new(scheme, secrets, serde_json::Map::new())];
    let client = Client::new(Parts { credentials, ..behind(&platform, proxy) });
    client.send(Request { auth: Some("key".into()), ..get(platform.url("/")) }).await.unwrap();
    let head = &tunnels.heads()[0];
    assert!(head.contains("proxy-authorization: Basic YWdlbnQ6YSBwYXNzd29yZA=="), "{head}");
    assert!(!head.contains("Bearer"), "{head}");
    let seen = &platform.seen()[0].headers;
    assert_eq!(seen["authorization"], "Bearer the platform's token");
    assert!(!seen.contains_key("proxy-authorization"));
}

#[tokio::test]
async fn names_what_a_proxy_answers() {
    let platform = Platform::start(|_| full(200, "")).await;
    for (status, wanted) in [
        ("407 Proxy Authentication Required", "egress.proxy_sign_in"),
        ("403 Forbidden", "egress.proxy_denied"),
        ("405 Method Not Allowed", "egress.proxy_denied"),
        ("502 Bad Gateway", "egress.proxy_gateway"),
        ("504 Gateway Timeout", "egress.proxy_gateway"),
        ("", "egress.proxy_unreachable"),
    ] {
        let tunnels = Tunnels::start(status).await;
        let client = Client::new(behind(&platform, tunnels.proxy(Some("agent:hush-hush-hush"), &[])));
        let refusal = client.send(get(platform.url("/"))).await.unwrap_err();
        assert_eq!(refusal.code(), wanted, "{status}");
        assert!(!refusal.to_string().contains("hush"), "{refusal}");
    }
    assert!(platform.seen().is_empty());
}

#[tokio::test]
async fn names_a_proxy_that_is_not_there() {
    let platform = Platform::start(|_| full(200, "")).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let proxy = Proxy::new(&format!("http://{closed}"), None, &[]).unwrap();
    let client = Client::new(behind(&platform, proxy));
    assert_eq!(code(&client, platform.url("/")).await, "egress.proxy_unreachable");
}

#[tokio::test]
async fn asks_no_proxy_for_what_is_refused_here() {
    let platform = Platform::start(|_| full(200, "")).await;
    let tunnels = Tunnels::start("200 OK").await;
    let rules = ["https://10.0.0.7", "https://erp", "https://erp.corp", "https://db.internal", "https://[fd00::7]"];
    let reach = Reach { manifest: rules.iter().map(|text| rule(text)).collect(), granted: None, networks: Vec::new() };
    let parts = behind(&platform, tunnels.proxy(None, &[]));
    let client = Client::new(Parts { reach, ..parts });
    for (url, wanted) in [
        ("https://elsewhere.example/", "egress.not_in_manifest"),
        ("https://10.0.0.7/", "egress.address"),
        ("https://[fd00::7]/", "egress.address"),
        ("https://erp/", "egress.inside_name"),
        ("https://erp.corp/", "egress.inside_name"),
        ("https://db.internal/", "egress.inside_name"),
    ] {
        assert_eq!(code(&client, url.into()).await, wanted, "{url}");
    }
    assert!(tunnels.heads().is_empty());
}

#[tokio::test]
async fn hands_a_granted_address_to_the_proxy_and_keeps_this_machine_to_itself() {
    let tunnels = Tunnels::start("502 Bad Gateway").await;
    let platform = Platform::start(|_| full(200, "")).await;
    let port = platform.address.port();
    let reach = Reach {
        manifest: vec![rule("http://10.0.0.7:80"), rule(&format!("http://127.0.0.1:{port}"))],
        granted: None,
        networks: vec!["10.0.0.0/24".parse().unwrap(), "127.0.0.1/32".parse().unwrap()],
    };
    let client = Client::new(Parts { reach, ..behind(&platform, tunnels.proxy(None, &[])) });
    assert_eq!(code(&client, "http://10.0.0.7/".into()).await, "egress.proxy_gateway");
    assert_eq!(client.send(get(format!("http://127.0.0.1:{port}/"))).await.unwrap().status, 200);
    assert_eq!(tunnels.heads().len(), 1);
}

#[tokio::test]
async fn leaves_the_proxy_out_where_the_configuration_says_so_and_checks_addresses_again() {
    let platform = Platform::start(|_| full(200, "")).await;
    let tunnels = Tunnels::start("200 OK").await;
    let address: IpAddr = "127.0.0.1".parse().unwrap();
    for beside in ["platform.test", "PLATFORM.TEST", "*.test"] {
        let proxy = tunnels.proxy(None, &[beside]);
        let direct = Client::new(Parts { proxy: Some(proxy.clone()), ..platform.parts(Vec::new()) });
        assert_eq!(direct.send(get(platform.url("/"))).await.unwrap().status, 200);
        let resolver = Arc::new(super::platform::Names(vec![address]));
        let ungranted = Client::new(Parts { resolver, ..behind(&platform, proxy) });
        assert_eq!(code(&ungranted, platform.url("/")).await, "egress.address");
    }
    assert!(tunnels.heads().is_empty());
    for beside in ["est", "*.platform.test", "test"] {
        let client = Client::new(behind(&platform, tunnels.proxy(None, &[beside])));
        assert_eq!(client.send(get(platform.url("/"))).await.unwrap().status, 200, "{beside}");
    }
    assert_eq!(tunnels.heads().len(), 3);
}

#[test]
fn refuses_settings_that_are_no_proxy() {
    let refused = |url: &str, credential: Option<&str>, beside: &[&str]| {
        let beside: Vec<String> = beside.iter().map(|text| (*text).to_owned()).collect();
        let error = Proxy::new(url, credential.map(Secret::new), &beside).unwrap_err();
        assert_eq!(error.code(), "egress.proxy_setting");
        assert!(!error.to_string().contains("hush"), "{error}");
    };
    for url in ["https://proxy.test:3128", "proxy.test:3128", "http://a:hush@proxy.test:3128", "http://proxy.test/path"]
    {
        refused(url, None, &[]);
    }
    for credential in ["hush", ":hush", "hush:", "a:hush\nhush"] {
        refused("http://proxy.test:3128", Some(credential), &[]);
    }
    for beside in ["", "*", "a b", ".example.com", "10.0.0.0/33", "http://x"] {
        refused("http://proxy.test:3128", None, &[beside]);
    }
}
