;; A record of ten thousand lists in one another.
(func $next (param i32 i32 i32) (result i32)
  (memory.fill (i32.const 4101) (i32.const 91) (i32.const 10000))
  (i32.store8 (i32.const 14101) (i32.const 10))
  (call $page (i32.const 4096) (i32.const 10006)))
(data (i32.const 4096) "{\"a\":")
