;; Lists a folder for ever, long after it is refused.
(import "weighbridge:connector/files@0.1.0" "list" (func $list (param i32 i32 i32 i32 i32 i32 i32)))
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))

(func $check (result i32)
  (loop $again
    (call $list (i32.const 2048) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 1024))
    (br $again))
  (unreachable))
