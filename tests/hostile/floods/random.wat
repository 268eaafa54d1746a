;; Asks for four gigabytes of chance, for ever.
(import "weighbridge:connector/clock@0.1.0" "random" (func $random (param i32 i32)))
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))

(func $check (result i32)
  (loop $again
    (call $random (i32.const -1) (i32.const 1024))
    (br $again))
  (unreachable))
