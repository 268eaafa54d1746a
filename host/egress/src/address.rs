//! Which addresses are the open internet, and which are somebody's inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

/// The IANA special-purpose registry, and the one metadata service that has a public address.
const SPECIAL_V4: &[Ipv4Net] = &[
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(168, 63, 129, 16, 32),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

/// Of IPv6 only this is given out to the open internet…
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);
/// …except for these inside it.
const SPECIAL_V6: &[Ipv6Net] = &[v6(0x2001, 0, 0, 23), v6(0x2001, 0xdb8, 0, 32), v6(0x3fff, 0, 0, 20)];

const TEREDO: Ipv6Net = v6(0x2001, 0, 0, 32);
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 0, 16);
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);
const MAPPED: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96);
const COMPATIBLE: Ipv6Net = v6(0, 0, 0, 96);
/// Each ends in the IPv4 address.
const WRAPPERS: [Ipv6Net; 3] = [MAPPED, COMPATIBLE, NAT64];

/// Whether an address, and every address wrapped in it, is one of the open internet.
pub fn is_public(address: IpAddr) -> bool {
    is_allowed(address, &[])
}

/// The same, with the networks that an operator granted.
pub(crate) fn is_allowed(address: IpAddr, granted: &[IpNet]) -> bool {
    let is_granted = |address: IpAddr| granted.iter().any(|network| network.contains(&address));
    if is_granted(address) {
        return true;
    }
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match wrapped(address) {
            Some(inner) => {
                let is_outer_public = is_public_v6(address) || is_wrapper(address);
                is_outer_public && inner.into_iter().flatten().all(|v4| is_public_v4(v4) || is_granted(v4.into()))
            }
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|network| network.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    GLOBAL_V6.contains(&address) && !SPECIAL_V6.iter().any(|network| network.contains(&address))
}

/// Whether it belongs to nobody's network, but to the mechanism alone.
fn is_wrapper(address: Ipv6Addr) -> bool {
    WRAPPERS.iter().chain([&TEREDO]).any(|network| network.contains(&address))
}

/// The IPv4 addresses that an IPv6 address of a transition mechanism leads to.
fn wrapped(address: Ipv6Addr) -> Option<[Option<Ipv4Addr>; 2]> {
    let bits = address.to_bits();
    let at = |shift: u32| Ipv4Addr::from_bits(((bits >> shift) & 0xffff_ffff) as u32);
    if WRAPPERS.iter().any(|network| network.contains(&address)) {
        Some([Some(at(0)), None])
    } else if SIX_TO_FOUR.contains(&address) {
        Some([Some(at(80)), None])
    } else if TEREDO.contains(&address) {
        Some([Some(at(64)), Some(Ipv4Addr::from_bits(!at(0).to_bits()))])
    } else if matches!(address.segments(), [_, _, _, _, 0 | 0x200, 0x5efe, _, _]) {
        // ISATAP, under any prefix.
        Some([Some(at(0)), None])
    } else {
        None
    }
}
