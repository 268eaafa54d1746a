;; A page of ten megabytes.
(memory $memory 200)
(func $next (param i32 i32 i32) (result i32) (call $page (i32.const 4096) (i32.const 10485760)))
