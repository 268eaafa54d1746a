//! A person's browser, as far as a sign-in needs one: cookies, forms and redirects.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use url::Url;
use url::form_urlencoded::Serializer;

#[derive(Default)]
pub(in crate::platforms) struct Browser {
    cookies: BTreeMap<String, String>,
}

pub(in crate::platforms) struct Answer {
    pub(in crate::platforms) status: u16,
    pub(in crate::platforms) location: Option<String>,
    pub(in crate::platforms) body: String,
    pub(in crate::platforms) headers: String,
}

impl Browser {
    /// Opens an address, signs in and agrees to everything, until the platform sends the person elsewhere.
    pub(in crate::platforms) fn agree(&mut self, address: &str, leave_at: &str) -> Url {
        let mut url = Url::parse(address).unwrap();
        for _ in 0..20 {
            if url.as_str().starts_with(leave_at) {
                return url;
            }
            let answer = self.get(&url);
            let next = match answer.location {
                Some(next) => next,
                None => {
                    assert_eq!(answer.status, 200, "{}", answer.body);
                    let prompt = if answer.body.contains("value=\"login\"") { "login" } else { "consent" };
                    let fields = [("prompt", prompt), ("login", "ada"), ("password", "anything")];
                    self.post(&url, &fields).location.expect("a form of the provider leads on")
                }
            };
            url = url.join(&next).unwrap();
        }
        panic!("the provider goes round in circles at {url}");
    }

    pub(in crate::platforms) fn get(&mut self, url: &Url) -> Answer {
        self.ask("GET", url, "")
    }

    pub(in crate::platforms) fn post(&mut self, url: &Url, fields: &[(&str, &str)]) -> Answer {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask("POST", url, &body)
    }

    fn ask(&mut self, method: &str, url: &Url, body: &str) -> Answer {
        let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let path = &url[url::Position::BeforePath..];
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut stream = TcpStream::connect(authority).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\naccept: text/html\r\ncookie: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        let header = |wanted: &str| {
            let lines = headers.lines().filter_map(|line| line.split_once(": "));
            lines
                .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.to_owned())
                .collect::<Vec<_>>()
        };
        for cookie in header("set-cookie") {
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        let location = header("location").pop();
        Answer { status, location, body: body.to_owned(), headers: headers.to_owned() }
    }
}
