;; A checkpoint of a gigabyte, in a memory of two pages.
(func $next (param i32 i32 i32) (result i32)
  (drop (call $page (i32.const 0) (i32.const 0)))
  (call $page_checkpoint (i32.const 4096) (i32.const 1073741824))
  (i32.const 64))
