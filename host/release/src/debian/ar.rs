//! The outermost form of a Debian package: members one after the other, each under a header of 60 bytes.

/// The members in this order, at this time, of nobody.
pub(super) fn of(members: &[(&str, Vec<u8>)], seconds: u64) -> Vec<u8> {
    let mut bytes = b"!<arch>\n".to_vec();
    for (name, content) in members {
        let header = format!("{name:<16}{seconds:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, "100644", content.len());
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(content);
        if content.len() % 2 == 1 {
            bytes.push(b'\n');
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_member_begins_at_an_even_place() {
        let bytes = super::of(&[("odd", b"abc".to_vec()), ("even", b"de".to_vec())], 7);
        let text = String::from_utf8(bytes).unwrap();
        let headers = ["odd             7           0     0     100644  3         `\n", "abc\n"];
        assert!(text.starts_with(&format!("!<arch>\n{}{}even ", headers[0], headers[1])), "{text}");
        assert_eq!(text.len(), 8 + 60 + 4 + 60 + 2);
    }
}
