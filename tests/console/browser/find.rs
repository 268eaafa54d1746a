//! Where things stand on a page, by what people read there.

/// An element of this kind that is called so: by its text, or by the name that a screen reader says.
pub(super) fn named(tag: &str, text: &str) -> String {
    let text = quoted(text);
    format!("//{tag}[normalize-space(.)={text} or @aria-label={text}]")
}

/// The control that a label belongs to.
pub(super) fn labelled(label: &str) -> String {
    let label = quoted(label);
    let controls = "*[self::input or self::select or self::textarea]";
    format!(
        "//{controls}[@id=//label[normalize-space(.)={label} or normalize-space(text()[normalize-space()])={label}]/@for] \
         | //label[normalize-space(text()[normalize-space()])={label} or normalize-space(.)={label} \
           or normalize-space(span/text()[normalize-space()])={label}]//{controls} \
         | //{controls}[@aria-label={label}]"
    )
}

/// A text in an expression, which knows no escapes: quotes of both kinds are put together from parts.
fn quoted(text: &str) -> String {
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    let parts: Vec<_> = text.split('"').map(|part| format!("\"{part}\"")).collect();
    format!("concat({})", parts.join(", '\"', "))
}

#[test]
fn a_text_with_quotes_of_both_kinds_stays_one_text() {
    assert_eq!(quoted("it's"), "\"it's\"");
    assert_eq!(quoted("an \"it's\""), "concat(\"an \", '\"', \"it's\", '\"', \"\")");
}
