;; Describes its streams in a character after the last one.
(data (i32.const 4096) "\f4\90\80\80")
(func $discover (result i32) (call $page (i32.const 4096) (i32.const 4)))
