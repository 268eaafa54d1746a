;; Describes its streams in a character that is cut off.
(data (i32.const 4096) "\e2\82")
(func $discover (result i32) (call $page (i32.const 4096) (i32.const 2)))
