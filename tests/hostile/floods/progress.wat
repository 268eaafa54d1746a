;; Tells for ever how far it is, with a note of two megabytes.
(import "weighbridge:connector/run@0.1.0" "progress" (func $progress (param i64 i32 i64 i32 i32 i32)))
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))

(func $check (result i32)
  (loop $again
    (call $progress (i64.const -1) (i32.const 1) (i64.const 0) (i32.const 1) (i32.const 65536) (i32.const 2000000))
    (br $again))
  (unreachable))
