;; Lets the host compare codes for ever.
(import "weighbridge:connector/secrets@0.1.0" "verify" (func $verify (param i32 i32 i32 i32 i32 i32 i32 i32 i32)))
(data (i32.const 3000) "slowhmac-sha256")
(func $check (result i32)
  (loop $again
    (call $verify (i32.const 3000) (i32.const 4) (i32.const 3004) (i32.const 11)
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1024))
    (br $again))
  (unreachable))
