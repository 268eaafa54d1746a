;; Says that there is more, and stays where it is.
(data (i32.const 4096) "here")
(func $next (param i32 i32 i32) (result i32)
  (call $page (i32.const 0) (i32.const 0))
  (call $page_checkpoint (i32.const 4096) (i32.const 4))
  (call $page_more))
