//! Host patterns: two of them, a configuration, and `SCHEME HOST PORT`, each on a line.

use std::net::IpAddr;

use serde_json::{Map, Value};
use weighbridge_model::package::{HostPattern, HostRule};

use super::pieces;

/// A rule admits nothing outside of its own words, nor outside of the pattern it was made of; and a pattern that covers
/// another reaches whatever that one does.
pub fn host(bytes: &[u8]) {
    let Some([one, other, configuration, place]) = pieces(bytes) else { return };
    let configuration: Map<String, Value> = serde_json::from_str(configuration).unwrap_or_default();
    let mut place = place.split(' ');
    let (scheme, host) = (place.next().unwrap_or_default(), place.next().unwrap_or_default());
    let port = place.next().and_then(|port| port.parse().ok()).unwrap_or(443);
    let [one, other] = [one, other].map(|text| HostPattern::parse(text).ok());
    let rules = [&one, &other].map(|pattern| pattern.as_ref().and_then(|one| one.expand(&configuration).ok()));
    for (pattern, rule) in [&one, &other].into_iter().zip(&rules) {
        let (Some(pattern), Some(rule)) = (pattern, rule) else { continue };
        assert_eq!(HostPattern::parse(pattern.as_str()).as_ref(), Ok(pattern));
        if !rule.to_string().contains('*') {
            assert_eq!(HostRule::of_url(&rule.to_string()).as_ref(), Ok(rule));
        }
        if rule.admits(scheme, host, port) {
            assert!(is_inside(rule, scheme, host, port), "{rule} admits {scheme}://{host}:{port}");
            assert!(keeps_domain(pattern, host), "{pattern} gave {rule}");
        }
    }
    if let ([Some(one), Some(other)], [Some(own), Some(asked)]) = ([&one, &other], &rules)
        && one.covers(other)
        && asked.admits(scheme, host, port)
    {
        assert!(own.admits(scheme, host, port), "{one} covers {other}, and does not reach {host}");
    }
}

/// The same by the words of the rule alone.
fn is_inside(rule: &HostRule, scheme: &str, host: &str, port: u16) -> bool {
    let (rule, host) = (rule.to_string(), host.to_ascii_lowercase());
    let Some((own_scheme, rest)) = rule.split_once("://") else { return false };
    let Some((own, own_port)) = rest.rsplit_once(':') else { return false };
    let named = match own.strip_prefix('*') {
        Some(parent) => host.len() > parent.len() && host.ends_with(parent),
        None => host == own || address(&host).is_some_and(|address| self::address(own) == Some(address)),
    };
    named && own_port == port.to_string() && scheme.eq_ignore_ascii_case(own_scheme)
}

/// The last two labels are the pattern's own, where it names a host and not only a setting.
fn keeps_domain(pattern: &HostPattern, host: &str) -> bool {
    let text = pattern.as_str().to_ascii_lowercase();
    let written = text.rsplit("://").next().unwrap_or_default();
    let written = written.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(written, |cut| cut.0);
    let domain = |name: &str| name.rsplit('.').take(2).map(str::to_ascii_lowercase).collect::<Vec<_>>();
    written.starts_with('{') && !written.contains('.') || address(host).is_some() || domain(written) == domain(host)
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}
