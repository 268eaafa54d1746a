;; A record that is cut in two.
(data (i32.const 4096) "{\"a\":\0a")
(func $next (param i32 i32 i32) (result i32) (call $page (i32.const 4096) (i32.const 6)))
