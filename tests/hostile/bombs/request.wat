;; A request whose body has ten megabytes.
(memory $memory 200)
(func $check (result i32)
  (call $send (i32.const 2048) (i32.const 3) (i32.const 2051) (i32.const 20) (i32.const 0) (i32.const 0)
    (i32.const 1) (i32.const 65536) (i32.const 10485760) (i32.const 0) (i32.const 0) (i32.const 0)
    (i32.const 0) (i32.const 0) (i32.const 1024))
  (call $zero_result))
