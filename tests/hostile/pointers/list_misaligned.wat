;; A list at an odd address.
(func $write (param i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $receipt (i32.const 1)))
  (call $receipt_assigned (i32.const 4097) (i32.const 1))
  (i32.const 64))
