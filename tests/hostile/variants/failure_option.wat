;; A failure whose time to wait is neither there nor absent.
(func $check (result i32)
  (drop (call $zero_result))
  (i32.store8 (i32.const 64) (i32.const 1))
  (i32.store8 (i32.const 96) (i32.const 2))
  (i32.const 64))
