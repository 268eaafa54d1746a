//! Headers that a guest may and may not set.

use weighbridge_egress::{Limits, Parts, Request};

use super::platform::{Platform, full};

async fn send(headers: Vec<(String, String)>) -> Result<Platform, &'static str> {
    let platform = Platform::start(|_| full(200, "")).await;
    let request = Request { method: "GET".into(), url: platform.url("/"), headers, ..Request::default() };
    let limits = Limits { headers: 5, header_bytes: 100, ..Limits::default() };
    let client = weighbridge_egress::Client::new(Parts { limits, ..platform.parts(Vec::new()) });
    match client.send(request).await {
        Ok(_) => Ok(platform),
        Err(refusal) => {
            assert_eq!(platform.seen().len(), 0);
            Err(refusal.code())
        }
    }
}

fn one(name: &str, value: &str) -> Vec<(String, String)> {
    vec![(name.into(), value.into())]
}

#[tokio::test]
async fn refuses_headers_that_belong_to_the_host() {
    for name in [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "connection",
        "Keep-Alive",
        "TE",
        "trailer",
        "upgrade",
        "Proxy-Authorization",
        "proxy-connection",
        "Authorization",
        "AUTHORIZATION",
        "expect",
        "Accept-Encoding",
    ] {
        assert_eq!(send(one(name, "1")).await.err(), Some("egress.header"), "{name}");
    }
}

#[tokio::test]
async fn refuses_headers_that_would_become_two() {
    for (name, value) in [("x", "a\r\nb: c"), ("x", "a\nb"), ("x\r\ny", "a"), ("x y", "a"), ("", "a"), ("x:", "a")] {
        assert_eq!(send(one(name, value)).await.err(), Some("egress.header_malformed"), "{name:?} {value:?}");
    }
}

#[tokio::test]
async fn refuses_too_many_headers_and_too_long_ones() {
    let many = (0..6).map(|index| (format!("x-{index}"), String::new())).collect();
    assert_eq!(send(many).await.err(), Some("egress.headers_too_many"));
    assert_eq!(send(one("x", &"y".repeat(100))).await.err(), Some("egress.headers_too_many"));
}

#[tokio::test]
async fn sends_the_others_in_their_order() {
    let headers = [("x-a", "1"), ("accept", "application/json"), ("x-a", "2"), ("x-name", "Łódź")];
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let platform = send(headers).await.unwrap();
    let seen = platform.seen();
    let values: Vec<_> = seen[0].headers.get_all("x-a").iter().collect();
    assert_eq!(values, ["1", "2"]);
    assert_eq!(seen[0].headers["x-name"].as_bytes(), "Łódź".as_bytes());
}
