//! Custom sections at the top level of a WebAssembly component.

/// The name of the section that holds the manifest.
pub const MANIFEST_SECTION: &str = "weighbridge:manifest";

/// `\0asm`, then version 0x0d, layer 1: a component, not a core module.
const COMPONENT_START: &[u8; 8] = b"\x00asm\x0d\x00\x01\x00";

/// Why a component's sections cannot be told apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SectionError {
    /// The first eight bytes are not a component's.
    #[error("this is no WebAssembly component")]
    NoComponent,
    /// A length leads out of the file, or is not a 32-bit number.
    #[error("the section at byte {at} is cut off or has a malformed length")]
    Malformed {
        /// Where the section begins.
        at: usize,
    },
    /// Not exactly one section has the name.
    #[error("{found} sections are named `{name}`; exactly one is expected")]
    NotOne {
        /// The name looked for.
        name: &'static str,
        /// How many there are.
        found: usize,
    },
}

/// The contents of the one manifest section of a component. Components and modules inside it are passed over, so that a
/// manifest hidden in one counts for nothing.
pub fn manifest(component: &[u8]) -> Result<&[u8], SectionError> {
    let mut bytes = component.strip_prefix(COMPONENT_START).ok_or(SectionError::NoComponent)?;
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let at = component.len() - bytes.len();
        let (section, rest) = split_section(bytes).ok_or(SectionError::Malformed { at })?;
        if let Section::Custom { name: b"weighbridge:manifest", contents } = section {
            found.push(contents);
        }
        bytes = rest;
    }
    match found.as_slice() {
        [one] => Ok(one),
        more => Err(SectionError::NotOne { name: MANIFEST_SECTION, found: more.len() }),
    }
}

/// Appends a manifest section to a component.
pub fn append_manifest(component: &mut Vec<u8>, manifest: &[u8]) {
    let mut payload = Vec::with_capacity(manifest.len() + MANIFEST_SECTION.len() + 1);
    push_leb128(&mut payload, MANIFEST_SECTION.len());
    payload.extend_from_slice(MANIFEST_SECTION.as_bytes());
    payload.extend_from_slice(manifest);
    component.push(0);
    push_leb128(component, payload.len());
    component.extend_from_slice(&payload);
}

enum Section<'a> {
    Custom { name: &'a [u8], contents: &'a [u8] },
    Other,
}

fn split_section(bytes: &[u8]) -> Option<(Section<'_>, &[u8])> {
    let (id, rest) = bytes.split_first()?;
    let (length, rest) = leb128(rest)?;
    let (payload, rest) = rest.split_at_checked(length)?;
    if *id != 0 {
        return Some((Section::Other, rest));
    }
    let (length, payload) = leb128(payload)?;
    let (name, contents) = payload.split_at_checked(length)?;
    Some((Section::Custom { name, contents }, rest))
}

/// An unsigned number of at most 32 bits in at most five bytes.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value: u64 = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).ok()?;
            return Some((usize::try_from(value).ok()?, &bytes[index + 1..]));
        }
    }
    None
}

fn push_leb128(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}
