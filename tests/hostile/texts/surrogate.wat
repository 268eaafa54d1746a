;; Describes its streams in half of a surrogate pair.
(data (i32.const 4096) "\ed\a0\80")
(func $discover (result i32) (call $page (i32.const 4096) (i32.const 3)))
