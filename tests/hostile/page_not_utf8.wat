;; A record that is not UTF-8.
(data (i32.const 4096) "{\"a\":\"\ff\"}\0a")
(func $next (param i32 i32 i32) (result i32) (call $page (i32.const 4096) (i32.const 10)))
