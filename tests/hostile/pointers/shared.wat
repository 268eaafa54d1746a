;; A page whose records, removals and checkpoint are the same bytes: this is allowed.
(data (i32.const 4096) "{\"id\":1}\0a")
(func $next (param i32 i32 i32) (result i32)
  (drop (call $page (i32.const 4096) (i32.const 9)))
  (call $page_removed (i32.const 4096) (i32.const 9))
  (call $page_checkpoint (i32.const 4096) (i32.const 9))
  (i32.const 64))
