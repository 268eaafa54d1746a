;; A checkpoint that is neither there nor absent.
(func $next (param i32 i32 i32) (result i32)
  (drop (call $page (i32.const 0) (i32.const 0)))
  (i32.store8 (i32.const 88) (i32.const 7))
  (i32.const 64))
