//! Packages whose bytes are not what they should be. What the signature alone says of them is tested with the rules, byte
//! by byte; here each goes the whole way, from its bytes to a guest.

use weighbridge_model::package::{section, signature};

use super::frame::{KEY, artefacts, component, sandbox, verify, with_manifest};
use super::{check_serving, explosive};

const START: &[u8] = b"\0asm\x0d\0\x01\0";

/// The code by which bytes are refused, or `loads`.
async fn refusal(package: Vec<u8>) -> &'static str {
    let verified = match verify(package) {
        Ok(verified) => verified,
        Err(refusal) => return refusal.code(),
    };
    sandbox().load(&verified, artefacts()).await.map_or_else(|refused| refused.code(), |_| "loads")
}

async fn check(package: Vec<u8>, code: &str) {
    assert_eq!(refusal(package).await, code);
    check_serving().await;
}

/// A component that its publisher signs, whatever it is.
async fn check_signed(component: Vec<u8>, code: &str) {
    check(signature::sign(with_manifest(component), &KEY), code).await;
}

async fn check_text(text: &str, code: &str) {
    let component = wat::parse_str(text).unwrap();
    assert_eq!(
        refusal(signature::sign(with_manifest(component), &KEY)).await,
        code,
        "{}",
        &text[..text.len().min(200)]
    );
    check_serving().await;
}

fn good() -> Vec<u8> {
    signature::sign(with_manifest(component("harmless")), &KEY)
}

#[tokio::test]
async fn loads_what_is_as_it_should_be() {
    check(good(), "loads").await;
}

#[tokio::test]
async fn refuses_what_stands_after_the_signature() {
    let mut manifest = good();
    section::append_manifest(&mut manifest, b"{}");
    check(manifest, "unsigned").await;
    check([good(), vec![0]].concat(), "unsigned").await;
    check([good(), START.to_vec()].concat(), "unsigned").await;
}

#[tokio::test]
async fn refuses_the_signature_of_another_package() {
    let (one, other) = (good(), signature::sign(with_manifest(component("trap")), &KEY));
    let (content, _) = one.split_at(one.len() - signature::SIGNATURE_SECTION_BYTES);
    let (_, signature) = other.split_at(other.len() - signature::SIGNATURE_SECTION_BYTES);
    check([content, signature].concat(), "bad_signature").await;
}

#[tokio::test]
async fn refuses_two_manifests_and_none() {
    check_signed(with_manifest(component("harmless")), "malformed").await;
    check(signature::sign(component("harmless"), &KEY), "malformed").await;
}

#[tokio::test]
async fn refuses_a_manifest_that_is_hidden_inside() {
    let inside = with_manifest(START.to_vec());
    let hidden = [START, &[4, 0x80 | (inside.len() & 0x7f) as u8, (inside.len() >> 7) as u8], &inside].concat();
    check(signature::sign(hidden, &KEY), "malformed").await;
}

#[tokio::test]
async fn refuses_a_core_module_and_what_is_nothing_at_all() {
    check_signed(b"\0asm\x01\0\0\0".to_vec(), "malformed").await;
    check_signed(b"\0asm\x0e\0\x01\0".to_vec(), "malformed").await;
    check_signed(b"\x7fELF".to_vec(), "malformed").await;
    check_signed(Vec::new(), "malformed").await;
}

#[tokio::test]
async fn refuses_sections_that_do_not_hold_what_they_say() {
    let broken: [&[u8]; 6] =
        [&[1, 0], &[200, 1, 0], &[11, 1, 0xff], &[0, 1, 5], &[7, 5, 0xff, 0xff, 0xff, 0xff, 0x0f], &[2, 2, 1, 0x40]];
    for section in broken {
        let code = refusal(signature::sign(with_manifest([START, section].concat()), &KEY)).await;
        assert!(["malformed", "connector.malformed", "compile.refused"].contains(&code), "{section:?}: {code}");
    }
    check_serving().await;
}

