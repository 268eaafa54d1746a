;; Sends requests for ever, long after they are refused.
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))

(func $check (result i32)
  (loop $again
    (call $request)
    (br $again))
  (unreachable))
