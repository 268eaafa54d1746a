//! The contract of `schemas/wit`, as the engine's types.

wasmtime::component::bindgen!({
    path: "../../schemas/wit",
    world: "connector",
    imports: { default: async | trappable },
    exports: { default: async },
    with: {
        "weighbridge:connector/files.input": crate::imports::files::Input,
        "weighbridge:connector/files.output": crate::imports::files::Output,
        "weighbridge:connector/http.response": crate::imports::http::Response,
    },
});
