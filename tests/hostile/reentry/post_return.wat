;; Calls the host where it is only to free its answer.
(func $freed (export "cabi_post_weighbridge:connector/platform@0.1.0#discover") (param i32) (call $sleep (i32.const 0)))
