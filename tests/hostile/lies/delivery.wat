;; A webhook that brought what is no record.
(data (i32.const 4096) "\00\10\00\00\01\00\00\00\00\10\00\00\01\00\00\00\00\10\00\00\01\00\00\00")
(func $receive (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $zero_result))
  (i32.store (i32.const 84) (i32.const 4096))
  (i32.store (i32.const 88) (i32.const 1))
  (i32.const 64))
