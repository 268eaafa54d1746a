//! Cutting a text that a guest wrote to the length that the host keeps.

/// The text, cut at a character's edge to at most `bytes` bytes.
pub(crate) fn clip(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
    }
    text
}
