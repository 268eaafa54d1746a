;; Waits in the host for five hundred years.
(import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $subscribe (param i64) (result i32)))
(import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
(func $check (result i32) (call $block (call $subscribe (i64.const 0x7fffffffffffffff))) (call $zero_result))
