;; Removes what is no record.
(data (i32.const 4096) "all of them\0a")
(func $next (param i32 i32 i32) (result i32)
  (drop (call $page (i32.const 0) (i32.const 0)))
  (call $page_removed (i32.const 4096) (i32.const 12))
  (i32.const 64))
