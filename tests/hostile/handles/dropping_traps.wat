;; Crashes while its reader is dropped.
(func $dropped (export "weighbridge:connector/source@0.1.0#[dtor]reader") (param i32) (unreachable))
