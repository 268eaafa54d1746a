;; Calls the host while the host hands it something.
(func $realloc (param i32 i32 i32 i32) (result i32) (call $sleep (i32.const 0)) (i32.const 65536))
