//! Which addresses are public, however they are wrapped.

use std::net::IpAddr;

use weighbridge_egress::is_public;

fn check(expected: bool, addresses: &[&str]) {
    for address in addresses {
        let parsed: IpAddr = address.parse().unwrap();
        assert_eq!(is_public(parsed), expected, "{address}");
    }
}

#[test]
fn lets_public_addresses_pass() {
    check(true, &["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.0", "192.0.1.1"]);
    check(true, &["2606:4700:4700::1111", "2a00:1450::1", "2001:4860::8888"]);
}

#[test]
fn holds_back_every_special_range() {
    check(false, &["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255"]);
    check(false, &["169.254.169.254", "168.63.129.16", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1"]);
    check(false, &["192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1"]);
    check(false, &["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"]);
    check(false, &["::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1"]);
    check(false, &["2001::", "2001:2::1", "2001:10::1", "2001:20::1", "3fff::1", "5f00::1", "64:ff9b:1::1", "4000::1"]);
}

#[test]
fn looks_inside_of_wrapped_addresses() {
    check(false, &["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1"]);
    check(false, &["64:ff9b::127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:1::1"]);
    // Teredo: the client is written inverted; 0xf5ff_fffe is 10.0.0.1.
    check(false, &["2001:0:808:808::f5ff:fffe", "2001:0:a00:1:0:0:f7f7:f7f7"]);
    check(true, &["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:808:808::f7f7:f7f7"]);
}
