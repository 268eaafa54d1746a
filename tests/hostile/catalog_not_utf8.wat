;; Describes its streams in bytes that are not a text.
(data (i32.const 4096) "\c3\28")
(func $discover (result i32) (call $page (i32.const 4096) (i32.const 2)))
