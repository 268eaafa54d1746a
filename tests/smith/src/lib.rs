//! Modules and components that nobody wrote, for tests alone. They are generated while this crate is built: 500, or as many
//! as `WEIGHBRIDGE_GENERATED` says.

const FILE: &str = concat!(env!("OUT_DIR"), "/generated");

/// All of them, in an order that is always the same; each other one is a core module, and no component.
pub fn generated() -> std::io::Result<Vec<Vec<u8>>> {
    let bytes = std::fs::read(FILE)?;
    let (mut rest, mut found) = (&bytes[..], Vec::new());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let Some((one, after)) = after.split_at_checked(length) else { break };
        found.push(one.to_vec());
        rest = after;
    }
    Ok(found)
}
