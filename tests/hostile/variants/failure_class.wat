;; A failure of a class that nobody defined.
(func $check (result i32)
  (drop (call $zero_result))
  (i32.store8 (i32.const 64) (i32.const 1))
  (i32.store8 (i32.const 72) (i32.const 200))
  (i32.const 64))
