//! The value that a JSON Pointer names, in a line that is known to be an object.

use super::scan::Scan;

/// The field names of a JSON Pointer (RFC 6901).
#[derive(Clone, Debug)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// A pointer such as `/order/updated_at`; a name without a slash is that field of the record.
    pub fn parse(text: &str) -> Self {
        let Some(path) = text.strip_prefix('/') else { return Self(vec![text.to_owned()]) };
        Self(path.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect())
    }
}

/// The bytes of the value, or none where the path ends early. Of several fields of one name the last counts, as it does for
/// every reader of the record after this one.
pub fn find<'a>(line: &'a [u8], pointer: &Pointer) -> Option<&'a [u8]> {
    pointer.0.iter().try_fold(line, |value, name| member(value, name))
}

fn member<'a>(object: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut scan = Scan::new(object);
    scan.space();
    scan.take(b'{').ok()?;
    let mut found = None;
    loop {
        scan.space();
        let Some(key) = span(object, &mut scan, |scan| scan.string().ok()) else { return found };
        scan.space();
        scan.take(b':').ok()?;
        scan.space();
        let value = span(object, &mut scan, |scan| scan.value(0).ok())?;
        if names(key, name) {
            found = Some(value);
        }
        scan.space();
        if scan.take(b',').is_err() {
            return found;
        }
    }
}

fn span<'a>(text: &'a [u8], scan: &mut Scan<'a>, step: impl FnOnce(&mut Scan<'a>) -> Option<()>) -> Option<&'a [u8]> {
    let start = scan.place();
    step(scan)?;
    text.get(start..scan.place())
}

/// Whether a quoted key is this name, however it is escaped.
fn names(key: &[u8], name: &str) -> bool {
    let bare = &key[1..key.len() - 1];
    bare == name.as_bytes()
        || (bare.contains(&b'\\') && serde_json::from_slice::<String>(key).is_ok_and(|decoded| decoded == name))
}
