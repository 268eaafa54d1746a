;; Gives two ids to line 0.
(func $write (param i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $receipt (i32.const 1)))
  (call $receipt_assigned (i32.const 4096) (i32.const 2))
  (i32.const 64))
