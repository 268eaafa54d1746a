//! The scaffold.

use weighbridge_forge::{Language, NewArgs, NewError, Pattern, new};

#[test]
fn refuses_a_folder_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let args = NewArgs {
        folder: folder.path().to_owned(),
        name: "acme.shop".to_owned(),
        from: Pattern::Rest,
        language: Language::Rust,
        component: None,
        sdk: None,
    };
    assert!(matches!(new(&args), Err(NewError::Occupied(_))));
}

#[test]
fn refuses_a_name_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["shop", "Acme.shop", "acme.", "acme.shop.x y"] {
        let args = NewArgs {
            folder: folder.path().join("x"),
            name: name.to_owned(),
            from: Pattern::Rest,
            language: Language::Rust,
            component: None,
            sdk: None,
        };
        assert!(matches!(new(&args), Err(NewError::Name(_))), "{name}");
    }
}
