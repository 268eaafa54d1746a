;; Lines without anything in them.
(data (i32.const 4096) "\0a\0a\0a")
(func $next (param i32 i32 i32) (result i32)
  (drop (call $page (i32.const 4096) (i32.const 3)))
  (i32.const 64))
