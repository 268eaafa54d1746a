;; A list of so many items that their bytes are more than a number can say.
(func $write (param i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $receipt (i32.const 1)))
  (call $receipt_rejected (i32.const 4096) (i32.const 0x20000000))
  (i32.const 64))
