//! Finding the manifest among a component's sections.

use weighbridge_model::package::section::{SectionError, manifest};

use super::sample::component;

#[test]
fn finds_the_one_manifest() {
    let long = vec![b'x'; 300];
    assert_eq!(manifest(&component(&[&long])), Ok(&long[..]));
}

#[test]
fn passes_over_a_manifest_inside_a_nested_component() {
    let inner = component(&[b"{}"]);
    let mut outer = component(&[]);
    outer.push(4);
    outer.push(u8::try_from(inner.len()).unwrap());
    outer.extend_from_slice(&inner);
    assert!(matches!(manifest(&outer), Err(SectionError::NotOne { found: 0, .. })));
}

#[test]
fn refuses_a_length_that_leads_out_of_the_file() {
    for tail in
        [&b"\x00\x05\x01a"[..], b"\x00\xff\xff\xff\xff\x7f", b"\x01\x80\x80\x80\x80\x80\x00", b"\x00\x02\x05a", b"\x01"]
    {
        let mut bytes = component(&[]);
        bytes.extend_from_slice(tail);
        assert_eq!(manifest(&bytes), Err(SectionError::Malformed { at: 8 }), "{tail:x?}");
    }
}

#[test]
fn refuses_a_core_module() {
    assert_eq!(manifest(b"\x00asm\x01\x00\x00\x00"), Err(SectionError::NoComponent));
}
