//! The forms in which a secret may come back.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use zeroize::Zeroizing;

/// Shorter texts turn up by accident.
const BYTES_MIN: usize = 12;

/// What encoders of URLs leave as it is beside letters and digits; each is in use somewhere.
const KEPT_IN_URLS: [&[u8]; 6] =
    [b"-._~", b"-._~/", b"-._~!*'()", b"-._*", b"-._~!$&'()*+,;=:@", b"-._~!$&'()*+,;=:@/"];

/// One form.
pub(crate) type Form = Zeroizing<Vec<u8>>;

/// Every form of a secret, the longest first; none of one that is too short.
pub(crate) fn of(secret: &str) -> Vec<Form> {
    let bytes = secret.as_bytes();
    if bytes.len() < BYTES_MIN {
        return Vec::new();
    }
    let mut forms = vec![Zeroizing::new(bytes.to_vec())];
    forms.extend((0..3).flat_map(|before| in_base64(bytes, before)));
    forms.extend(KEPT_IN_URLS.iter().flat_map(|kept| in_url(bytes, kept)));
    forms.extend([false, true].map(|slashes| in_json(secret, slashes)));
    forms.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.as_slice().cmp(other.as_slice())));
    forms.dedup();
    forms
}

/// The letters that the secret alone decides, where so many bytes of a group of three stand before it. The letters at the
/// edges belong in part to the neighbours, or to the padding.
fn in_base64(bytes: &[u8], before: usize) -> [Form; 2] {
    let mut group = Zeroizing::new(vec![0; before]);
    group.extend_from_slice(bytes);
    [BASE64_NOPAD, BASE64URL_NOPAD].map(|alphabet| {
        let letters = Zeroizing::new(alphabet.encode(&group));
        let start = [0, 2, 3][before];
        let end = letters.len() - usize::from(!group.len().is_multiple_of(3));
        Zeroizing::new(letters.as_bytes()[start..end].to_vec())
    })
}

/// Percent-encoded, in digits of both cases. A space is a plus sign to those who fill in forms.
fn in_url(bytes: &[u8], kept: &[u8]) -> [Form; 2] {
    let plus = !kept.contains(&b'~');
    [b"0123456789ABCDEF", b"0123456789abcdef"].map(|digits| {
        let mut form = Zeroizing::new(Vec::with_capacity(bytes.len() * 3));
        for byte in bytes {
            match *byte {
                b' ' if plus => form.push(b'+'),
                byte if byte.is_ascii_alphanumeric() || kept.contains(&byte) => form.push(byte),
                byte => form.extend([b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]),
            }
        }
        form
    })
}

/// As it stands in a JSON text; some encoders escape slashes too.
fn in_json(secret: &str, slashes: bool) -> Form {
    let mut form = Zeroizing::new(Vec::with_capacity(secret.len() * 2));
    for byte in secret.bytes() {
        if matches!(byte, b'"' | b'\\') || (slashes && byte == b'/') {
            form.push(b'\\');
        }
        form.push(byte);
    }
    form
}
