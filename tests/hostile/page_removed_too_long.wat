;; Two records and one removal where two were asked for.
(data (i32.const 4096) "{}\0a{}\0a{}\0a")
(func $next (param i32 i32 i32) (result i32)
  (call $page (i32.const 4096) (i32.const 6))
  (call $page_removed (i32.const 4102) (i32.const 3)))
