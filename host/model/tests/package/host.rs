//! Host patterns, filled in and compared.

use serde_json::{Value, json};
use weighbridge_model::package::{HostError, HostPattern, HostRule};

fn rule(pattern: &str, configuration: &Value) -> Result<HostRule, HostError> {
    HostPattern::parse(pattern)?.expand(configuration.as_object().unwrap())
}

#[test]
fn admits_the_host_it_names_on_its_port() {
    for (pattern, scheme, host, port) in [
        ("api.example.com", "https", "API.example.com", 443),
        ("api.example.com:8443", "https", "api.example.com", 8443),
        ("http://api.example.com", "http", "api.example.com", 80),
        ("*.example.com", "https", "a.b.example.com", 443),
        ("http://127.0.0.1:8000", "http", "127.0.0.1", 8000),
        ("[2001:DB8::7]:8443", "https", "[2001:db8:0::7]", 8443),
        ("{shop}.example.com", "https", "north.example.com", 443),
        ("{base}", "http", "localhost", 8000),
        ("{six}", "https", "::1", 443),
    ] {
        let configuration = json!({"shop": "north", "base": "http://localhost:8000/api?x", "six": "[::1]/"});
        assert!(rule(pattern, &configuration).unwrap().admits(scheme, host, port), "{pattern}");
    }
}

#[test]
fn admits_nothing_else() {
    for (pattern, scheme, host, port) in [
        ("api.example.com", "http", "api.example.com", 443),
        ("api.example.com", "https", "api.example.com", 80),
        ("api.example.com", "https", "api.example.com.", 443),
        ("api.example.com", "https", "xapi.example.com", 443),
        ("*.example.com", "https", "example.com", 443),
        ("*.example.com", "https", ".example.com", 443),
        ("*.example.com", "https", "evilexample.com", 443),
        ("127.0.0.1", "https", "127.0.0.2", 443),
    ] {
        assert!(!rule(pattern, &json!({})).unwrap().admits(scheme, host, port), "{pattern} {host}");
    }
}

#[test]
fn refuses_text_that_is_no_pattern() {
    for text in [
        "",
        "*",
        "*.com",
        "a..b",
        "ftp://a.b",
        "a.b:0",
        "a.b:x",
        "a.b:+1",
        "a b",
        "{shop}",
        "{shop}.com",
        "a.{tld}",
        "bücher.example",
        "0x7f.1",
        "127.1",
        "a.b/c",
        "user@a.b",
    ] {
        let refused = HostPattern::parse(text).is_err();
        assert_eq!(refused, text != "{shop}", "{text}");
    }
}

#[test]
fn refuses_settings_that_would_reach_another_host() {
    let pattern = "{shop}.example.com";
    for value in ["evil.com/", "a.b", "", "-a", "a#", "a@b", "a:1", "ä"] {
        assert!(rule(pattern, &json!({ "shop": value })).is_err(), "{value}");
    }
    for value in
        ["https://user:pass@a.b", "ftp://a.b", "https://*.example.com", "https://", "2130706433", "https://a.b:99999"]
    {
        assert!(rule("{base}", &json!({ "base": value })).is_err(), "{value}");
    }
}

#[test]
fn names_the_setting_that_is_missing() {
    let missing = HostError::Missing { setting: "shop".to_owned() };
    assert_eq!(rule("{shop}.example.com", &json!({})), Err(missing));
}

fn covers(own: &str, asked: &str) -> bool {
    HostPattern::parse(own).unwrap().covers(&HostPattern::parse(asked).unwrap())
}

#[test]
fn covers_what_it_reaches_whatever_the_settings_are() {
    for (own, asked) in [
        ("api.example.com", "API.example.com:443"),
        ("*.example.com", "a.example.com"),
        ("*.example.com", "a.b.Example.com"),
        ("*.example.com", "{shop}.example.com"),
        ("*.example.com", "*.eu.example.com"),
        ("{shop}.example.com", "{shop}.example.com"),
        ("{base_url}", "{base_url}"),
        ("http://192.0.2.7:80", "http://192.0.2.7"),
        ("[2001:db8::7]", "[2001:db8:0::7]"),
    ] {
        assert!(covers(own, asked), "{own} covers {asked}");
    }
}

#[test]
fn does_not_cover_what_it_may_not_reach() {
    for (own, asked) in [
        ("*.example.com", "example.com"),
        ("*.example.com", "badexample.com"),
        ("*.example.com", "a.example.com:8443"),
        ("*.example.com", "http://a.example.com"),
        ("*.eu.example.com", "*.example.com"),
        ("a.example.com", "*.example.com"),
        ("{shop}.example.com", "a.example.com"),
        ("{shop}.example.com", "{store}.example.com"),
        ("{shop}.example.com", "{SHOP}.example.com"),
        ("{base_url}", "api.example.com"),
        ("api.example.com", "{base_url}"),
        ("192.0.2.7", "192.0.2.8"),
    ] {
        assert!(!covers(own, asked), "{own} does not cover {asked}");
    }
}
