;; Has two megabytes signed, for ever.
(import "weighbridge:connector/secrets@0.1.0" "sign" (func $sign (param i32 i32 i32 i32 i32 i32 i32)))
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))
(data (i32.const 3000) "hookhmac-sha256")
(func $check (result i32)
  (loop $again
    (call $sign (i32.const 3000) (i32.const 4) (i32.const 3004) (i32.const 11)
      (i32.const 65536) (i32.const 2000000) (i32.const 1024))
    (br $again))
  (unreachable))