#[tokio::test]
async fn refuses_a_component_that_is_cut_off_anywhere() {
    let whole = component("harmless");
    for length in (0..whole.len()).step_by(whole.len() / 60) {
        let code = refusal(signature::sign(with_manifest(whole[..length].to_vec()), &KEY)).await;
        let codes = ["malformed", "connector.malformed", "compile.refused", "connector.unfit"];
        assert!(codes.contains(&code), "{length}: {code}");
    }
    check_serving().await;
}

#[tokio::test]
async fn refuses_what_the_engine_has_not_switched_on() {
    for module in [
        "(memory i64 1)",
        "(memory 1 1 shared)",
        "(memory 1) (memory 1)",
        "(type (struct (field i32)))",
        "(type (array i8))",
        "(table 1 externref)",
        "(tag)",
    ] {
        check_text(&format!("(component (core module {module}))"), "compile.refused").await;
    }
}

#[tokio::test]
async fn refuses_an_import_that_this_host_lacks_before_it_compiles() {
    for import in [
        r#""wasi:http/types@0.2.0" (instance)"#,
        r#""weighbridge:connector/http@0.1.1" (instance)"#,
        r#""anything" (func)"#,
        r#""locked" (core module)"#,
    ] {
        // What follows would not compile either, which nobody may find out.
        let text = format!("(component (import {import}) (core module (memory i64 1)))");
        check_text(&text, "connector.interface_absent").await;
    }
}

#[tokio::test]
async fn refuses_an_interface_of_another_shape() {
    check_text(r#"(component (import "weighbridge:connector/http@0.1.0" (func)))"#, "connector.unfit").await;
    let text = r#"(component (import "weighbridge:connector/clock@0.1.0" (instance (export "now-ms" (func (result string))))))"#;
    check_text(text, "connector.unfit").await;
    let text = r#"(component (import "weighbridge:connector/clock@0.1.0" (instance (export "yesterday" (func)))))"#;
    check_text(text, "connector.unfit").await;
}

#[tokio::test]
async fn answers_components_in_components() {
    for depth in [10, 100, 1_000] {
        let code = refusal(signature::sign(with_manifest(explosive::nested(depth)), &KEY)).await;
        assert!(["connector.malformed", "compile.refused", "connector.unfit"].contains(&code), "{depth}: {code}");
    }
    check_serving().await;
}

#[tokio::test]
async fn answers_ten_thousand_functions_and_exports() {
    let exports: String = (0..10_000).map(|number| format!("(func (export \"f{number}\"))")).collect();
    check_text(&format!("(component (core module {exports}))"), "connector.unfit").await;
    let exports: String = (0..2_000)
        .map(|number| format!("(component $c{number}) (export \"c{number}\" (component $c{number}))"))
        .collect();
    let code =
        refusal(signature::sign(with_manifest(wat::parse_str(format!("(component {exports})")).unwrap()), &KEY)).await;
    assert!(["compile.refused", "connector.unfit"].contains(&code), "{code}");
}

#[tokio::test]
async fn answers_types_in_types() {
    for depth in [50, 200, 20_000] {
        let lists: String = (1..depth).map(|number| format!("(type $t{number} (list $t{}))", number - 1)).collect();
        let text = format!("(component (type $t0 (list u8)) {lists})");
        let code = refusal(signature::sign(with_manifest(wat::parse_str(text).unwrap()), &KEY)).await;
        assert!(["compile.refused", "connector.unfit"].contains(&code), "{depth}: {code}");
    }
    // Each type holds the one before twice: after thirty of them it would have a thousand million parts.
    let pairs: String = (1..60).map(|number| format!("(type $t{number} (tuple $t{0} $t{0}))", number - 1)).collect();
    check_text(&format!("(component (type $t0 (tuple u8 u8)) {pairs})"), "compile.refused").await;
}
