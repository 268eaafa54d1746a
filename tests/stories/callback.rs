//! The page that people come back to from a platform answers its own browser and nobody else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use weighbridge_server::Callback;

use crate::town::{Host, Town};

struct Page<'a>(&'a Host);

impl Page<'_> {
    /// The status, and everything that came.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.0.address).unwrap();
        let host = if headers.contains("host:") { String::new() } else { format!("host: {}\r\n", self.0.address) };
        let length = body.len();
        let _ = write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{host}{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }
}

#[test]
fn a_return_that_was_not_begun_here_is_refused_and_shows_nothing_of_what_came() {
    let town = Town::bare(1);
    town.works(&["init"]);
    let host = Host::start(&town);
    let page = Page(&host);
    let (status, text) = page.ask("GET", "/oauth/callback?state=%3Cscript%3E&code=stolen&error=%3Cb%3E", "", "");
    assert_eq!(status, 400, "{text}");
    assert!(text.contains("sign_in.unknown") && !text.contains("<script>") && !text.contains("stolen"), "{text}");
    let lower = text.to_lowercase();
    for header in [
        "content-security-policy: default-src 'none'",
        "cache-control: no-store",
        "referrer-policy: same-origin",
        "x-content-type-options: nosniff",
    ] {
        assert!(lower.contains(header), "{header} is missing: {text}");
    }
    let twice = page.ask("GET", "/oauth/callback?state=a&state=b&code=c", "", "");
    assert!(twice.0 == 400 && twice.1.contains("sign_in.unknown"));
    drop(host);
}

#[test]
fn another_name_another_origin_another_method_and_a_large_form_are_refused() {
    let town = Town::bare(1);
    town.works(&["init"]);
    let host = Host::start(&town);
    let page = Page(&host);
    let path = "/oauth/callback";
    assert_eq!(page.ask("GET", path, "host: rebound.example\r\n", "").0, 421);
    assert_eq!(page.ask("POST", path, "origin: https://evil.example\r\n", "state=a").0, 421);
    assert_eq!(page.ask("PUT", path, "", "").0, 405);
    assert_eq!(page.ask("POST", path, "", &"a".repeat(20_000)).0, 413);
    assert_eq!(page.ask("POST", path, "", "state=a&code=b&one_time_code=c").0, 400);
    drop(host);
}

#[test]
fn an_address_that_no_browser_comes_back_to_is_no_public_address() {
    let redirect = |address: &str| Callback::under(address).map(|callback| callback.redirect().to_owned());
    for address in ["https://A.example:443", "https://a.example/"] {
        assert_eq!(redirect(address).as_deref(), Ok("https://a.example/oauth/callback"), "{address}");
    }
    let refused =
        ["https://a.example/below", "https://a.example/?x=1", "https://u:p@a.example", "ftp://a.example", "a"];
    for address in refused {
        assert!(redirect(address).is_err(), "{address}");
    }
}
