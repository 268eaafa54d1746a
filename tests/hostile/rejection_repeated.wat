;; Rejects line 0 twice.
(func $write (param i32 i32 i32 i32 i32 i32) (result i32)
  (call $receipt (i32.const 1))
  (call $receipt_rejected (i32.const 4096) (i32.const 2)))
