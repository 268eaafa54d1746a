;; Sends requests for ever, and drops each response.
(import "weighbridge:connector/http@0.1.0" "[resource-drop]response" (func $drop_response (param i32)))
(memory $memory 40)
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65536))

(func $check (result i32)
  (loop $again
    (call $request)
    (if (i32.eqz (i32.load8_u (i32.const 1024))) (then (call $drop_response (i32.load (i32.const 1032)))))
    (br $again))
  (unreachable))
