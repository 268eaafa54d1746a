//! Connection IDs go out and come back.

use weighbridge_model::service::AccessId;

#[test]
fn comes_back_as_it_went_out() {
    for byte in [0, 7, 255] {
        let id = AccessId::from_bytes([byte; 16]);
        let text = id.to_string();
        assert!(text.starts_with("wbc_") && text.len() == 30, "{text}");
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(serde_json::from_str::<AccessId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    }
}

#[test]
fn refuses_what_is_none() {
    for text in ["", "wbc_", "wb_00000000000000000000000000", "wbc_0000000000000000000000000", "wbc_zz"] {
        assert!(text.parse::<AccessId>().is_err(), "{text}");
    }
}
