//! What a program asks the system's linker for: read from the names of its dynamic symbols.

/// The type of the section that has the dynamic symbols; it names the one with their texts.
const DYNAMIC_SYMBOLS: u32 = 11;
const HEADER_BYTES: usize = 64;

/// What is needed beside the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needed {
    /// The newest version of the C library that a symbol of it is of; none where the program is static.
    pub(crate) glibc: Option<(u32, u32)>,
    /// Whether it unwinds by the compiler's library.
    pub(crate) libgcc: bool,
}

/// What a 64-bit little-endian ELF program needs; nothing where it is no such program.
pub(crate) fn needed(program: &[u8]) -> Option<Needed> {
    if program.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    let sections = sections(program)?;
    let Some(symbols) = sections.iter().find(|section| section.kind == DYNAMIC_SYMBOLS) else {
        return Some(Needed::default());
    };
    let texts = sections.get(symbols.link)?;
    let texts = program.get(texts.start..texts.start.checked_add(texts.bytes)?)?;
    let names = || texts.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
    let glibc = names().filter_map(|name| version(name.strip_prefix("GLIBC_")?)).max();
    Some(Needed { glibc, libgcc: names().any(|name| name == "libgcc_s.so.1") })
}

struct Section {
    kind: u32,
    start: usize,
    bytes: usize,
    link: usize,
}

fn sections(program: &[u8]) -> Option<Vec<Section>> {
    let (start, count) = (long(program, 0x28)?, usize::from(u16::from_le_bytes(at(program, 0x3c)?)));
    let section = |index: usize| {
        let header = program.get(start.checked_add(index * HEADER_BYTES)?..)?;
        Some(Section {
            kind: u32::from_le_bytes(at(header, 4)?),
            start: long(header, 0x18)?,
            bytes: long(header, 0x20)?,
            link: u32::from_le_bytes(at(header, 0x28)?) as usize,
        })
    };
    (0..count).map(section).collect()
}

fn long(bytes: &[u8], place: usize) -> Option<usize> {
    usize::try_from(u64::from_le_bytes(at(bytes, place)?)).ok()
}

fn at<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..place.checked_add(N)?)?.try_into().ok()
}

/// `2.34` or `2.2.5`, of which the first two count.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_the_program_of_this_test_needs() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let found = needed(&own).unwrap();
        assert!(found.glibc.is_none_or(|version| version >= (2, 2)), "{found:?}");
        assert_eq!(found.glibc.is_some(), cfg!(not(target_feature = "crt-static")), "{found:?}");
    }

    #[test]
    fn takes_a_later_number_for_a_later_version() {
        assert!(version("2.34") > version("2.4") && version("2.2.5") == Some((2, 2)));
        assert_eq!(version("PRIVATE"), None);
    }

    #[test]
    fn refuses_what_is_no_program_and_one_that_was_cut_off() {
        assert_eq!(needed(b"#!/bin/sh"), None);
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(needed(&own[..own.len() / 2]), None);
    }
}
