;; Crashes when a stream is opened.
(func $open_reader (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (unreachable))
(func $open_writer (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (unreachable))
