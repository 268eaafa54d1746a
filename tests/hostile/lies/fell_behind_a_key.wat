;; Falls in the second of two fields of one name.
(data (i32.const 4096) "{\"at\":1,\"at\":9}\0a{\"at\":9,\"at\":2}\0a")
(func $next (param i32 i32 i32) (result i32)
  (drop (call $page (i32.const 4096) (i32.const 32)))
  (i32.const 64))
