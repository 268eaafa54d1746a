;; Rejects the last line that a number can name.
(data (i32.const 4096) "\ff\ff\ff\ff")
(func $write (param i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $receipt (i32.const 1)))
  (call $receipt_rejected (i32.const 4096) (i32.const 1))
  (i32.const 64))
