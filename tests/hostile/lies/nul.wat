;; The character U+0000 as a byte.
(data (i32.const 4096) "{\"a\":\"\00\"}\0a")
(func $next (param i32 i32 i32) (result i32)
  (drop (call $page (i32.const 4096) (i32.const 10)))
  (i32.const 64))
