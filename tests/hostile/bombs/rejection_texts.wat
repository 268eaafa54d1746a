;; A rejection whose words have eight megabytes.
(memory $memory 200)
(func $write (param i32 i32 i32 i32 i32 i32) (result i32)
  (i32.store (i32.const 4108) (i32.const 65536))
  (i32.store (i32.const 4112) (i32.const 8388608))
  (drop (call $receipt (i32.const 1)))
  (call $receipt_rejected (i32.const 4096) (i32.const 1))
  (i32.const 64))
