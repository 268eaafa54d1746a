;; Asks for ever whether it is cancelled.
(import "weighbridge:connector/run@0.1.0" "cancelled" (func $cancelled (result i32)))
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))

(func $check (result i32)
  (loop $again
    (drop (call $cancelled))
    (br $again))
  (unreachable))
