;; Makes sockets for ever.
(import "wasi:sockets/tcp-create-socket@0.2.0" "create-tcp-socket" (func $socket (param i32 i32)))
(func $check (result i32)
  (loop $again
    (call $socket (i32.const 0) (i32.const 1024))
    (br_if $again (i32.eqz (i32.load8_u (i32.const 1024)))))
  (call $zero_result))
