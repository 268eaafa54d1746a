;; Describes its streams in a character in more bytes than it needs.
(data (i32.const 4096) "\c0\80")
(func $discover (result i32) (call $page (i32.const 4096) (i32.const 2)))
