;; A record with the character U+0000, written as an escape.
(data (i32.const 4096) "{\"a\":\"\\u0000\"}\0a")
(func $next (param i32 i32 i32) (result i32) (call $page (i32.const 4096) (i32.const 15)))
