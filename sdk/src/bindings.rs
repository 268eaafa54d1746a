//! What `wit-bindgen` makes of `schemas/wit`. Authors use the modules around it.

wit_bindgen::generate!({
    path: "../schemas/wit",
    world: "connector",
    pub_export_macro: true,
    default_bindings_module: "weighbridge_sdk::bindings",
    export_macro_name: "export_bindings",
});
