;; Prints for ever.
(import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
(import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush" (func $print (param i32 i32 i32 i32)))
(global $out (mut i32) (i32.const 0))
(func $check (result i32)
  (memory.fill (i32.const 8192) (i32.const 10) (i32.const 4096))
  (global.set $out (call $stdout))
  (loop $again
    (call $print (global.get $out) (i32.const 8192) (i32.const 4096) (i32.const 1024))
    (br $again))
  (unreachable))
