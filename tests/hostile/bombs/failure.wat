;; Fails in eight megabytes of words.
(memory $memory 200)
(func $check (result i32)
  (drop (call $zero_result))
  (i32.store8 (i32.const 64) (i32.const 1))
  (i32.store (i32.const 84) (i32.const 65536))
  (i32.store (i32.const 88) (i32.const 8388608))
  (i32.const 64))
