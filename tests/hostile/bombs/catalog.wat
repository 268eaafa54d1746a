;; Streams described in twenty megabytes.
(memory $memory 400)
(func $discover (result i32) (call $page (i32.const 65536) (i32.const 20971520)))
