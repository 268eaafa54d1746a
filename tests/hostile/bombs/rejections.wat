;; A million rejections of two lines.
(memory $memory 500)
(func $write (param i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $receipt (i32.const 2)))
  (call $receipt_rejected (i32.const 65536) (i32.const 1000000))
  (i32.const 64))
