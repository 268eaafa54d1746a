;; Two records and a place to go on from.
(data (i32.const 4096) "{\"id\":1}\0a{\"id\":2}\0a")
(func $next (param i32 i32 i32) (result i32)
  (call $page (i32.const 4096) (i32.const 18))
  (call $page_checkpoint (i32.const 4096) (i32.const 9)))
